import { describe, expect, it } from '@jest/globals';
import { DIGEST } from '../../support/definitions.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { BREAKER, deployWorldForTests, PULL } from './deploy-world.ts';

const world = deployWorldForTests();
const NEW_IMAGE = ['--image', `app=ghcr.io/acme/web@${DIGEST}`];
const STUCK = { deployments: [{ match: 'web:2', stuck: 'ROLLOUT' }] };

function countOf(call: string): number {
  return world()
    .calls()
    .filter((each) => each === call).length;
}

/** The bodies of UpdateService. */
function updates() {
  return world()
    .stage.localAws.control.requests()
    .filter(({ operation }) => operation === 'ecs:UpdateService').length;
}

describe('twice the same', () => {
  it('is once: the second run starts nothing, and proves what runs', async () => {
    await world().runningService();
    const first = await world().deploy(NEW_IMAGE);
    world().stage.localAws.control.clearRequests();
    const { result, said } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'unchanged',
      outputs: {
        deploymentId: first.result.outputs['deploymentId'],
        deploymentStatus: 'SUCCEEDED',
        taskDefinitionArn: first.result.outputs['taskDefinitionArn'],
        digests: expect.arrayContaining([`app=${DIGEST}`]) as unknown,
        verified: true,
      },
    });
    expect(said).toContain('Nothing to start: web has web:2; proving that it runs');
    expect(
      world()
        .calls()
        .filter((call) => /Register|Update|Tag/.test(call)),
    ).toEqual([]);
  });

  it('and without any parameter what the service has is proven', async () => {
    await world().runningService();
    const { result } = await world().deploy();
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'unchanged',
      outputs: { taskDefinitionArn: expect.stringMatching(/web:1$/) as unknown, verified: true },
    });
    expect(updates()).toBe(0);
  });

  it('but with force_new_deployment new tasks are started', async () => {
    await world().runningService();
    const { result } = await world().deploy(['--force-new-deployment']);
    expect(result).toMatchObject({ exitCode: 0, status: 'changed', outputs: { deploymentStatus: 'SUCCEEDED' } });
    expect(await world().stage.deployments()).toHaveLength(2);
  });

  it('after a failure, the same revision is tried again, and is verified when it works', async () => {
    await world().runningService({ tasks: [{ match: 'web:2', failToStart: PULL, times: 3 }] });
    expect((await world().deploy(NEW_IMAGE)).result.exitCode).toBe(9);
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { taskDefinitionArn: expect.stringMatching(/web:2$/) as unknown, verified: true },
    });
    expect(countOf('ecs:RegisterTaskDefinition')).toBe(1);
  });
});

describe('only what is to change is sent', () => {
  it('a number of tasks that differs, without a deployment', async () => {
    await world().runningService();
    const { result } = await world().deploy(['--desired-count', '3']);
    expect(result).toMatchObject({ exitCode: 0, status: 'changed' });
    expect(result.changes).toEqual([
      expect.objectContaining({ kind: 'updated', diff: ['- desiredCount: 2', '+ desiredCount: 3'] }),
    ]);
    expect((await world().stage.service()).desiredCount).toBe(3);
    expect(await world().stage.deployments()).toHaveLength(1);
  });

  it('no number of tasks that is not asked for: what autoscaling has set stays', async () => {
    await world().runningService();
    await world().stage.update({ desiredCount: 5 });
    await world().stage.pass(900);
    await world().deploy(NEW_IMAGE);
    expect((await world().stage.service()).desiredCount).toBe(5);
  });

  it('another strategy, which is used by the deployment that comes with it', async () => {
    await world().runningService();
    const configuration = JSON.stringify({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 });
    const args = [...NEW_IMAGE, '--deployment-configuration', configuration, '--wait-until', 'BAKE_TIME'];
    const { result } = await world().deploy(args);
    expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'BAKING', stage: 'BAKE_TIME' } });
    expect((await world().stage.service()).deploymentConfiguration).toMatchObject(BREAKER);
  });
});

describe('a number of tasks that is asked for is waited for', () => {
  it('although ECS starts no deployment for it, with the counts', async () => {
    await world().runningService();
    const { result, said } = await world().deploy(['--desired-count', '5']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED', verified: true } });
    expect(said).toContain('2 tasks run and 3 are pending, of 5');
    expect(said.find((line) => line.startsWith('Proven'))).toContain('all 5 tasks run');
  });

  it('also when an earlier run, which was killed, has asked for it', async () => {
    await world().runningService();
    await world().stage.update({ desiredCount: 5 });
    const { result, said } = await world().deploy(['--desired-count', '5']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: true } });
    expect(said.find((line) => line.startsWith('Proven'))).toContain('all 5 tasks run');
  });

  it('and so is a lower one', async () => {
    await world().runningService();
    const { result } = await world().deploy(['--desired-count', '0']);
    expect(result.exitCode).toBe(0);
    expect((await world().stage.service()).runningCount).toBe(0);
  });

  it.each(['leave', 'rollback'])('but not longer than timeout: exit code 8 with on_timeout %s', async (onTimeout) => {
    await world().runningService();
    const { result } = await world().deploy(['--desired-count', '5', '--timeout', '1s', '--on-timeout', onTimeout]);
    expect(result).toMatchObject({
      exitCode: 8,
      error: {
        code: 'ecs.timed_out',
        title: expect.stringMatching(/: \d tasks run and \d are pending, of 5, and it had not ended after/) as unknown,
      },
    });
  });
});

