import { CreateServiceCommand, DeleteServiceCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { watchDeployment } from '../../../src/actions/watch-deployment.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { NETWORK } from '../../local-aws/ecs/ecs-stage.ts';
import { NO_ROLLBACK, PULL, runningService, STUCK } from '../ecs/judge-world.ts';
import { deployNext, idOf, jobAfter, runOn, tagsOf, type ServiceRun, type ServiceRunWorld } from './service-run.ts';

const world = ecsWorldForTests();
const stage = () => world().stage;

const FAILS = { tasks: [{ match: 'web:2', failToStart: PULL }] };
const WRITES = /^ecs:(Create|Update|Register|Deregister|Stop|Continue|Tag|Untag|Delete)/;

function watch(args: readonly string[] = [], more: ServiceRunWorld = {}): Promise<ServiceRun> {
  return runOn(world(), 'watch-deployment', args, more);
}

describe('without a name it attaches', () => {
  it('to the deployment in flight, and follows it to its proven end', async () => {
    await runningService(world());
    const second = await deployNext(world(), 'b');
    const { result, said } = await watch();
    expect(result).toMatchObject({
      exitCode: 0,
      component: 'web',
      status: 'unchanged',
      outputs: {
        serviceArn: (await stage().service()).serviceArn,
        deploymentId: idOf(second),
        serviceDeploymentArn: second.serviceDeploymentArn,
        deploymentStatus: 'SUCCEEDED',
        taskDefinitionArn: expect.stringMatching(/task-definition\/web:2$/),
      },
    });
    expect(said).toContain(`Deployment ${idOf(second)} of web (web:2), which is in flight`);
  });

  it('to the one that this workflow started, although another one is in flight', async () => {
    await runningService(world(), STUCK);
    const ours = await deployNext(world(), 'b');
    await deployNext(world(), 'c');
    const { serviceArn = '' } = await stage().service();
    const outputs = { serviceArn, deploymentId: idOf(ours), serviceDeploymentArn: ours.serviceDeploymentArn ?? '' };
    const env = await jobAfter(await tempFolder(), { action: 'deploy-service', outputs });
    const { result } = await watch([], { env });
    expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([11, 'SUPERSEDED']);
    expect(result.outputs['deploymentId']).toBe(idOf(ours));
  });

  it('to none of another service of the workflow, and not to an older one of its own', async () => {
    await runningService(world());
    const older = await deployNext(world(), 'b');
    await stage().pass(900);
    const newer = await deployNext(world(), 'c');
    const { serviceArn = '' } = await stage().service();
    const env = await jobAfter(
      await tempFolder(),
      { action: 'deploy-service', outputs: { serviceArn, deploymentId: idOf(older) } },
      { action: 'release-ecs-service', outputs: { serviceArn, deploymentId: idOf(newer) } },
      { action: 'deploy-service', outputs: { serviceArn: `${serviceArn}-2`, deploymentId: 'ecs-svc/1' } },
      { action: 'watch-deployment', outputs: { serviceArn, deploymentId: idOf(older) } },
    );
    const { result } = await watch([], { env });
    expect([result.exitCode, result.outputs['deploymentId']]).toEqual([0, idOf(newer)]);
  });

  it.each([
    ['that rolled back', 9, 'ROLLED_BACK', undefined],
    ['that failed', 10, 'FAILED', NO_ROLLBACK],
  ] as const)(
    'to the newest when none is in flight, and judges one %s as it ended',
    async (_, exit, state, breaker) => {
      await runningService(world(), FAILS, breaker);
      await deployNext(world(), 'b');
      await stage().pass(1800);
      const { result } = await watch();
      expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([exit, state]);
      expect(result.outputs['taskDefinitionArn']).toMatch(/web:2$/);
    },
  );

  it('to the only one that a service ever had', async () => {
    await runningService(world());
    expect((await watch()).result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
  });
});

describe('by its name it attaches', () => {
  it.each([
    ['id', idOf],
    ['ARN', ({ serviceDeploymentArn = '' }) => serviceDeploymentArn],
  ] as const)('by its %s to one that was rolled back, although another one has come out since', async (_, name) => {
    await runningService(world(), FAILS);
    const broken = await deployNext(world(), 'b');
    await stage().pass(1800);
    await deployNext(world(), 'c');
    await stage().pass(900);
    const { result, said } = await watch(['--deployment', name(broken)]);
    expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([9, 'ROLLED_BACK']);
    expect(result.error?.message).toContain(PULL);
    expect(result.outputs['taskDefinitionArn']).toMatch(/web:2$/);
    // The events of the one that came after it are not about it.
    expect(said.filter((line) => line.includes('deployment completed'))).toHaveLength(1);
  });

  it('to one that somebody stopped', async () => {
    await runningService(world(), STUCK);
    const { serviceDeploymentArn = '' } = await deployNext(world(), 'b');
    await world().ecs.services.stopDeployment(serviceDeploymentArn, 'ABORT');
    await stage().pass(900);
    const { result } = await watch(['--deployment', serviceDeploymentArn]);
    expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([10, 'STOPPED']);
  });

  it('to one that came out, and says when another one has taken its place since', async () => {
    await runningService(world());
    const second = await deployNext(world(), 'b');
    await stage().pass(900);
    const third = await deployNext(world(), 'c');
    await stage().pass(900);
    const { result } = await watch(['--deployment', idOf(second)]);
    expect(result).toMatchObject({
      exitCode: 11,
      outputs: { deploymentStatus: 'SUCCEEDED' },
      error: { code: 'ecs.superseded', title: expect.stringContaining(idOf(third)) },
    });
  });

  it('to none that it does not have, and says which there are', async () => {
    await runningService(world());
    const { serviceDeploymentArn = '' } = await stage().deployment();
    const { result, calls } = await watch(['--deployment', 'ecs-svc/42']);
    expect(result).toMatchObject({
      exitCode: 5,
      error: {
        code: 'ecs.deployment_not_found',
        title: 'the service web has no deployment ecs-svc/42',
        message: expect.stringContaining(`SUCCESSFUL ${serviceDeploymentArn}`),
      },
    });
    expect(calls).not.toContain('ecs:DescribeServiceDeployments');
  });

  it('to none of another service', async () => {
    await runningService(world());
    await stage().ecs.send(
      new CreateServiceCommand({
        cluster: 'demo',
        serviceName: 'api',
        taskDefinition: 'web',
        launchType: 'FARGATE',
        desiredCount: 1,
        networkConfiguration: NETWORK,
      }),
    );
    const [other] = await stage().deployments('api');
    const { result } = await watch(['--deployment', other?.serviceDeploymentArn ?? '']);
    expect([result.exitCode, result.error?.code]).toEqual([5, 'ecs.deployment_not_found']);
  });

  it.each(['ecs-svc/', 'web', 'arn:aws:ecs:eu-central-1:123456789012:service/demo/web'])(
    'to nothing that can be none: %s',
    async (name) => {
      const { result, calls } = await watch(['--deployment', name]);
      expect([result.exitCode, calls]).toEqual([2, []]);
    },
  );
});

describe('watching changes nothing', () => {
  it('when it ends well', async () => {
    await runningService(world());
    await deployNext(world(), 'b');
    const { calls, result } = await watch();
    expect([result.exitCode, calls.filter((call) => WRITES.test(call))]).toEqual([0, []]);
  });

  it('when the time is over: the deployment goes on', async () => {
    await runningService(world(), STUCK);
    await deployNext(world(), 'b');
    const { calls, result } = await watch(['--timeout', '2m']);
    expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([8, 'TIMED_OUT']);
    expect(calls.filter((call) => WRITES.test(call))).toEqual([]);
    expect((await stage().deployment()).status).toBe('IN_PROGRESS');
  });

  it('when it is canceled: the deployment goes on, with the command that follows it again', async () => {
    await runningService(world(), STUCK);
    const { targetServiceRevision } = await deployNext(world(), 'b');
    const canceling = new AbortController();
    const clock = drivingClock(stage().localAws.control);
    clock.at(60_000, () => canceling.abort());
    const { result, calls } = await watch([], { clock, signal: canceling.signal });
    expect(result.exitCode).toBe(6);
    expect(result.error?.hints.join('\n')).toContain(idOf({ targetServiceRevision }));
    expect(calls.filter((call) => WRITES.test(call))).toEqual([]);
    expect((await stage().deployment()).status).toBe('IN_PROGRESS');
  });

  it('unless mark_verified asks for the tag of what came out', async () => {
    await runningService(world());
    await deployNext(world(), 'b');
    const { calls, result } = await watch(['--mark-verified']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: true } });
    expect(calls.filter((call) => WRITES.test(call))).toEqual(['ecs:TagResource']);
    expect(await tagsOf(world(), 'web:2')).toHaveProperty('aws-deploy:verified');
  });
});

