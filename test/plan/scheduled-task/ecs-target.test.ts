import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import {
  chooseEcsTarget,
  hasUnreadableInput,
  isEcsTarget,
  taskDefinitionOf,
  withTaskDefinition,
} from '../../../src/plan/scheduled-task/ecs-target.ts';
import { failureOf } from '../../support/failures.ts';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web';
const CLUSTER = 'arn:aws:ecs:eu-west-1:123456789012:cluster/demo';
const RUN_TASK = 'arn:aws:scheduler:::aws-sdk:ecs:runTask';

const templated = (TaskDefinitionArn: string): JsonObject => ({
  Id: 'tasks',
  Arn: CLUSTER,
  FutureField: { kept: true },
  EcsParameters: { TaskDefinitionArn, TaskCount: 2, FutureParameter: 1 },
});
const universal = (input: JsonObject): JsonObject => ({ Arn: RUN_TASK, RoleArn: 'r', Input: JSON.stringify(input) });

describe('withTaskDefinition', () => {
  it.each<[string, JsonObject, string, JsonObject]>([
    ['a cluster as target', templated(`${ARN}:1`), `${ARN}:2`, templated(`${ARN}:2`)],
    ['a cluster as target, by family', templated(`${ARN}:1`), ARN, templated(ARN)],
    ['the same revision, written otherwise', templated('web:2'), `${ARN}:2`, templated('web:2')],
    [
      'RunTask as target',
      universal({ Cluster: 'demo', TaskDefinition: `${ARN}:1`, FutureField: 1 }),
      `${ARN}:2`,
      universal({ Cluster: 'demo', TaskDefinition: `${ARN}:2`, FutureField: 1 }),
    ],
    [
      'RunTask as target, in the spelling that is there',
      universal({ taskDefinition: 'web:1' }),
      `${ARN}:2`,
      universal({ taskDefinition: `${ARN}:2` }),
    ],
    ['RunTask as target, by family', universal({ TaskDefinition: 'web:1' }), ARN, universal({ TaskDefinition: 'web' })],
  ])('%s: all else stays', (_what, before, arn, after) => {
    expect(withTaskDefinition(before, arn)).toEqual(after);
  });

  it('leaves the text of an Input alone that says the same', () => {
    const target = { Arn: RUN_TASK, Input: '{ "TaskDefinition" : "web:2" }' };
    expect(withTaskDefinition(target, `${ARN}:2`)).toBe(target);
  });
});

describe('taskDefinitionOf', () => {
  it.each<[string, JsonObject, string | undefined]>([
    ['a cluster', templated(`${ARN}:1`), `${ARN}:1`],
    ['RunTask', universal({ TaskDefinition: 'web:1' }), 'web:1'],
    ['RunTask in camel case', universal({ taskDefinition: 'web:1' }), 'web:1'],
    ['RunTask without one', universal({ Cluster: 'demo' }), undefined],
  ])('of %s', (_what, target, expected) => {
    expect(taskDefinitionOf(target)).toBe(expected);
  });
});

describe('isEcsTarget', () => {
  it.each<[JsonObject, boolean]>([
    [templated('web:1'), true],
    [universal({}), true],
    [{ Arn: RUN_TASK.replace('aws:', 'aws-cn:'), Input: '{}' }, true],
    [{ Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob', Input: '{}' }, false],
    [{ Arn: 'arn:aws:scheduler:::aws-sdk:ecs:stopTask', Input: '{}' }, false],
    [{ Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:tell' }, false],
  ])('%j: %s', (target, expected) => {
    expect(isEcsTarget(target)).toBe(expected);
  });
});

describe('hasUnreadableInput', () => {
  it.each<[JsonObject, boolean]>([
    [{ Arn: RUN_TASK, Input: '[]' }, true],
    [{ Arn: RUN_TASK, Input: '{' }, true],
    [{ Arn: RUN_TASK, Input: '{}' }, false],
    [{ ...templated('web:1'), Input: '"a text"' }, false],
  ])('%j: %s', (target, expected) => {
    expect(hasUnreadableInput(target)).toBe(expected);
  });
});

describe('chooseEcsTarget', () => {
  const [one, other] = [templated('web:1'), { ...templated('crawl:1'), Id: 'crawls' }];
  const topic = { Id: 'tell', Arn: 'arn:aws:sns:eu-west-1:123456789012:nights' };

  it('is the only one that runs tasks, or the one that is named', () => {
    expect(chooseEcsTarget('nightly', [topic, one], undefined)).toBe(one);
    expect(chooseEcsTarget('nightly', [topic, one, other], 'crawls')).toBe(other);
    expect(chooseEcsTarget('nightly', [topic], undefined)).toBeUndefined();
  });

  it('with several, and none named, says which there are', () => {
    const { exitCode, hints } = failureOf(() => chooseEcsTarget('nightly', [one, topic, other], undefined));
    expect({ exitCode, hints }).toEqual({ exitCode: 2, hints: ['Give rule_target_id, one of: tasks, crawls.'] });
  });

  it('that does something else is refused', () => {
    const { exitCode, title } = failureOf(() => chooseEcsTarget('nightly', [one, topic], 'tell'));
    expect({ exitCode, title }).toEqual({
      exitCode: 2,
      title: `target tell of rule nightly runs no ECS task: ${topic.Arn}`,
    });
  });
});
