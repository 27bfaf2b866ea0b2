import { describe, expect, it } from '@jest/globals';

import type { JsonObject, JsonValue } from '../../../../src/core/json.ts';
import { ecsScenarioProblems } from '../../../../src/local-aws/ecs/scenario/problems.ts';

function ofTask(rule: JsonObject): string[] {
  return ecsScenarioProblems({ tasks: [{ match: 'web', ...rule }] });
}

function ofDeployment(rule: JsonObject): string[] {
  return ecsScenarioProblems({ deployments: [{ match: 'web', ...rule }] });
}

describe('a scenario for ECS', () => {
  it('may say all of this', () => {
    const scenario: JsonObject = {
      unknownMembers: 'keep',
      tasks: [
        { match: 'web', cluster: 'demo', image: '*:bad', times: 2, failToStart: 'CannotPullContainerError: x' },
        { match: 'web', noCapacity: 'RESOURCE:MEMORY' },
        { match: 'web', stuck: 'PENDING' },
        { match: 'web', health: 'never', durations: { PENDING: '2s', HEALTHY: 0, UNHEALTHY: '1m', RUNNING: '1h' } },
        {
          match: 'web',
          exit: { after: '5s', from: 'HEALTHY', exitCode: 3, exitCodes: { app: 1 }, reason: 'OutOfMemoryError: x' },
          log: ['a', ''],
        },
        { match: 'web', exit: { stopCode: 'SpotInterruption', stoppedReason: 'x' } },
      ],
      deployments: [
        { match: 'web', stuck: 'ROLLOUT' },
        { match: 'demo/web', alarm: { after: '20s', name: '5xx', atStart: true } },
        {
          match: 'web',
          hooks: [{ stage: 'PRE_SCALE_UP', target: '*:check', results: ['IN_PROGRESS', 'FAILED'], takes: '1s' }],
        },
        { match: 'web', fails: { after: '1m', reason: 'x', rollback: false }, rollback: 'fails' },
        { match: 'web', superseded: { after: '1m', taskDefinition: 'web:1' }, deleted: { after: '2m' } },
        { match: 'web', durations: { PENDING: '1s', BAKE_TIME: '1s', ROLLBACK: '1s' } },
      ],
    };
    expect(ecsScenarioProblems(scenario)).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [{ task: [] }, '"ecs" has no member "task", only "deployments", "tasks" and "unknownMembers".'],
    [{ unknownMembers: true }, '"ecs.unknownMembers" must be "drop" or "keep".'],
    [{ tasks: {} }, '"ecs.tasks" must be a list of rules.'],
    [{ tasks: ['web'] }, '"ecs.tasks[0]" must be an object.'],
    [{ deployments: [{}] }, '"ecs.deployments[0]" needs "match".'],
  ])('%j is told', (scenario, problem) => {
    expect(ecsScenarioProblems(scenario)).toEqual([problem]);
  });

  it.each<[string, JsonValue, string]>([
    ['match', 1, '"match" must be text.'],
    ['times', 0, '"times" must be a whole number from 1.'],
    ['failToStart', true, '"failToStart" must be text.'],
    ['stuck', 'RUNNING', '"stuck" must be one of "PROVISIONING", "PENDING", "ACTIVATING".'],
    ['health', 'bad', '"health" must be one of "never".'],
    ['log', 'x', '"log" must be a list of lines.'],
    ['imageDigest', 'sha256:12', '"imageDigest" must be "platform", or a digest like sha256:… with 64 hex digits.'],
    ['exit', 3, '"exit" must be an object.'],
    ['exit', { exitCode: 256 }, '"exit": "exitCode" must be a number from 0 to 255.'],
    [
      'exit',
      { exitCodes: { app: 'x' } },
      '"exit": "exitCodes" must be an object with a number from 0 to 255 for each container.',
    ],
    ['exit', { after: 'soon' }, '"exit": "after" must be milliseconds, or like "90s", "15m".'],
    ['durations', [], '"durations" must be an object, like {"PROVISIONING": "2s"}.'],
    ['durations', { PENDING: 'x' }, '"durations": "PENDING" must be milliseconds, or like "90s", "15m".'],
  ])('a rule for tasks with %s %j is told', (member, value, problem) => {
    expect(ofTask({ [member]: value })).toEqual([`"ecs.tasks[0]": ${problem}`]);
  });

  it.each<[string, JsonValue, RegExp]>([
    ['stuck', 'SCALE', /"stuck" must be one of "ROLLOUT", "RECONCILE_SERVICE", /],
    ['alarm', { atStart: 'yes' }, /"alarm": "atStart" must be true or false\.$/],
    ['hooks', {}, /"hooks" must be a list\.$/],
    ['hooks', [{}], /"hooks"\[0\] needs "results"\.$/],
    [
      'hooks',
      [{ results: ['OK'] }],
      /"hooks"\[0\]: "results" must be a list of SUCCEEDED, FAILED, IN_PROGRESS, INVALID\.$/,
    ],
    ['hooks', [{ results: [] }], /"results" must be a list of/],
    ['fails', {}, /"fails" needs "reason"\.$/],
    ['rollback', true, /"rollback" must be one of "fails", "stuck"\.$/],
    ['durations', { STOPPED: 1 }, /"durations" has no "STOPPED", only PENDING, /],
    ['durations', { SCALE_UP: -1 }, /"durations": "SCALE_UP" must be milliseconds/],
  ])('a rule for deployments with %s %j is told', (member, value, problem) => {
    expect(ofDeployment({ [member]: value })).toEqual([expect.stringMatching(problem)]);
  });

  it('a misspelled member is told with those that there are', () => {
    const [problem] = ofTask({ fail: 'x' });
    expect(problem).toMatch(/^"ecs\.tasks\[0\]" has no member "fail", only match, cluster, image, times, /);
  });
});
