import { ecsOf } from '../../../src/aws/ecs/session-ecs.ts';
import { describe, expect, it } from '@jest/globals';
import { openSession } from '../../../src/aws/session.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { ecsWorldForTests, WEB } from '../../support/ecs-world.ts';
import { rejectionOf } from '../../support/failures.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { alteringProxy } from '../altering-proxy.ts';

const world = ecsWorldForTests();

describe('describe', () => {
  it('tells a service with its deployments and events', async () => {
    const { stage, ecs } = world();
    const created = await stage.createService();
    const service = await ecs.services.describe(WEB);
    expect(service).toMatchObject({
      arn: created.serviceArn,
      name: 'web',
      status: 'ACTIVE',
      controller: 'ECS',
      strategy: 'ROLLING',
      rollsBack: false,
      desiredCount: 2,
      currentServiceDeployment: created.currentServiceDeployment,
      deployments: [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition: created.taskDefinition }],
    });
    expect(service?.deployments[0]?.createdAt).toBe(created.deployments?.[0]?.createdAt?.getTime());
  });

  it.each([
    ['a circuit breaker with rollback', { deploymentCircuitBreaker: { enable: true, rollback: true } }, true],
    ['a circuit breaker without', { deploymentCircuitBreaker: { enable: true, rollback: false } }, false],
    ['alarms with rollback', { alarms: { alarmNames: ['5xx'], enable: true, rollback: true } }, true],
  ])('with %s rolls back: %s', async (_what, deploymentConfiguration, rollsBack) => {
    const { stage, ecs } = world();
    await stage.createService({ deploymentConfiguration });
    expect((await ecs.services.describe(WEB))?.rollsBack).toBe(rollsBack);
  });

  it('takes ARNs', async () => {
    const { stage, ecs } = world();
    const { serviceArn = '', clusterArn = '' } = await stage.createService();
    expect((await ecs.services.describe({ cluster: clusterArn, service: serviceArn }))?.name).toBe('web');
  });

  it('is undefined for a service that is not there', async () => {
    expect(await world().ecs.services.describe({ ...WEB, service: 'wbe' })).toBeUndefined();
  });

  it('names the cluster that is likely meant', async () => {
    const failure = await rejectionOf(world().ecs.services.describe({ ...WEB, cluster: 'dmeo' }));
    expect(failure).toMatchObject({
      code: 'ecs.cluster_not_found',
      exitCode: 5,
      title: 'there is no cluster dmeo',
      hints: expect.arrayContaining(['Did you mean demo?']) as unknown,
    });
  });
});

describe('notFound', () => {
  it('names the service that is likely meant', async () => {
    const { stage, ecs } = world();
    await stage.createService();
    expect(await ecs.services.notFound({ ...WEB, service: 'wbe' })).toMatchObject({
      code: 'ecs.service_not_found',
      exitCode: 5,
      title: 'there is no service wbe in cluster demo',
      hints: ['Did you mean web?', 'Nothing was changed.'],
    });
  });

  it('lists the services when none is near', async () => {
    const { stage, ecs } = world();
    for (const serviceName of ['web', 'api']) await stage.createService({ serviceName });
    expect((await ecs.services.notFound({ ...WEB, service: 'something-else' })).hints[0]).toBe(
      'The services of this cluster: api, web.',
    );
  });
});

it('a service that is not there is not found, also by who may not list the others', async () => {
  const { stage, ecs } = world();
  stage.localAws.control.addFault({ operation: 'ecs:ListServices', kind: 'access-denied' });
  expect(await ecs.services.notFound({ ...WEB, service: 'wbe' })).toMatchObject({
    code: 'ecs.service_not_found',
    exitCode: 5,
    hints: ['Nothing was changed.'],
  });
});

