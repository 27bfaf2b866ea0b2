import type { DeploymentConfiguration, DeploymentLifecycleHook } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Cause, Verdict } from '../../../src/plan/rollout/verdict.ts';
import type { WaitGoal } from '../../../src/plan/rollout/wait-goal.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { ecsWorldForTests, WEB } from '../../support/ecs-world.ts';
import { rejectionOf } from '../../support/failures.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { deploySecond, follow } from './follow-world.ts';

const world = ecsWorldForTests();

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const NO_ROLLBACK = { deploymentCircuitBreaker: { enable: true, rollback: false } };
const ALARMS = { alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true } };
const PULL = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found';

/** A service that runs well, and what will become of the next deployment. */
async function runningService(scenario: JsonObject, deploymentConfiguration: DeploymentConfiguration = BREAKER) {
  const { stage } = world();
  await stage.restart({ ecs: scenario });
  await stage.createService({ deploymentConfiguration });
  await stage.pass(900);
}

/** How a rolling update of the second revision can end. */
const ENDS: [string, JsonObject, DeploymentConfiguration, Verdict['state'], Cause['kind'] | undefined][] = [
  ['it is good', {}, BREAKER, 'SUCCEEDED', undefined],
  [
    'tasks fail to start',
    { tasks: [{ match: 'web:2', failToStart: PULL }] },
    BREAKER,
    'ROLLED_BACK',
    'circuit-breaker',
  ],
  [
    'tasks fail to start, and nothing is rolled back',
    { tasks: [{ match: 'web:2', failToStart: PULL }] },
    NO_ROLLBACK,
    'FAILED',
    'circuit-breaker',
  ],
  ['an alarm goes off', { deployments: [{ match: 'web:2', alarm: { after: '5s' } }] }, ALARMS, 'ROLLED_BACK', 'alarm'],
  [
    'it never comes to its end',
    { deployments: [{ match: 'web:2', stuck: 'ROLLOUT' }] },
    BREAKER,
    'TIMED_OUT',
    'time-limit',
  ],
  [
    'somebody deploys something else',
    { deployments: [{ match: 'web:2', superseded: { after: '5s', taskDefinition: 'web:1' } }] },
    BREAKER,
    'SUPERSEDED',
    'newer-deployment',
  ],
  [
    'somebody deletes the service',
    { deployments: [{ match: 'web:2', deleted: { after: '5s' } }] },
    BREAKER,
    'FAILED',
    'service-deleted',
  ],
  [
    'the rollback fails, too',
    { tasks: [{ match: 'web:2', failToStart: PULL }], deployments: [{ match: 'web:2', rollback: 'fails' }] },
    BREAKER,
    'FAILED',
    'circuit-breaker',
  ],
];

describe.each<[string, boolean]>([
  ['by its service deployment', true],
  ['by deployments[], where there are no service deployments', false],
])('a deployment is followed %s', (_how, hasServiceDeployments) => {
  beforeEach(() => {
    if (hasServiceDeployments) return;
    const { deployments: _, ...others } = world().ecs.services.poll;
    Object.assign(world().ecs.services, { poll: { ...others, deployments: () => Promise.resolve(undefined) } });
  });

  it.each(ENDS)('to its end when %s', async (_what, scenario, configuration, state, cause) => {
    await runningService(scenario, configuration);
    const { rollout } = await follow(world(), await deploySecond(world()));
    expect([rollout.verdict.state, rollout.verdict.cause?.kind]).toEqual([state, cause]);
    expect(rollout.serviceDeploymentArn !== undefined).toBe(hasServiceDeployments);
  });

  it('and the first one of a service has nothing to go back to', async () => {
    const { stage, ecs } = world();
    await stage.restart({ ecs: { tasks: [{ match: 'web', failToStart: PULL }] } });
    const created = await stage.createService({ deploymentConfiguration: BREAKER });
    const service = await ecs.services.describe(WEB);
    const [first] = service?.deployments ?? [];
    const ours = {
      id: first?.id ?? '',
      taskDefinition: first?.taskDefinition ?? '',
      createdAt: first?.createdAt,
      before: undefined,
      announced: created.currentServiceDeployment,
    };
    const { rollout } = await follow(world(), { ours, told: { ids: new Set(), since: 0 } });
    expect(rollout.verdict.state).toBe('FAILED');
  });
});

