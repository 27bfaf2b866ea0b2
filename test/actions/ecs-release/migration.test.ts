import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteServiceCommand, type Task } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { NETWORK, webService } from '../../local-aws/ecs/ecs-stage.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { IMAGE, releaseWorldForTests } from './release-world.ts';

const world = releaseWorldForTests();

const MIGRATE = ['--migration-command', 'bin/migrate', '--migration-command', '--all', '--migration-container', 'app'];
const RELEASE = ['--image', `app=${IMAGE}`, ...MIGRATE];
/** A step that CircleCI runs again by itself. */
const STEP = { env: { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: 'job-1' } };
/** A migration that fails; what a service starts goes well. */
const FAILS = { tasks: [{ match: 'web:2', times: 1, exit: { after: '2s', exitCode: 3 } }] };

/** The tasks that no service has started. */
async function migrations(): Promise<Task[]> {
  const tasks = [...(await world().stage.tasks('RUNNING')), ...(await world().stage.tasks('STOPPED'))];
  return tasks.filter(({ startedBy }) => !startedBy?.startsWith('ecs-svc/'));
}

describe('a migration', () => {
  beforeEach(() => world().serviceRuns());

  it('runs with the very revision before it is deployed, as the service runs its tasks', async () => {
    const { result, calls } = await world().release(RELEASE);
    const [task, ...others] = await migrations();
    expect(others).toEqual([]);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { revision: 2, verified: true, migrationExitCode: 0, migrationTaskArns: [task?.taskArn] },
    });
    expect(task).toMatchObject({
      taskDefinitionArn: expect.stringMatching(/web:2$/),
      launchType: 'FARGATE',
      overrides: { containerOverrides: [{ name: 'app', command: ['bin/migrate', '--all'] }] },
      attachments: [
        { details: expect.arrayContaining([{ name: 'subnetId', value: NETWORK.awsvpcConfiguration.subnets[0] }]) },
      ],
    });
    const order = calls.filter((call) => /RegisterTask|RunTask|UpdateService$/.test(call));
    expect(order).toEqual(['ecs:RegisterTaskDefinition', 'ecs:RunTask', 'ecs:UpdateService']);
  });

  it('that fails deploys nothing: exit code 10, the revision is named and rejected', async () => {
    world().play(FAILS);
    const { result, calls } = await world().release(RELEASE);
    expect(result).toMatchObject({
      exitCode: 10,
      status: 'failed',
      outputs: { revision: 2, migrationExitCode: 3 },
      error: { title: expect.stringContaining('web:2 is registered and was not deployed') },
    });
    expect(calls).not.toContain('ecs:UpdateService');
    expect(await world().serviceHas()).toBe('web:1');
    expect(await world().revisions()).toMatchObject([{ tags: [] }, { image: IMAGE, tags: ['rejected'] }]);
  });

  it('that failed is no base for what is released next', async () => {
    world().play(FAILS);
    await world().release(RELEASE);
    const { result } = await world().release(['--environment', 'A=1', '--container', 'app']);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { revision: 3, images: ['app=ghcr.io/acme/web:1', expect.any(String)] },
    });
  });

  it('that failed is tried again by a rerun by hand, with the same revision, which is verified then', async () => {
    world().play(FAILS);
    await world().release(RELEASE, STEP);
    const { result } = await world().release(RELEASE, { env: { ...STEP.env, CIRCLE_WORKFLOW_JOB_ID: 'job-2' } });
    expect(result).toMatchObject({ exitCode: 0, outputs: { revision: 2, verified: true } });
    expect(await migrations()).toHaveLength(2);
    expect((await world().revisions())[1]?.tags).toEqual(['verified']);
  });

  it('that failed is not run again by an automatic rerun, which fails as it did', async () => {
    world().play(FAILS);
    await world().release(RELEASE, STEP);
    const { result, calls } = await world().release(RELEASE, STEP);
    expect(result).toMatchObject({ exitCode: 10, outputs: { revision: 2, migrationExitCode: 3 } });
    expect(calls).not.toContain('ecs:RunTask');
    expect(await migrations()).toHaveLength(1);
  });

  it('is not run for a release that changes nothing', async () => {
    await world().release(RELEASE);
    const { result, calls } = await world().release(RELEASE);
    expect(result).toMatchObject({ exitCode: 0, status: 'unchanged' });
    expect(calls).not.toContain('ecs:RunTask');
    expect(result.outputs).not.toHaveProperty('migrationTaskArns');
  });

  it('that takes too long is stopped, and nothing is deployed: exit code 8', async () => {
    world().play({ tasks: [{ match: 'web:2', durations: { RUNNING: '5h' } }] });
    const { result, calls } = await world().release([...RELEASE, '--migration-timeout', '10m']);
    expect(result).toMatchObject({
      exitCode: 8,
      error: { title: expect.stringContaining('web:2 is registered and was not deployed') },
    });
    expect(calls).toContain('ecs:StopTask');
    expect(calls).not.toContain('ecs:UpdateService');
    // It may be slow for other reasons than its content.
    expect((await world().revisions())[1]?.tags).toEqual([]);
  });

  it('that may not be run deploys nothing, with the exit code of the reason', async () => {
    world().deny('ecs:RunTask');
    const { result, calls } = await world().release(RELEASE);
    expect(result).toMatchObject({
      exitCode: 3,
      error: { title: expect.stringContaining('web:2 is registered and was not deployed') },
    });
    expect(calls).not.toContain('ecs:UpdateService');
    expect((await world().revisions())[1]?.tags).toEqual([]);
  });
});

it('a service that is deleted while the migration runs: exit code 5, and what was done by then is named', async () => {
  await world().serviceRuns();
  const { stage } = world();
  const clock = drivingClock(stage.localAws.control);
  clock.at(20_000, async () => {
    await stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
  });
  const { result } = await world().release(RELEASE, { clock });
  expect(result).toMatchObject({ exitCode: 5, error: { title: expect.stringContaining('was deleted') } });
  expect(result.error?.hints).toContain('web:2 is registered and was not deployed.');
  expect(result.error?.hints.join('\n')).not.toContain('Nothing was changed');
});

it('the migration of a first release runs where the file says that the service will', async () => {
  await writeFile(join(world().home, 'service.json'), JSON.stringify(webService()));
  const { result } = await world().release([...RELEASE, '--create-from', 'service.json']);
  expect(result).toMatchObject({ exitCode: 0, outputs: { migrationExitCode: 0, verified: true } });
  const [task] = await migrations();
  expect(task).toMatchObject({
    launchType: 'FARGATE',
    attachments: [{ details: expect.arrayContaining([{ name: 'subnetId', value: 'subnet-1' }]) }],
  });
});
