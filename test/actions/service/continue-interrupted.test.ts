import { describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../../../src/local-aws/faults.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { killingProxy } from '../../support/killing-proxy.ts';
import { CONTINUE, continued, continueWorld } from './continue-world.ts';
import { PAUSED, PAUSED_TWICE } from './service-run.ts';

const world = ecsWorldForTests();
const stage = () => world().stage;
const { proceed, paused } = continueWorld(world);

describe('when the wait is left', () => {
  it('on_timeout stops or rolls back a deployment that was continued', async () => {
    await paused({ ...PAUSED, bakeTimeInMinutes: 600 });
    const { result, calls } = await proceed(['--timeout', '10m', '--on-timeout', 'rollback']);
    expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([9, 'ROLLED_BACK']);
    expect(calls).toContain('ecs:StopServiceDeployment');
  });

  it('a cancel leaves it as it is, and says how to follow it', async () => {
    const { id } = await paused({ ...PAUSED, bakeTimeInMinutes: 600 });
    const canceling = new AbortController();
    const clock = drivingClock(stage().localAws.control);
    clock.at(120_000, () => canceling.abort());
    const { result } = await proceed([], { clock, signal: canceling.signal });
    expect(result.exitCode).toBe(6);
    expect(result.error?.hints.join('\n')).toContain(
      `watch-deployment --cluster demo --service web --deployment ${id}`,
    );
  });
});

describe.each<FaultKind>(['throttle', '500', 'reset-before', 'reset-after-apply'])(
  '%s at ContinueServiceDeployment',
  (kind) => {
    it.each([
      ['continue', 0, 'SUCCEEDED'],
      ['reject', 0, 'ROLLED_BACK'],
    ] as const)('and it is to %s: done once all the same', async (decision, exitCode, state) => {
      await paused();
      stage().localAws.control.addFault({ operation: CONTINUE, kind });
      const run = await proceed(['--decision', decision], { env: { AWS_MAX_ATTEMPTS: '3' } });
      expect([run.result.exitCode, run.result.outputs['deploymentStatus'], run.result.status]).toEqual([
        exitCode,
        state,
        'changed',
      ]);
      expect(continued(run)).toBe(kind === 'reset-after-apply' ? 1 : 2);
    });
  },
);

it('what is not allowed is exit code 3, and says so', async () => {
  await paused();
  stage().localAws.control.addFault({ operation: CONTINUE, kind: 'access-denied' });
  const { result } = await proceed();
  expect(result).toMatchObject({ exitCode: 3, error: { title: expect.stringContaining(CONTINUE) } });
});

it('killed at any call, the next run ends the same pause, and no other', async () => {
  const { endpoint } = stage().localAws;
  const { hookIds: first } = await paused(PAUSED_TWICE);
  const counting = await killingProxy(endpoint);
  await proceed(['--hook-id', first[0] ?? ''], { env: { AWS_ENDPOINT_URL: counting.endpoint } });
  await counting.close();
  const calls = counting.count();
  expect(calls).toBeGreaterThan(8);
  const ends: unknown[] = [];
  // Killed after one call is killed before the next.
  for (let nth = 1; nth <= calls; nth++) {
    const { hookIds } = await paused(PAUSED_TWICE);
    const args = ['--hook-id', hookIds[0] ?? '', '--timeout', '20m'];
    const proxy = await killingProxy(endpoint, { nth, applied: true });
    await proceed(args, { env: { AWS_ENDPOINT_URL: proxy.endpoint } });
    await proxy.close();
    const { result } = await proceed(args);
    ends.push([result.exitCode, result.outputs['stage']]);
  }
  expect(new Set(ends.map((each) => JSON.stringify(each)))).toEqual(
    new Set([JSON.stringify([12, 'POST_PRODUCTION_TRAFFIC_SHIFT'])]),
  );
});
