import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { continueDeployment } from '../../../src/actions/continue-deployment.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { alteringProxy } from '../../aws/altering-proxy.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { PULL, runningService, STUCK } from '../ecs/judge-world.ts';
import { continued, continueWorld } from './continue-world.ts';
import { deployNext, jobAfter, PAUSED, PAUSED_TWICE, tagsOf } from './service-run.ts';

const world = ecsWorldForTests();
const stage = () => world().stage;
const { proceed, paused, end, endAll } = continueWorld(world);

describe('a deployment that is paused', () => {
  it('is continued once and followed to its proven end', async () => {
    const { hookIds, arn, id } = await paused();
    const run = await proceed();
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      component: 'web',
      changes: [
        {
          resource: arn,
          kind: 'updated',
          diff: [`- ${hookIds[0]}: AWAITING_ACTION`, `+ ${hookIds[0]}: CONTINUE`],
        },
      ],
      outputs: { deploymentId: id, serviceDeploymentArn: arn, deploymentStatus: 'SUCCEEDED', verified: true },
    });
    expect(continued(run)).toBe(1);
    expect(await tagsOf(world(), 'web:2')).toHaveProperty('aws-deploy:verified');
  });

  it('says who decides what, and what would have become of it', async () => {
    const { hookIds } = await paused();
    const { lifecycleHookDetails = [] } = await stage().deployment();
    const expiresAt = lifecycleHookDetails[0]?.expiresAt?.toISOString();
    const { said } = await proceed([], {
      env: {
        CIRCLECI: 'true',
        CIRCLE_BUILD_NUM: '17',
        CIRCLE_PROJECT_REPONAME: 'web',
        AWS_DEPLOY_PIPELINE_NUMBER: '42',
      },
    });
    expect(said).toContain(
      `Continuing at the pause ${hookIds[0]} (POST_TEST_TRAFFIC_SHIFT), which would have been rolled back at ${expiresAt}; ` +
        'decided by job 17 of pipeline 42 of web',
    );
  });

  it('is rejected, and that it was rolled back is success', async () => {
    const { arn } = await paused();
    const run = await proceed(['--decision', 'reject']);
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      outputs: { deploymentStatus: 'ROLLED_BACK', taskDefinitionArn: expect.stringMatching(/web:2$/), verified: false },
    });
    expect(continued(run)).toBe(1);
    expect((await stage().deployment()).serviceDeploymentArn).toBe(arn);
    expect((await stage().service()).taskDefinition).toMatch(/web:1$/);
    expect(await tagsOf(world(), 'web:2')).toHaveProperty('aws-deploy:rejected');
  });

  it('and fails after it was continued, is exit code 9 with the reason', async () => {
    const alarms = { enable: true, rollback: true, alarmNames: ['errors'] };
    const scenario = { deployments: [{ match: 'web:2', alarm: { name: 'errors', after: '20m' } }] };
    await paused({ ...PAUSED, alarms, bakeTimeInMinutes: 10 }, scenario);
    const { result } = await proceed();
    expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([9, 'ROLLED_BACK']);
  });

  it('is not waited for when wait_until says so', async () => {
    await paused();
    const { result } = await proceed(['--wait-until', 'none']);
    expect(result).toMatchObject({ exitCode: 0, status: 'changed' });
    expect((await stage().deployment()).status).toBe('IN_PROGRESS');
  });

  it('of a rolling update is continued as well', async () => {
    await paused({ lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_SCALE_UP'] }] });
    expect((await proceed()).result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  });
});

it('a pause that an old answer shows once more, after it was ended, is not taken for one further on', async () => {
  const { hookIds } = await paused();
  let old: JsonObject | undefined;
  let after = 0;
  const { endpoint } = await alteringProxy(stage().localAws.endpoint, (answer) => {
    if (!Array.isArray(answer['serviceDeployments']) || !('failures' in answer)) return answer;
    if (JSON.stringify(answer).includes('AWAITING_ACTION')) old ??= answer;
    else after += 1;
    return after === 2 && old ? old : answer;
  });
  const run = await proceed([], { env: { AWS_ENDPOINT_URL: endpoint } });
  expect(after).toBeGreaterThan(2);
  expect(run.result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  expect(hookIds).toHaveLength(1);
  expect(continued(run)).toBe(1);
});

describe('a second pause further on', () => {
  it('is exit code 12 with its hook, and is not ended', async () => {
    const { hookIds } = await paused(PAUSED_TWICE);
    const run = await proceed();
    expect(run.result).toMatchObject({ exitCode: 12, outputs: { deploymentStatus: 'PAUSED' } });
    expect(run.result.outputs['hookId']).not.toBe(hookIds[0]);
    expect(continued(run)).toBe(1);
  });

  it('is what was asked for when wait_until is paused', async () => {
    const { hookIds } = await paused(PAUSED_TWICE);
    const { result } = await proceed(['--wait-until', 'paused']);
    expect([result.exitCode, result.outputs['stage']]).toEqual([0, 'POST_PRODUCTION_TRAFFIC_SHIFT']);
    expect(result.outputs['hookId']).not.toBe(hookIds[0]);
  });

  it.each([
    [
      'that was named',
      async ({ hookIds }: { hookIds: string[] }) => ({ args: ['--hook-id', hookIds[0] ?? ''], env: {} }),
    ],
    [
      'at which the workflow stopped',
      async ({ hookIds, id }: { hookIds: string[]; id: string }) => {
        const { serviceArn = '' } = await stage().service();
        const outputs = { serviceArn, deploymentId: id, hookId: hookIds[0] ?? '' };
        return { args: [], env: await jobAfter(await tempFolder(), { action: 'deploy-service', outputs }) };
      },
    ],
  ])('is not ended by a run whose pause, %s, was ended before', async (_, how) => {
    const first = await paused(PAUSED_TWICE);
    await end(first.arn, first.hookIds[0]);
    await stage().pass(900);
    const { args, env } = await how(first);
    const run = await proceed(args, { env });
    expect([run.result.exitCode, continued(run)]).toEqual([12, 0]);
    expect((await stage().deployment()).lifecycleHookDetails).toMatchObject([{ status: 'AWAITING_ACTION' }]);
  });
});

describe('a deployment that does not wait', () => {
  it('has not come to its pause yet: it is followed there and continued', async () => {
    await paused();
    await endAll();
    await deployNext(world(), 'c');
    const run = await proceed();
    expect(run.result).toMatchObject({ exitCode: 0, status: 'changed', outputs: { deploymentStatus: 'SUCCEEDED' } });
    expect(continued(run)).toBe(1);
  });

  it('and does not come to one in time is exit code 8, with nothing ended', async () => {
    await runningService(world(), STUCK);
    await deployNext(world(), 'b');
    const run = await proceed(['--timeout', '2m']);
    expect([run.result.exitCode, run.result.status, continued(run)]).toEqual([8, 'failed', 0]);
  });

  it('and has no pause comes to its end, and that is said', async () => {
    await runningService(world());
    await deployNext(world(), 'b');
    const run = await proceed();
    expect(run.result).toMatchObject({ exitCode: 0, status: 'unchanged', outputs: { deploymentStatus: 'SUCCEEDED' } });
    expect(continued(run)).toBe(0);
  });

  it.each([
    ['continue', 'came out', 0],
    ['reject', 'came out', 10],
    ['continue', 'was rolled back', 9],
    ['reject', 'was rolled back', 0],
  ] as const)('and is to %s, but %s already, is exit code %i', async (decision, how, exitCode) => {
    const { arn, hookIds } = await paused();
    const action = how === 'came out' ? 'CONTINUE' : 'ROLLBACK';
    await end(arn, hookIds[0], action);
    await stage().pass(1800);
    const run = await proceed(['--decision', decision]);
    expect([run.result.exitCode, continued(run)]).toEqual([exitCode, 0]);
  });

  it('is not there at all under such a name: exit code 5', async () => {
    await paused();
    const run = await proceed(['--deployment', 'ecs-svc/42']);
    expect([run.result.exitCode, continued(run)]).toEqual([5, 0]);
  });
});

describe('several pauses at once', () => {
  const TWO: DeploymentConfiguration = {
    strategy: 'BLUE_GREEN',
    lifecycleHooks: [
      { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] },
      {
        targetType: 'PAUSE',
        lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
        timeoutConfiguration: { timeoutInMinutes: 60 },
      },
    ],
  };

  it('are exit code 2 with their ids, and none is ended', async () => {
    const { hookIds } = await paused(TWO);
    const run = await proceed();
    expect(run.result).toMatchObject({
      exitCode: 2,
      error: { hints: expect.arrayContaining([`They are ${hookIds.join(', ')}.`]) },
    });
    expect([hookIds.length, continued(run)]).toEqual([2, 0]);
  });

  it('are ended one by one by their ids', async () => {
    const { hookIds } = await paused(TWO);
    const run = await proceed(['--hook-id', hookIds[1] ?? '']);
    expect([run.result.exitCode, run.result.outputs['hookId']]).toEqual([12, hookIds[0]]);
    expect((await proceed()).result.exitCode).toBe(0);
  });
});

describe('a dry run', () => {
  it('says what it would do, and does nothing', async () => {
    const { hookIds, arn } = await paused();
    const run = await proceed(['--decision', 'reject', '--dry-run']);
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'planned',
      changes: [{ resource: arn, diff: [`- ${hookIds[0]}: AWAITING_ACTION`, `+ ${hookIds[0]}: ROLLBACK`] }],
      outputs: { deploymentStatus: 'PAUSED', hookId: hookIds[0] },
    });
    expect(continued(run)).toBe(0);
    expect(run.said.join('\n')).toContain(`Would reject at the pause ${hookIds[0]}`);
  });

  it.each([
    ['has come to its end', true, 'Would change nothing: the deployment has ended (SUCCEEDED)'],
    ['is on its way', false, 'Would wait until something waits for a decision, and continue there'],
  ])('of one that %s says so', async (_, isEnded, text) => {
    await runningService(world());
    await deployNext(world(), 'b');
    if (isEnded) await stage().pass(900);
    const { said, result } = await proceed(['--dry-run']);
    expect([result.exitCode, said]).toEqual([0, expect.arrayContaining([text])]);
  });
});

it('it makes no calls but those that are declared', async () => {
  await paused(PAUSED, { tasks: [{ match: 'web:3', failToStart: PULL }] });
  const good = await proceed();
  await deployNext(world(), 'c');
  const stopped = await proceed(['--timeout', '1m', '--on-timeout', 'rollback']);
  const calls = [...good.calls, ...stopped.calls];
  expect(calls.filter((call) => !continueDeployment.awsCalls.includes(call))).toEqual([]);
  expect([good.exitCode, stopped.exitCode]).toEqual([0, 9]);
});