describe('E3: a deployment that was stopped because its time was over', () => {
  it('is no success, neither then nor when it is followed again', async () => {
    await runningService({ deployments: [{ match: 'web:2', stuck: 'ROLLOUT' }] });
    const deployed = await deploySecond(world());
    const { rollout, end } = await follow(world(), deployed, { timeout: 60_000 });
    expect([rollout.verdict.state, end.exitCode]).toEqual(['TIMED_OUT', 8]);
    await world().ecs.services.stopDeployment(rollout.serviceDeploymentArn ?? '', 'ROLLBACK');
    const again = await follow(world(), deployed);
    expect([again.rollout.verdict.state, again.end.exitCode]).toEqual(['ROLLED_BACK', 9]);
    expect(again.rollout.verdict.cause?.kind).toBe('stop-request');
  });
});

describe('a blue/green deployment', () => {
  const PAUSE: DeploymentLifecycleHook = { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] };
  const BLUE_GREEN: DeploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 };

  async function blueGreen(goal: WaitGoal, scenario: JsonObject = {}, more: DeploymentConfiguration = {}) {
    await runningService(scenario, { ...BLUE_GREEN, ...more });
    return follow(world(), await deploySecond(world()), { goal });
  }

  it('is followed to its end', async () => {
    const { rollout, said } = await blueGreen({ kind: 'stable' });
    expect(rollout.verdict.state).toBe('SUCCEEDED');
    expect(said).toContain('Baking: BAKE_TIME');
  });

  it('is followed to a stage, and left there', async () => {
    const { rollout, end, waitedMs } = await blueGreen({ kind: 'stage', stage: 'BAKE_TIME' });
    expect([rollout.verdict.state, end]).toEqual(['BAKING', { exitCode: 0, reached: true }]);
    expect(waitedMs).toBeLessThan(600_000);
  });

  it.each<[WaitGoal, number]>([
    [{ kind: 'paused' }, 0],
    [{ kind: 'stable' }, 12],
  ])('that pauses, when %j is asked for, ends with exit code %i', async (goal, exitCode) => {
    const { rollout, end } = await blueGreen(goal, {}, { lifecycleHooks: [PAUSE] });
    expect([rollout.verdict.state, end.exitCode]).toEqual(['PAUSED', exitCode]);
    expect(rollout.verdict.hook?.kind).toBe('PAUSE');
  });

  it('is told with its hook when that fails', async () => {
    const hookTargetArn = 'arn:aws:lambda:eu-central-1:123456789012:function:smoke';
    const lambda = {
      hookTargetArn,
      roleArn: 'arn:aws:iam::123456789012:role/hook',
      lifecycleStages: ['POST_SCALE_UP' as const],
    };
    const scenario = { deployments: [{ match: 'web:2', hooks: [{ results: ['FAILED'] }] }] };
    const { rollout } = await blueGreen({ kind: 'stable' }, scenario, { lifecycleHooks: [lambda] });
    expect(rollout.verdict).toMatchObject({
      state: 'ROLLED_BACK',
      cause: { kind: 'hook', text: 'the hook smoke failed' },
    });
  });
});