describe('without the permission to list service deployments', () => {
  function deny(): void {
    const { control } = stage().localAws;
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'ecs:ListServiceDeployments' }] } });
  }

  it('a rolling update is followed by what the service tells, which is said once', async () => {
    await runningService(world());
    const second = await deployNext(world(), 'b');
    deny();
    const { result, said } = await watch();
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { deploymentId: idOf(second), deploymentStatus: 'SUCCEEDED' },
    });
    expect(said.filter((line) => line.includes('ecs:ListServiceDeployments'))).toHaveLength(1);
  });

  it.each([
    ['a name that the service does not tell', {}, ['--deployment', 'ecs-svc/1']],
    ['another strategy', { strategy: 'BLUE_GREEN' } as const, []],
  ])('it is exit code 3 for %s', async (_what, configuration, args) => {
    await runningService(world());
    await deployNext(world(), 'b', configuration);
    deny();
    const { result } = await watch(args);
    expect([result.exitCode, result.error?.title]).toEqual([
      3,
      'not allowed: ecs:ListServiceDeployments on web in demo',
    ]);
  });

  it('a rollback of ECS that came to its end is not called a success: exit code 3', async () => {
    await runningService(world(), FAILS);
    await deployNext(world(), 'b');
    await stage().pass(3600);
    deny();
    expect((await watch()).result.exitCode).toBe(3);
  });

  it('no pause can be ended: exit code 3', async () => {
    await runningService(world());
    await deployNext(world(), 'b');
    deny();
    expect((await runOn(world(), 'continue-deployment')).result.exitCode).toBe(3);
  });
});

