import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { serviceUpdate, updateDiff } from '../../../src/plan/service/update-request.ts';

const SETTINGS: JsonObject = {
  desiredCount: 2,
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
  deploymentConfiguration: {
    strategy: 'ROLLING',
    minimumHealthyPercent: 100,
    deploymentCircuitBreaker: { enable: true, rollback: true },
  },
};

describe('an update has only what says something new', () => {
  it.each<[string, number | undefined, JsonObject | undefined, JsonObject]>([
    ['nothing is asked', undefined, undefined, {}],
    ['the count is as asked', 2, undefined, {}],
    ['the count differs', 3, undefined, { desiredCount: 3 }],
    ['no tasks are asked for', 0, undefined, { desiredCount: 0 }],
    ['what is asked of the configuration is there', undefined, { deploymentCircuitBreaker: { enable: true } }, {}],
    [
      'a member of the configuration differs',
      undefined,
      { strategy: 'BLUE_GREEN' },
      { deploymentConfiguration: { strategy: 'BLUE_GREEN' } },
    ],
    [
      'a member of the configuration is new',
      undefined,
      { bakeTimeInMinutes: 5 },
      { deploymentConfiguration: { bakeTimeInMinutes: 5 } },
    ],
    ['a list differs', undefined, { lifecycleHooks: [] }, { deploymentConfiguration: { lifecycleHooks: [] } }],
  ])('when %s', (_what, desiredCount, deploymentConfiguration, update) => {
    expect(serviceUpdate(SETTINGS, { desiredCount, deploymentConfiguration })).toEqual(update);
  });
});

it('the diff has what was and what will be', () => {
  const taskDefinition = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:2';
  expect(updateDiff(SETTINGS, { taskDefinition, desiredCount: 3, forceNewDeployment: true })).toEqual([
    '- taskDefinition: web:1',
    '+ taskDefinition: web:2',
    '- desiredCount: 2',
    '+ desiredCount: 3',
    '+ forceNewDeployment: true',
  ]);
});

it('of an object only the members that change are told, because ECS keeps the others', () => {
  const settings = { deploymentConfiguration: { maximumPercent: 200, strategy: 'ROLLING' } };
  expect(updateDiff(settings, { deploymentConfiguration: { maximumPercent: 150, bakeTimeInMinutes: 5 } })).toEqual([
    '- deploymentConfiguration: {"maximumPercent":200}',
    '+ deploymentConfiguration: {"maximumPercent":150,"bakeTimeInMinutes":5}',
  ]);
  expect(updateDiff(settings, { deploymentConfiguration: { bakeTimeInMinutes: 5 } })).toEqual([
    '+ deploymentConfiguration: {"bakeTimeInMinutes":5}',
  ]);
});

it('what is called a secret is not shown', () => {
  const logConfiguration = { logDriver: 'splunk', options: { 'splunk-token': 'abcdefgh', 'splunk-url': 'https://s' } };
  expect(updateDiff({}, { serviceConnectConfiguration: { enabled: true, logConfiguration } })).toEqual([
    '+ serviceConnectConfiguration: {"enabled":true,"logConfiguration":{"logDriver":"splunk","options":{"splunk-token":"****","splunk-url":"https://s"}}}',
  ]);
});
