import type { Service } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { DIGEST, IMAGE, NO_ROLLBACK, releaseWorldForTests, ROLLBACK } from './release-world.ts';

const world = releaseWorldForTests();

const BAD = `ghcr.io/acme/web@sha256:${'b'.repeat(64)}`;
const PULL = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found';
const BROKEN = { tasks: [{ match: 'web:*', image: BAD, failToStart: PULL }] };

/** A service whose revision web:2 was released and verified. */
async function goodRelease(deploymentConfiguration: Service['deploymentConfiguration']): Promise<void> {
  await world().serviceRuns(deploymentConfiguration);
  const { result } = await world().release(['--image', `app=${IMAGE}`]);
  expect(result.exitCode).toBe(0);
}

function releaseBad(args: readonly string[] = []) {
  return world().release(['--image', `app=${BAD}`, ...args]);
}

describe('a broken image that ECS rolls back', () => {
  it('is exit code 9, with the reason of the tasks, and the revision is rejected', async () => {
    await goodRelease(ROLLBACK);
    world().play(BROKEN);
    const { result, calls } = await releaseBad();
    expect(result).toMatchObject({
      exitCode: 9,
      status: 'failed',
      outputs: { revision: 3, deploymentStatus: 'ROLLED_BACK', rolledBackTo: expect.stringMatching(/web:2$/) },
      error: { code: 'ecs.rolled_back', message: expect.stringContaining('CannotPullContainerError') },
    });
    expect(result.changes).toContainEqual(expect.objectContaining({ resource: expect.stringMatching(/web:3$/) }));
    expect(calls.filter((call) => call === 'ecs:UpdateService')).toHaveLength(1);
    expect(await world().serviceHas()).toBe('web:2');
    expect(await world().revisions()).toMatchObject([{}, { tags: ['verified'] }, { image: BAD, tags: ['rejected'] }]);
  });

  it('is no base for the next release', async () => {
    await goodRelease(ROLLBACK);
    world().play(BROKEN);
    await releaseBad(['--environment', 'BROKEN=1', '--container', 'app']);
    const { result } = await world().release(['--environment', 'FINE=1', '--container', 'app']);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { revision: 4, images: expect.arrayContaining([`app=${IMAGE}`]) },
    });
  });
});

describe('a broken image that ECS leaves', () => {
  beforeEach(async () => {
    await goodRelease(NO_ROLLBACK);
    world().play(BROKEN);
  });

  it('is rolled back to the last verified revision: exit code 9, both told', async () => {
    const { result } = await releaseBad();
    expect(result).toMatchObject({
      exitCode: 9,
      outputs: {
        revision: 3,
        deploymentStatus: 'FAILED',
        verified: false,
        rolledBackTo: expect.stringMatching(/web:2$/),
      },
      error: {
        title: expect.stringMatching(/^the deployment of web failed: .*; rolled back to web:2$/),
        message: expect.stringContaining('CannotPullContainerError'),
      },
    });
    expect(result.error?.hints.join('\n')).not.toContain('Nothing was rolled back');
    expect(await world().serviceHas()).toBe('web:2');
    expect(await world().stage.service()).toMatchObject({
      runningCount: 2,
      deployments: [{ rolloutState: 'COMPLETED' }],
    });
    expect(await world().revisions()).toMatchObject([{}, { tags: ['verified'] }, { tags: ['rejected'] }]);
  });

  it('with on_failure: keep stays: exit code 10, with the command that goes back', async () => {
    const { result, calls } = await releaseBad(['--on-failure', 'keep']);
    expect(result).toMatchObject({ exitCode: 10, outputs: { revision: 3, deploymentStatus: 'FAILED' } });
    expect(result.outputs).not.toHaveProperty('rolledBackTo');
    expect(result.error?.hints.join('\n')).toContain(
      'aws-deploy rollback-service --cluster demo --service web --region eu-central-1',
    );
    expect(calls.filter((call) => call === 'ecs:UpdateService')).toHaveLength(1);
    expect(await world().serviceHas()).toBe('web:3');
  });

  it('and can not be rolled back is exit code 10, with both reasons', async () => {
    world().play({ ...BROKEN, tasks: [{ match: 'web:*', failToStart: PULL }] });
    const { result } = await releaseBad();
    expect(result).toMatchObject({
      exitCode: 10,
      error: {
        code: 'ecs.failed_and_not_rolled_back',
        title: expect.stringMatching(/^the deployment of web failed: .*; it could not be rolled back: /),
      },
    });
    expect(result.outputs).not.toHaveProperty('rolledBackTo');
  });
});

it('what somebody else has deployed by the time of the failure is not taken back: exit code 10', async () => {
  await goodRelease(NO_ROLLBACK);
  world().play(BROKEN);
  const { stage } = world();
  const clock = drivingClock(stage.localAws.control);
  let isDone = false;
  for (let second = 1; second <= 600; second++) {
    clock.at(second * 1000, async () => {
      if (isDone || (await stage.deployment()).status !== 'STOPPED') return;
      isDone = true;
      await stage.update({ taskDefinition: 'web:1' });
    });
  }
  const { result, calls } = await world().release(['--image', `app=${BAD}`], { clock });
  expect(isDone).toBe(true);
  expect(result).toMatchObject({
    exitCode: 10,
    error: {
      title: expect.stringMatching(/it could not be rolled back: by now web has deployment ecs-svc.\d+ of web:1$/),
    },
  });
  // Ours, and theirs.
  expect(calls.filter((call) => call === 'ecs:UpdateService')).toHaveLength(2);
  expect(await world().serviceHas()).toBe('web:1');
});

