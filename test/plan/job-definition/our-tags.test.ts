import { describe, expect, it } from '@jest/globals';
import { hasOurTags, lastingTags, ourTag, ourTags, withoutOurTags } from '../../../src/plan/job-definition/our-tags.ts';

const NO_FACTS = { gitSha: undefined, pipelineNumber: undefined, imageDigest: undefined, scriptSha256: undefined };

describe('ourTags', () => {
  it('says all that is known', () => {
    const facts = { gitSha: 'abc', pipelineNumber: 12, imageDigest: 'sha256:1', scriptSha256: '2' };
    expect(ourTags(facts, 'hash')).toEqual({
      'aws-deploy:git-sha': 'abc',
      'aws-deploy:pipeline': '12',
      'aws-deploy:image-digest': 'sha256:1',
      'aws-deploy:script-sha256': '2',
      'aws-deploy:definition-hash': 'hash',
    });
  });

  it('leaves out what is not known', () => {
    expect(ourTags(NO_FACTS, 'hash')).toEqual({ 'aws-deploy:definition-hash': 'hash' });
  });
});

describe('reading them', () => {
  it('one by its name', () => {
    expect(ourTag({ tags: { 'aws-deploy:pipeline': '12', pipeline: '13' } }, 'pipeline')).toBe('12');
  });

  it.each([[{}], [{ tags: null }], [{ tags: {} }], [{ tags: { 'aws-deploy:pipeline': 12 } }]])(
    'undefined in %j',
    (definition) => {
      expect(ourTag(definition, 'pipeline')).toBeUndefined();
    },
  );

  it('a definition is ours by its hash alone', () => {
    expect(hasOurTags({ tags: { 'aws-deploy:definition-hash': 'x' } })).toBe(true);
    expect(hasOurTags({ tags: { 'aws-deploy:rejected': 'x' } })).toBe(false);
  });
});

it('withoutOurTags keeps those of users', () => {
  expect(withoutOurTags({ tags: { a: '1', 'aws-deploy:git-sha': '2' } })).toEqual({ tags: { a: '1' } });
});

it('lastingTags leaves out what one revision earned', () => {
  const tags = { a: '1', 'aws-deploy:git-sha': '2', 'aws-deploy:verified': 'x', 'aws-deploy:rejected': 'x' };
  expect(lastingTags({ tags })).toEqual({ a: '1', 'aws-deploy:git-sha': '2' });
  expect(lastingTags({})).toEqual({});
});