describe('while a deployment is in flight', () => {
  it('of the same revision, it is followed instead of started again', async () => {
    await world().runningService();
    const first = await world().deploy([...NEW_IMAGE, '--wait-until', 'none']);
    expect(first.result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'GOING' } });
    const { result, said } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: {
        deploymentId: first.result.outputs['deploymentId'],
        deploymentStatus: 'SUCCEEDED',
        previousTaskDefinitionArn: expect.stringMatching(/web:1$/) as unknown,
      },
    });
    expect(said.join('\n')).toMatch(/Deployment ecs-svc\/\d+ of web:2 is on its way already; following it/);
    expect(updates()).toBe(1);
  });

  it('of another revision, it is superseded, which is said', async () => {
    await world().runningService(STUCK);
    await world().stage.register();
    await world().stage.update({ taskDefinition: 'web:2' });
    await world().stage.pass(10);
    const { result, said } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { taskDefinitionArn: expect.stringMatching(/web:3$/) as unknown, deploymentStatus: 'SUCCEEDED' },
    });
    expect(said.join('\n')).toMatch(/Deployment \S+ of web is in flight; it is superseded by this one/);
  });

  it('that is being rolled back, the revision is deployed anew', async () => {
    await world().runningService({ deployments: [{ match: 'web:2', stuck: 'ROLLOUT', rollback: 'stuck' }] });
    await world().stage.register();
    await world().stage.update({ taskDefinition: 'web:2' });
    await world().stage.pass(10);
    const first = await world().deploy([
      '--task-definition-arn',
      'web:2',
      '--timeout',
      '1m',
      '--on-timeout',
      'rollback',
    ]);
    expect(first.result.exitCode).toBe(8);
    const { result } = await world().deploy(['--task-definition-arn', 'web:1']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  });

  it('and somebody else deploys meanwhile, it is exit code 11', async () => {
    await world().runningService({
      deployments: [{ match: 'web:2', superseded: { after: '5s', taskDefinition: 'web:1' } }],
    });
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 11,
      status: 'superseded',
      outputs: { deploymentStatus: 'SUPERSEDED' },
    });
  });
});

describe('time-outs and cancels', () => {
  it.each<[string, number, string]>([
    ['leave', 8, 'TIMED_OUT'],
    ['stop', 10, 'STOPPED'],
    ['rollback', 9, 'ROLLED_BACK'],
  ])('on_timeout %s is exit code %i', async (onTimeout, exitCode, deploymentStatus) => {
    await world().runningService(STUCK);
    const { result } = await world().deploy([...NEW_IMAGE, '--timeout', '2m', '--on-timeout', onTimeout]);
    expect(result).toMatchObject({ exitCode, outputs: { deploymentStatus } });
  });

  it.each<[string, string]>([
    ['leave', 'it goes on'],
    ['stop', 'it was told to stop'],
    ['rollback', 'it was told to roll back'],
  ])('on_cancel %s is exit code 6: %s', async (onCancel, fate) => {
    await world().runningService(STUCK);
    const canceling = new AbortController();
    const clock = drivingClock(world().stage.localAws.control);
    clock.at(60_000, () => canceling.abort());
    const args = [...NEW_IMAGE, '--on-cancel', onCancel];
    const { result } = await world().deploy(args, { clock, signal: canceling.signal });
    expect(result).toMatchObject({ exitCode: 6, status: 'canceled' });
    expect(result.error?.title).toMatch(new RegExp(`: ${fate}$`));
  });

  it('a cancel while the answer to UpdateService is on its way rolls the deployment back, too', async () => {
    await world().runningService(STUCK);
    const { control } = world().stage.localAws;
    const canceling = new AbortController();
    control.addFault({ operation: 'ecs:UpdateService', kind: 'hang-after-apply' });
    const run = world().deploy([...NEW_IMAGE, '--on-cancel', 'rollback'], { signal: canceling.signal });
    await control.waitForRequest(({ state, operation }) => operation === 'ecs:UpdateService' && state === 'hanging');
    canceling.abort();
    const { result } = await run;
    expect(result).toMatchObject({ exitCode: 6 });
    expect(result.error?.title).toMatch(/: it was told to roll back$/);
    expect((await world().stage.deployment()).status).toBe('ROLLBACK_REQUESTED');
  });

  it('the command that follows again does', async () => {
    await world().runningService({ deployments: [{ match: 'web:2', durations: { PENDING: '3m' } }] });
    const { result } = await world().deploy([...NEW_IMAGE, '--timeout', '1m']);
    const [, command = ''] = /To follow it again: aws-deploy (.*)/.exec(result.error?.hints.join('\n') ?? '') ?? [];
    const [action = '', ...args] = command.split(' ');
    const again = await world().run(action, args);
    expect(again.result).toMatchObject({ exitCode: 0, outputs: { deploymentId: result.outputs['deploymentId'] } });
  });
});
