import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { targetProblems } from '../../../src/plan/scheduled-task/target-problems.ts';
import { ON_EC2, ON_FARGATE } from '../../support/task-definitions.ts';

const NETWORK = { awsvpcConfiguration: { Subnets: ['subnet-1'] } };
const ofRule = (parameters: JsonObject, input?: JsonObject): JsonObject => ({
  EcsParameters: { TaskDefinitionArn: 'web:1', ...parameters },
  ...(input && { Input: JSON.stringify(input) }),
});
const universal = (input: JsonObject): JsonObject => ({
  Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask',
  Input: JSON.stringify(input),
});

describe('targetProblems', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['a task on EC2', ofRule({}), ON_EC2, []],
    ['a task on Fargate', ofRule({ LaunchType: 'FARGATE', NetworkConfiguration: NETWORK }), ON_FARGATE, []],
    [
      'the same by RunTask',
      universal({
        LaunchType: 'FARGATE',
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
        Overrides: { ContainerOverrides: [{ Name: 'web' }, { Name: '<aws.scheduler.execution-id>' }] },
      }),
      {
        ...ON_FARGATE,
        containerDefinitions: [{ name: 'web' }, { name: '<aws.scheduler.execution-id>' }],
      },
      [],
    ],
    [
      'a definition that is not made for Fargate',
      ofRule({ LaunchType: 'FARGATE' }),
      ON_EC2,
      ['the target runs on FARGATE, and requiresCompatibilities of the task definition does not name it'],
    ],
    [
      'the same by a capacity provider',
      ofRule({ CapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] }),
      ON_EC2,
      ['the target runs on FARGATE, and requiresCompatibilities of the task definition does not name it'],
    ],
    [
      'a definition that needs a network',
      ofRule({ LaunchType: 'FARGATE' }),
      ON_FARGATE,
      ['the task definition has networkMode awsvpc, and the target no NetworkConfiguration'],
    ],
    [
      'a network that the definition can not use',
      ofRule({ NetworkConfiguration: NETWORK }),
      ON_EC2,
      ['the target has a NetworkConfiguration, and the task definition networkMode bridge'],
    ],
    [
      'an override of a container that is gone',
      ofRule({}, { containerOverrides: [{ name: 'app', command: ['crawl'] }, { name: 'web' }] }),
      ON_EC2,
      ['the target overrides container app, and the task definition has web'],
    ],
    [
      'the same by RunTask',
      universal({ overrides: { containerOverrides: [{ name: 'app' }] } }),
      ON_EC2,
      ['the target overrides container app, and the task definition has web'],
    ],
    ['an input that is no override', ofRule({}, { detail: 1 }), ON_EC2, []],
  ])('%s', (_what, target, definition, expected) => {
    expect(targetProblems(target, definition)).toEqual(expected);
  });
});