it('a broken image has nothing to go back to when nothing was ever proven: exit code 10', async () => {
  // Its own deployment was never seen to succeed.
  await world().stage.createService({ deploymentConfiguration: NO_ROLLBACK, desiredCount: 0 });
  world().play(BROKEN);
  const { result } = await world().release(['--image', `app=${BAD}`, '--desired-count', '2']);
  expect(result).toMatchObject({ exitCode: 10, error: { title: expect.stringContaining('nothing to go back to') } });
});

describe('what is no failure of the release rolls nothing back', () => {
  beforeEach(() => goodRelease(NO_ROLLBACK));

  it.each<[string, object, readonly string[], number, string]>([
    [
      'it is not over in time',
      { deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }] },
      ['--timeout', '2m'],
      8,
      'TIMED_OUT',
    ],
    [
      'somebody else deploys',
      { deployments: [{ match: 'web:3', superseded: { after: '5s', taskDefinition: 'web:1' } }] },
      [],
      11,
      'SUPERSEDED',
    ],
    ['somebody deletes the service', { deployments: [{ match: 'web:3', deleted: { after: '5s' } }] }, [], 10, 'FAILED'],
    [
      'its time is over, and it is stopped as was asked for',
      { deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }] },
      ['--timeout', '2m', '--on-timeout', 'stop'],
      10,
      'STOPPED',
    ],
  ])('%s', async (_what, play, args, exitCode, deploymentStatus) => {
    world().play(play as never);
    const { result, calls } = await world().release(['--image', `app=${BAD}`, ...args]);
    expect(result).toMatchObject({ exitCode, outputs: { revision: 3, deploymentStatus } });
    expect(result.outputs).not.toHaveProperty('rolledBackTo');
    expect(calls.filter((call) => call === 'ecs:UpdateService')).toHaveLength(1);
  });
});

describe('a pause', () => {
  const PAUSES = {
    strategy: 'BLUE_GREEN' as const,
    lifecycleHooks: [{ targetType: 'PAUSE' as const, lifecycleStages: ['POST_SCALE_UP' as const] }],
  };

  beforeEach(() => world().serviceRuns(PAUSES));

  it('that was not asked for is exit code 12, with the command that continues, and nothing is rolled back', async () => {
    const { result, calls } = await world().release(['--image', `app=${IMAGE}`]);
    expect(result).toMatchObject({ exitCode: 12, outputs: { deploymentStatus: 'PAUSED', hookId: expect.any(String) } });
    expect(result.error?.hints.join('\n')).toContain('aws-deploy continue-deployment --cluster demo --service web');
    expect(calls.filter((call) => /UpdateService|StopService/.test(call))).toEqual(['ecs:UpdateService']);
  });

  it('that was asked for is success, and not verified yet', async () => {
    const { result } = await world().release(['--image', `app=${IMAGE}`, '--wait-until', 'paused']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'PAUSED', revision: 2 } });
    expect((await world().revisions())[1]?.tags).toEqual([]);
  });
});

describe('what says nothing about the revision rolls nothing back', () => {
  beforeEach(() => goodRelease(NO_ROLLBACK));

  it('the deployment may not be started: what is registered is named', async () => {
    world().deny('ecs:UpdateService');
    const { result, calls } = await world().release(['--image', `app=ghcr.io/acme/other@${DIGEST}`]);
    expect(result).toMatchObject({
      exitCode: 3,
      error: {
        title: expect.stringContaining('ecs:UpdateService'),
        hints: expect.arrayContaining(['web:3 is registered and was not deployed.']),
      },
    });
    expect(calls.filter((call) => call === 'ecs:UpdateService')).toHaveLength(1);
    expect(await world().revisions()).toMatchObject([{}, {}, { tags: [] }]);
  });

  it('the deployment can not be looked at any more: it is left as it is', async () => {
    const clock = drivingClock(world().stage.localAws.control);
    clock.at(10_000, () => world().deny('ecs:DescribeServices', 'ecs:DescribeServiceDeployments'));
    const { result, calls } = await world().release(['--image', `app=ghcr.io/acme/other@${DIGEST}`], { clock });
    expect(result).toMatchObject({
      exitCode: 3,
      outputs: { revision: 3, taskDefinitionArn: expect.stringMatching(/web:3$/), deploymentId: expect.any(String) },
      error: { hints: expect.arrayContaining([expect.stringContaining('aws-deploy watch-deployment')]) },
    });
    expect(calls.filter((call) => call === 'ecs:UpdateService')).toHaveLength(1);
    world().deny();
    expect(await world().serviceHas()).toBe('web:3');
  });
});