describe('what happens is told', () => {
  it('events once each, and none from before', async () => {
    await runningService({});
    const { said, events } = await follow(world(), await deploySecond(world()));
    const messages = events.map(({ message }) => message);
    expect(said.filter((line) => line.startsWith('(service web)'))).toEqual(messages);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(messages.at(-1)).toMatch(/steady state/);
    expect(events.length).toBeLessThan(10);
  });

  it('a rollback with its cause, while it goes on', async () => {
    await runningService({ tasks: [{ match: 'web:2', failToStart: PULL }] });
    const { said } = await follow(world(), await deploySecond(world()));
    expect(said).toContain('Rolling back, because the circuit breaker counted 3 failed tasks (threshold 3)');
  });

  it('at least every minute', async () => {
    await runningService({ deployments: [{ match: 'web:2', stuck: 'ROLLOUT' }] });
    const { said } = await follow(world(), await deploySecond(world()), { timeout: 1_800_000 });
    expect(said.filter((line) => line.startsWith('Still: In progress')).length).toBeGreaterThan(25);
  });
});

describe('calls', () => {
  it('are at most 12 in any minute', async () => {
    const { stage } = world();
    await runningService({ deployments: [{ match: 'web:2', stuck: 'ROLLOUT' }] });
    const deployed = await deploySecond(world());
    const clock = drivingClock(stage.localAws.control);
    const times: number[] = [];
    const { poll } = world().ecs.services;
    const counted = Object.fromEntries(
      Object.entries(poll).map(([name, call]) => [
        name,
        (...args: never[]) => {
          times.push(clock.now().getTime());
          return (call as (...all: never[]) => unknown)(...args);
        },
      ]),
    );
    Object.assign(world().ecs.services, { poll: counted });
    await follow(world(), deployed, { clock, timeout: 1_200_000 });
    const inAMinute = times
      .slice(0, -1)
      .map((from) => times.filter((time) => time >= from && time < from + 60_000).length);
    expect(times.length).toBeGreaterThan(100);
    expect(Math.max(...inAMinute)).toBeLessThanOrEqual(12);
  });

  it.each(['throttle', '500', 'reset-before', 'reset-after-apply'] as const)(
    'that end in %s are repeated later',
    async (kind) => {
      const { stage } = world();
      await runningService({});
      const deployed = await deploySecond(world());
      for (const nth of [1, 2])
        stage.localAws.control.addFault({ operation: 'ecs:DescribeServiceDeployments', kind, nth });
      const { rollout, said } = await follow(world(), deployed);
      expect(rollout.verdict.state).toBe('SUCCEEDED');
      expect(said.filter((line) => line.endsWith('; asking less often'))).toHaveLength(1);
    },
  );

  it('that are not allowed end the wait at once', async () => {
    await runningService({}, { strategy: 'BLUE_GREEN' });
    const deployed = await deploySecond(world());
    deny('ecs:ListServiceDeployments');
    const { exitCode, title } = await rejectionOf(follow(world(), deployed));
    expect([exitCode, title]).toEqual([3, 'not allowed: ecs:ListServiceDeployments on web']);
    expect(callsOf('ecs:ListServiceDeployments')).toBe(1);
  });

  it.each(['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments'])(
    'to %s that are not allowed are done without for a rolling update, which is said once',
    async (call) => {
      await runningService({ tasks: [{ match: 'web:2', failToStart: PULL }] });
      const deployed = await deploySecond(world());
      deny(call);
      const { rollout, said } = await follow(world(), deployed);
      expect([rollout.verdict.state, rollout.verdict.cause?.kind]).toEqual(['ROLLED_BACK', 'circuit-breaker']);
      expect(said.filter((line) => line.startsWith('not allowed'))).toEqual([
        `not allowed: ${call} on web; what ecs:DescribeServices tells of the rollout decides instead`,
      ]);
      expect(callsOf(call)).toBe(1);
    },
  );

  it('to DescribeServices that are not allowed end the wait also of a rolling update', async () => {
    await runningService({});
    const deployed = await deploySecond(world());
    deny('ecs:DescribeServices');
    const { exitCode, title } = await rejectionOf(follow(world(), deployed));
    expect([exitCode, title]).toEqual([3, 'not allowed: ecs:DescribeServices on web']);
  });

  function deny(action: string): void {
    const { control } = world().stage.localAws;
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action }] } });
    control.clearRequests();
  }

  function callsOf(call: string): number {
    return operationsOf(world().stage.localAws).filter((operation) => operation === call).length;
  }
});
