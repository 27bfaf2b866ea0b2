import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import type { DescribedTaskDefinition } from '../../../src/plan/task-definition/described.ts';
import { mergeTaskDefinitions, settleTaskDefinition } from '../../../src/plan/task-definition/meanwhile.ts';
import { tagMap, withTags } from '../../../src/plan/task-definition/tags.ts';
import { ON_EC2, ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';

const tagged = (tags: Readonly<Record<string, string>>): JsonObject => withTags(ON_EC2, tags);

describe('two releases that started from the same definition', () => {
  it('that changed two containers: both changes are there', () => {
    const one = withTaskContainer(ON_FARGATE, { image: 'a:2' }, 0);
    const other = withTaskContainer(ON_FARGATE, { image: 'b:2' }, 1);
    expect(mergeTaskDefinitions(ON_FARGATE, one, other)).toEqual(withTaskContainer(one, { image: 'b:2' }, 1));
  });

  it('tags are known by their keys, and ours are left out', () => {
    const [start, one, other] = [
      { a: '1', gone: 'x' },
      { a: '1', b: '2', gone: 'x' },
      { a: '3', 'aws-deploy:git-sha': 'abc' },
    ].map(tagged);
    expect(tagMap(mergeTaskDefinitions(start!, one!, other!))).toEqual({ a: '3', b: '2' });
  });

  it('without tags there are none afterwards', () => {
    expect(mergeTaskDefinitions(ON_EC2, ON_EC2, ON_EC2)).toEqual(ON_EC2);
  });
});

describe('what became of a revision while others registered theirs', () => {
  const revision = (number: number, command: string, pipeline?: number): DescribedTaskDefinition => ({
    arn: `arn:${number}`,
    family: 'web',
    revision: number,
    status: 'ACTIVE',
    definition: withTags(withTaskContainer(ON_EC2, { command: [command] }), {
      ...(pipeline === undefined ? {} : { 'aws-deploy:pipeline': String(pipeline) }),
    }),
  });
  const settled = (active: readonly DescribedTaskDefinition[], more: object = {}) =>
    settleTaskDefinition({ ours: 3, above: 1, carried: true, active, allowOlder: false, ...more });
  const ours = revision(3, 'ours', 10);

  it.each<[string, readonly DescribedTaskDefinition[], object, object]>([
    ['nothing came: it stands', [ours], {}, { kind: 'stands' }],
    ['the same came after it: it stands', [ours, revision(4, 'ours', 11)], {}, { kind: 'stands' }],
    ['a newer pipeline came after it', [ours, revision(4, 'x', 11)], {}, { kind: 'superseded' }],
    ['an older pipeline came after it', [ours, revision(4, 'x', 9)], {}, { kind: 'again', from: { revision: 4 } }],
    ['a newer pipeline came before it', [revision(2, 'x', 11), ours], {}, { kind: 'give-way', to: { revision: 2 } }],
    ['that is what was wanted', [revision(2, 'x', 11), ours], { allowOlder: true, carried: false }, { kind: 'stands' }],
    ['an older pipeline came before it', [revision(2, 'x', 9), ours], {}, { kind: 'again', from: { revision: 2 } }],
    ['a file is the whole truth', [revision(2, 'x', 9), ours], { carried: false }, { kind: 'stands' }],
    ['somebody by hand came before it', [revision(2, 'x'), ours], {}, { kind: 'again', from: { revision: 2 } }],
  ])('%s', (_what, active, more, expected) => {
    expect(settled(active, more)).toMatchObject(expected);
  });
});
