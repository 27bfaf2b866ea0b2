import { beforeEach, describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { killingProxy, type Kill } from '../../support/killing-proxy.ts';
import { IMAGE, NO_ROLLBACK, releaseWorldForTests, type ReleaseRun } from './release-world.ts';

// A release is killed at a call that changes something, once before AWS has carried it out and once after: from then on
// nothing that it does has any effect. The next run of the same step ends where one ends that nobody disturbed.

const world = releaseWorldForTests();

const RELEASE = ['--image', `app=${IMAGE}`, '--migration-command', 'bin/migrate', '--timeout', '10m'];
/** A step that CircleCI runs again by itself. */
const STEP = { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: 'job-1' };

beforeEach(() => world().serviceRuns());

async function release(kill?: Kill): Promise<ReleaseRun> {
  const way = await killingProxy(world().stage.localAws.endpoint, kill);
  try {
    return await world().release(RELEASE, { env: { ...STEP, AWS_ENDPOINT_URL: way.endpoint } });
  } finally {
    await way.close();
  }
}

/** At which call an undisturbed release makes an operation, from 1. */
async function callOf(operation: string): Promise<number> {
  const { calls } = await release();
  const index = calls.indexOf(operation);
  if (index < 0) throw new Error(`${operation} is not called`);
  await world().stage.restart();
  await world().serviceRuns();
  return index + 1;
}

async function startedTasks(): Promise<number> {
  const tasks = [...(await world().stage.tasks('RUNNING')), ...(await world().stage.tasks('STOPPED'))];
  return tasks.filter(({ startedBy }) => !startedBy?.startsWith('ecs-svc/')).length;
}

const CALLS = ['ecs:RegisterTaskDefinition', 'ecs:RunTask', 'ecs:UpdateService', 'ecs:TagResource'];

describe.each([
  ['before AWS has carried it out', false],
  ['after AWS has carried it out', true],
])('killed %s', (_when, applied) => {
  it.each(CALLS)('at %s, the next run completes it: one revision, one migration, one deployment', async (operation) => {
    const nth = await callOf(operation);
    await release({ nth, applied });
    const { result } = await release();
    expect(result).toMatchObject({ exitCode: 0, outputs: { revision: 2, verified: true } });
    expect(await world().revisions()).toEqual([
      expect.objectContaining({ tags: [] }),
      { image: IMAGE, tags: ['verified'] },
    ]);
    expect(await world().serviceHas()).toBe('web:2');
    expect(await world().stage.deployments()).toHaveLength(2);
    // A migration that was deployed for is not looked for again.
    expect(await startedTasks()).toBe(1);
  });
});

describe('killed while it goes back from what failed', () => {
  const BAD = `ghcr.io/acme/web@sha256:${'b'.repeat(64)}`;

  it.each([
    ['before AWS has carried it out', false],
    ['after AWS has carried it out', true],
  ])('%s, the next run ends there too: exit code 9, and the last verified revision runs', async (_when, applied) => {
    await world().stage.update({ deploymentConfiguration: NO_ROLLBACK });
    await world().release(RELEASE);
    world().play({ tasks: [{ match: 'web:*', image: BAD, failToStart: 'CannotPullContainerError: not found' }] });
    const { localAws } = world().stage;
    localAws.control.clearRequests();
    const way = await killingProxy(localAws.endpoint);
    const args = ['--image', `app=${BAD}`, '--timeout', '10m'];
    const whole = await world().release(args, { env: { ...STEP, AWS_ENDPOINT_URL: way.endpoint } });
    await way.close();
    expect(whole.result.exitCode).toBe(9);
    const nth = whole.calls.lastIndexOf('ecs:UpdateService') + 1;
    // The same once more with another image, and killed where it went back.
    const other = BAD.replace(/b$/, 'c');
    world().play({
      tasks: [{ match: 'web:*', image: `${other.slice(0, 40)}*`, failToStart: 'CannotPull: not found' }],
    });
    const again = ['--image', `app=${other}`, '--timeout', '10m'];
    const deadly = await killingProxy(localAws.endpoint, { nth, applied });
    await world().release(again, { env: { ...STEP, AWS_ENDPOINT_URL: deadly.endpoint } });
    await deadly.close();
    const { result } = await world().release(again, { env: STEP });
    expect(result).toMatchObject({ exitCode: 9, outputs: { rolledBackTo: expect.stringMatching(/web:2$/) } });
    expect(await world().serviceHas()).toBe('web:2');
    expect((await world().revisions()).map(({ tags }) => tags)).toEqual([[], ['verified'], ['rejected'], ['rejected']]);
  });
});

describe('canceled', () => {
  it('while the migration runs, it stops the task and deploys nothing: exit code 6', async () => {
    const abort = new AbortController();
    const clock = drivingClock(world().stage.localAws.control);
    clock.at(20_000, () => abort.abort());
    const { result, calls } = await world().release(RELEASE, { clock, signal: abort.signal, env: STEP });
    expect(result).toMatchObject({ exitCode: 6, status: 'canceled' });
    expect(calls).toContain('ecs:StopTask');
    expect(calls).not.toContain('ecs:UpdateService');
    expect(await world().revisions()).toMatchObject([{}, { image: IMAGE, tags: [] }]);
  });

  it('while it is deployed, the deployment goes on, and the next run follows it', async () => {
    const abort = new AbortController();
    const clock = drivingClock(world().stage.localAws.control);
    clock.at(60_000, () => abort.abort());
    const canceled = await world().release(['--image', `app=${IMAGE}`], { clock, signal: abort.signal, env: STEP });
    expect(canceled.result).toMatchObject({ exitCode: 6, status: 'canceled' });
    expect(canceled.result.error?.hints.join('\n')).toContain('aws-deploy watch-deployment');
    const { result, calls } = await world().release(['--image', `app=${IMAGE}`], { env: STEP });
    expect(result).toMatchObject({ exitCode: 0, outputs: { revision: 2, verified: true } });
    expect(calls).not.toContain('ecs:UpdateService');
  });
});