describe('update', () => {
  it('answers with the service as it is to be, the new deployment in it', async () => {
    const { stage, ecs } = world();
    await stage.createService();
    await stage.pass(900);
    const taskDefinition = await stage.register();
    const service = await ecs.services.update({ ...WEB, taskDefinition });
    expect(service.deployments).toMatchObject([{ status: 'PRIMARY', taskDefinition }, { status: 'ACTIVE' }]);
  });

  it('sends members that the SDK has never heard of', async () => {
    const { stage } = world();
    await stage.createService();
    const proxy = await alteringProxy(stage.localAws.endpoint, (answer) => answer);
    const env = await awsEnvironment(proxy, { AWS_REGION: 'eu-central-1' });
    const session = await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined });
    const { services } = ecsOf(session);
    await services.update({ ...WEB, brandNew: { deep: [1, null] } });
    expect(proxy.bodies.at(-1)).toEqual({ ...WEB, brandNew: { deep: [1, null] } });
  });

  it.each(['500', 'reset-before', 'reset-after-apply'] as const)(
    'is not repeated after %s, because it may have been applied',
    async (kind) => {
      const { stage, ecs } = world();
      await stage.createService();
      stage.localAws.control.clearRequests();
      stage.localAws.control.addFault({ operation: 'ecs:UpdateService', kind });
      await expect(ecs.services.update({ ...WEB, forceNewDeployment: true })).rejects.toThrow();
      expect(operationsOf(stage.localAws)).toEqual(['ecs:UpdateService']);
    },
  );

  it('is repeated when AWS was too busy to take it', async () => {
    const { stage, ecs } = world();
    await stage.createService();
    await stage.pass(900);
    stage.localAws.control.addFault({ operation: 'ecs:UpdateService', kind: 'throttle' });
    expect((await ecs.services.update({ ...WEB, forceNewDeployment: true })).deployments).toHaveLength(2);
  });
});

it('E2: a service is created from its request as it is, without a load balancer when that names none', async () => {
  const proxy = await alteringProxy(world().stage.localAws.endpoint, (answer) => answer);
  const env = await awsEnvironment(proxy, { AWS_REGION: 'eu-central-1' });
  const session = await openSession({ env, clock: systemClock, region: undefined, expectedAccountId: undefined });
  const { services } = ecsOf(session);
  const request = {
    cluster: 'demo',
    serviceName: 'api',
    taskDefinition: 'web',
    launchType: 'FARGATE',
    desiredCount: 1,
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  };
  expect(await services.create(request)).toMatchObject({ name: 'api', deployments: [{ status: 'PRIMARY' }] });
  expect(proxy.bodies.at(-1)).toEqual(request);
});

describe('service deployments', () => {
  it('are listed newest first, and described with their target', async () => {
    const { stage, ecs } = world();
    await stage.createService();
    await stage.pass(900);
    const taskDefinition = await stage.register();
    await stage.update({ taskDefinition });
    const [newest, oldest] = (await ecs.services.deployments(WEB)) ?? [];
    expect([newest?.status, oldest?.status]).toEqual(['PENDING', 'SUCCESSFUL']);
    const described = await ecs.services.deployment(newest?.arn ?? '');
    expect(described).toMatchObject({
      arn: newest?.arn,
      status: 'PENDING',
      target: { arn: newest?.targetRevisionArn },
    });
    expect(await ecs.services.revision(described?.target.arn ?? '')).toMatchObject({
      taskDefinition,
      images: [{ container: 'app' }, { container: 'sidecar' }],
    });
  });

  it('can be asked for by time and state', async () => {
    const { stage, ecs } = world();
    await stage.createService();
    await stage.pass(900);
    const [first] = (await ecs.services.deployments(WEB)) ?? [];
    await stage.update({ forceNewDeployment: true });
    const later = await ecs.services.deployments(WEB, { createdAfter: (first?.createdAt ?? 0) + 1 });
    const done = await ecs.services.deployments(WEB, { statuses: ['SUCCESSFUL'] });
    expect([later?.length, done?.map(({ arn }) => arn)]).toEqual([1, [first?.arn]]);
  });

  it('of a service that AWS does not find (yet) are none', async () => {
    expect(await world().ecs.services.deployments(WEB)).toEqual([]);
  });

  it('that are not there are undefined', async () => {
    const arn = 'arn:aws:ecs:eu-central-1:123456789012:service-deployment/demo/web/none';
    expect(await world().ecs.services.deployment(arn)).toBeUndefined();
  });

  it('can be stopped, again and again', async () => {
    const { stage, ecs } = world();
    const { currentServiceDeployment: arn = '' } = await stage.createService();
    await ecs.services.stopDeployment(arn, 'ROLLBACK');
    expect((await ecs.services.deployment(arn))?.status).toBe('ROLLBACK_REQUESTED');
    await ecs.services.stopDeployment(arn, 'ROLLBACK');
  });
});

describe('poll', () => {
  it('asks once, and throws what the SDK gives', async () => {
    const { stage, ecs } = world();
    await stage.createService();
    stage.localAws.control.clearRequests();
    stage.localAws.control.addFault({ operation: 'ecs:DescribeServices', kind: 'throttle' });
    await expect(ecs.services.poll.describe(WEB)).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(operationsOf(stage.localAws)).toEqual(['ecs:DescribeServices']);
  });
});