describe('it stops before it follows anything', () => {
  const ACTIONS = ['watch-deployment', 'continue-deployment', 'rollback-service'];
  const TYPES = ['CODE_DEPLOY', 'EXTERNAL'] as const;

  it.each(ACTIONS.flatMap((action) => TYPES.map((type) => [action, type] as const)))(
    '%s, under the controller %s',
    async (action, type) => {
      const isExternal = type === 'EXTERNAL';
      await stage().ecs.send(
        new CreateServiceCommand({
          cluster: 'demo',
          serviceName: 'web',
          deploymentController: { type },
          desiredCount: 1,
          ...(isExternal
            ? {}
            : {
                taskDefinition: 'web',
                launchType: 'FARGATE',
                networkConfiguration: NETWORK,
                loadBalancers: [
                  {
                    targetGroupArn:
                      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/a/0123456789abcdef',
                    containerName: 'app',
                    containerPort: 80,
                  },
                ],
              }),
        }),
      );
      const { result } = await runOn(world(), action);
      expect(result).toMatchObject({
        exitCode: 2,
        error: { title: expect.stringContaining(isExternal ? type : 'CodeDeploy') },
      });
    },
  );

  it.each(ACTIONS)('when %s would look too often', async (action) => {
    const { result, calls } = await runOn(world(), action, ['--poll-interval', '10ms']);
    expect([result.exitCode, result.error?.title, calls]).toEqual([2, 'poll_interval must be at least 1s', []]);
  });

  it('of a service that is not there, with the name that is likely meant', async () => {
    await runningService(world());
    const { result } = await watch(['--service', 'wbe']);
    expect(result).toMatchObject({ exitCode: 5, error: { hints: expect.arrayContaining(['Did you mean web?']) } });
  });

  it('of a service that was deleted', async () => {
    await runningService(world());
    await stage().update({ desiredCount: 0 });
    await stage().ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
    const { result } = await watch();
    expect([result.exitCode, result.error?.code]).toEqual([5, 'ecs.service_deleted']);
  });
});

it('it makes no calls but those that are declared', async () => {
  await runningService(world(), FAILS);
  await deployNext(world(), 'b');
  const broken = await watch(['--mark-verified']);
  await deployNext(world(), 'c');
  const good = await watch(['--mark-verified']);
  const unknown = await watch(['--service', 'wbe']);
  const calls = [...broken.calls, ...good.calls, ...unknown.calls];
  expect(calls.filter((call) => !watchDeployment.awsCalls.includes(call))).toEqual([]);
  expect([broken, good, unknown].map(({ exitCode }) => exitCode)).toEqual([9, 0, 5]);
});
