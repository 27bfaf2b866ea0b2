import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { taskDefinitionHash } from '../../../src/plan/task-definition/canonical.ts';
import type { DescribedTaskDefinition } from '../../../src/plan/task-definition/described.ts';
import { planTaskDefinition, type TaskDefinitionPlan } from '../../../src/plan/task-definition/next-revision.ts';
import { tagMap, taskDefinitionTag, withLastingTags, withTags } from '../../../src/plan/task-definition/tags.ts';
import { DIGEST } from '../../support/definitions.ts';
import { ON_EC2, ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';

function described(definition: JsonObject): DescribedTaskDefinition {
  return {
    arn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7',
    family: 'web',
    revision: 7,
    status: 'ACTIVE',
    definition,
  };
}

function plan(
  desired: JsonObject,
  newest?: JsonObject,
  pipelineNumber?: number,
  allowOlder = false,
): TaskDefinitionPlan {
  const facts = { gitSha: 'abc', pipelineNumber };
  return planTaskDefinition({ desired, newest: newest && described(newest), facts, allowOlder });
}

const BY_PIPELINE_9 = withTags(ON_FARGATE, {
  team: 'a',
  'aws-deploy:pipeline': '9',
  'aws-deploy:definition-hash': 'x',
});
const CHANGED = withTags(withTaskContainer(ON_FARGATE, { image: 'ghcr.io/acme/web:2' }), { team: 'a' });

describe('nothing is registered', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['when the newest revision says the same', ON_FARGATE, ON_FARGATE],
    [
      'whoever registered it',
      ON_FARGATE,
      withTags(ON_FARGATE, { 'aws-deploy:git-sha': 'other', 'aws-deploy:pipeline': '99' }),
    ],
    [
      'when only ECS gives it back otherwise than it was sent, in a way that nobody knows',
      ON_EC2,
      withTags({ ...ON_EC2, filledInByAws: true }, { 'aws-deploy:definition-hash': taskDefinitionHash(ON_EC2) }),
    ],
  ])('%s', (_when, desired, newest) => {
    expect(plan(desired, newest).kind).toBe('nothing');
  });
});

describe('a revision is registered', () => {
  it('when something differs, with the difference', () => {
    expect(plan(CHANGED, BY_PIPELINE_9, 10)).toMatchObject({
      kind: 'register',
      diff: [
        `- containerDefinitions[web].image: "ghcr.io/acme/web@${DIGEST}"`,
        '+ containerDefinitions[web].image: "ghcr.io/acme/web:2"',
      ],
      foreign: false,
    });
  });

  it('when a tag of the user differs, although the hash is the same', () => {
    const newest = withTags(ON_EC2, {
      team: 'a',
      'aws-deploy:definition-hash': taskDefinitionHash(withTags(ON_EC2, { team: 'b' })),
    });
    expect(plan(withTags(ON_EC2, { team: 'b' }), newest).kind).toBe('register');
  });

  it('when there is none, as the first', () => {
    expect(plan(ON_EC2)).toMatchObject({ kind: 'register', foreign: false });
  });

  it('with our tags beside those of the user, and none of the revision before', () => {
    const desired = withTags(ON_FARGATE, { team: 'b', 'aws-deploy:verified': '2026', 'aws-deploy:git-sha': 'old' });
    const planned = plan(desired, BY_PIPELINE_9, 10);
    expect(planned.kind === 'register' && tagMap(planned.definition)).toEqual({
      team: 'b',
      'aws-deploy:git-sha': 'abc',
      'aws-deploy:pipeline': '10',
      'aws-deploy:image-digest': DIGEST,
      'aws-deploy:definition-hash': taskDefinitionHash(desired),
    });
  });

  it('and it is said when something else registers revisions, too', () => {
    expect(plan(CHANGED, ON_FARGATE)).toMatchObject({ kind: 'register', foreign: true });
  });

  it('by an older pipeline only when that is asked for', () => {
    expect(plan(CHANGED, BY_PIPELINE_9, 8)).toMatchObject({ kind: 'superseded', byPipeline: 9 });
    expect(plan(CHANGED, BY_PIPELINE_9, 8, true).kind).toBe('register');
  });

  it('by something that is no pipeline, whatever pipelines did', () => {
    expect(plan(CHANGED, BY_PIPELINE_9).kind).toBe('register');
  });
});

describe('tags', () => {
  it('of ours are found by their short name', () => {
    expect(taskDefinitionTag(BY_PIPELINE_9, 'pipeline')).toBe('9');
  });

  it('that were earned by one revision do not last', () => {
    const earned = withTags(ON_EC2, {
      team: 'a',
      'aws-deploy:verified': '1',
      'aws-deploy:rejected': '2',
      'aws-deploy:pipeline': '3',
    });
    expect(tagMap(withLastingTags(earned))).toEqual({ team: 'a', 'aws-deploy:pipeline': '3' });
  });

  it('that are none leave no empty list', () => {
    expect(withTags({ ...ON_EC2, tags: [{ key: 'a', value: 'b' }] }, {})).toEqual(ON_EC2);
  });
});
