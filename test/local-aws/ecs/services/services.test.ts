import {
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf, signedHeaders } from '../../clients.ts';
import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.restart());

const describeServices = (...services: string[]) =>
  stage.ecs.send(new DescribeServicesCommand({ cluster: 'demo', services }));

describe('CreateService', () => {
  it('gives the service as it is to be', async () => {
    expect(await stage.createService()).toMatchObject({
      serviceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/demo/web',
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 0,
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      taskDefinition: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1',
      schedulingStrategy: 'REPLICA',
      deploymentController: { type: 'ECS' },
      deploymentConfiguration: {
        strategy: 'ROLLING',
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        bakeTimeInMinutes: 0,
        deploymentCircuitBreaker: { enable: false, rollback: false },
      },
      deployments: [{ id: expect.stringMatching(/^ecs-svc\/\d{19}$/), status: 'PRIMARY' }],
      currentServiceDeployment: expect.stringMatching(/:service-deployment\/demo\/web\/[\w-]{21}$/),
    });
  });

  it('is the same again for the same request, and an error for another one', async () => {
    const { createdAt } = await stage.createService({ clientToken: 'a' });
    await stage.pass(1);
    expect((await stage.createService({ clientToken: 'b' })).createdAt).toEqual(createdAt);
    expect(await failureOf(stage.createService({ desiredCount: 3 }))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'Creation of service was not idempotent.',
    });
  });

  it.each<[string, Partial<CreateServiceCommandInput>, string, string]>([
    ['an unknown cluster', { cluster: 'x' }, 'ClusterNotFoundException', 'Cluster not found.'],
    ['an unknown definition', { taskDefinition: 'x' }, 'ClientException', 'TaskDefinition not found.'],
    ['no definition', { taskDefinition: undefined }, 'ClientException', 'TaskDefinition can not be blank.'],
    ['a negative count', { desiredCount: -1 }, 'InvalidParameterException', 'Invalid desired count.'],
    ['a wrong name', { serviceName: 'a b' }, 'InvalidParameterException', 'Invalid service name.'],
    [
      'a container that the definition does not have',
      { loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'x', containerPort: 80 }] },
      'InvalidParameterException',
      'The container x does not exist in the task definition.',
    ],
    [
      'a port that the container does not have',
      { loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'app', containerPort: 81 }] },
      'InvalidParameterException',
      'The container app did not have a container port 81 defined.',
    ],
    [
      'a configuration under which nothing could move',
      { deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 100 } },
      'InvalidParameterException',
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    ],
    [
      'a pause while traffic shifts',
      {
        deploymentConfiguration: {
          strategy: 'BLUE_GREEN',
          lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }],
        },
      },
      'InvalidParameterException',
      'PAUSE hooks cannot be configured at the PRODUCTION_TRAFFIC_SHIFT stage.',
    ],
    [
      'a Lambda hook without a function',
      {
        deploymentConfiguration: { strategy: 'BLUE_GREEN', lifecycleHooks: [{ lifecycleStages: ['POST_SCALE_UP'] }] },
      },
      'InvalidParameterException',
      'A Lambda lifecycle hook needs hookTargetArn and roleArn.',
    ],
    [
      'a step that is too small',
      { deploymentConfiguration: { strategy: 'LINEAR', linearConfiguration: { stepPercent: 2.9 } } },
      'InvalidParameterException',
      'stepPercent must be a multiple of 0.1 from 3 to 100.',
    ],
    [
      'the steps of another strategy',
      { deploymentConfiguration: { strategy: 'CANARY', linearConfiguration: { stepPercent: 10 } } },
      'InvalidParameterException',
      'linearConfiguration can only be used with the LINEAR strategy.',
    ],
    [
      'a success that comes before the minimum',
      {
        deploymentConfiguration: {
          earlySuccessCriteria: { enable: true, healthyPercent: 50, sourceServiceRevisionCleanup: 'DEFERRED' },
        },
      },
      'InvalidParameterException',
      'healthyPercent must be a whole number between minimumHealthyPercent and 100.',
    ],
  ])('refuses %s', async (_title, input, name, message) => {
    expect(await failureOf(stage.createService(input))).toMatchObject({ name, message });
  });
});

describe('DescribeServices', () => {
  it('finds by name and ARN, and tells what is missing', async () => {
    const { serviceArn } = await stage.createService();
    const { services, failures } = await describeServices('web', serviceArn!, 'wbe');
    expect(services).toHaveLength(2);
    expect(failures).toEqual([{ arn: 'arn:aws:ecs:eu-central-1:123456789012:service/demo/wbe', reason: 'MISSING' }]);
  });

  it('finds by the ARN that services had before 2021', async () => {
    await stage.createService();
    const { services } = await describeServices('arn:aws:ecs:eu-central-1:123456789012:service/web');
    expect(services).toMatchObject([{ serviceName: 'web' }]);
  });

  it('misses a service of another account by its ARN', async () => {
    await stage.createService();
    const arn = 'arn:aws:ecs:eu-central-1:210987654321:service/demo/web';
    expect(await describeServices(arn)).toMatchObject({ services: [], failures: [{ arn, reason: 'MISSING' }] });
  });

  it('has at most the last 100 events, the newest first', async () => {
    await stage.restart({ ecs: { tasks: [{ match: 'web', exit: { after: '1s' }, durations: { HEALTHY: '0s' } }] } });
    await stage.createService({ desiredCount: 1 });
    await stage.pass(5000);
    const { events } = await stage.service();
    expect(events).toHaveLength(100);
    const times = events!.map(({ createdAt }) => createdAt!.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(new Set(events!.map(({ id }) => id)).size).toBe(100);
  });

  it('gives tags only when they are asked for', async () => {
    const { serviceArn } = await stage.createService({ tags: [{ key: 'a', value: 'b' }] });
    expect((await stage.service()).tags).toEqual([]);
    await stage.ecs.send(new TagResourceCommand({ resourceArn: serviceArn, tags: [{ key: 'c', value: 'd' }] }));
    const { tags } = await stage.ecs.send(new ListTagsForResourceCommand({ resourceArn: serviceArn }));
    expect(tags).toEqual([
      { key: 'a', value: 'b' },
      { key: 'c', value: 'd' },
    ]);
  });

  it('wants at least one and takes up to ten', async () => {
    expect(await failureOf(describeServices())).toMatchObject({ message: 'Services cannot be empty.' });
    const many = Array.from({ length: 11 }, (_none, index) => `s${index}`);
    expect(await failureOf(describeServices(...many))).toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('UpdateService', () => {
  const deploymentCount = async (): Promise<number> => (await stage.deployments()).length;
  beforeEach(async () => {
    await stage.createService();
    await stage.pass(120);
  });

  it.each<[string, UpdateServiceCommandInput | object, number]>([
    ['nothing at all', {}, 1],
    ['the definition that it has', { taskDefinition: 'web:1' }, 1],
    ['another count', { desiredCount: 1 }, 1],
    ['another configuration of deployments', { deploymentConfiguration: { maximumPercent: 150 } }, 1],
    ['other tags for tasks', { propagateTags: 'SERVICE' }, 1],
    ['a new deployment of the same', { forceNewDeployment: true }, 2],
    ['another network', { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2'] } } }, 2],
    ['another platform', { platformVersion: '1.4.0' }, 2],
    ['a load balancer', { loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'app', containerPort: 80 }] }, 2],
  ])('with %s makes as many deployments as that needs', async (_title, input, count) => {
    await stage.update(input);
    expect(await deploymentCount()).toBe(count);
  });

  it('leaves what is omitted as it is, and clears by an empty list', async () => {
    await stage.update({
      desiredCount: 3,
      healthCheckGracePeriodSeconds: 9,
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        minimumHealthyPercent: 50,
      },
      loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'app', containerPort: 80 }],
    });
    await stage.update({ deploymentConfiguration: { maximumPercent: 150 } });
    const service = await stage.service();
    expect(service).toMatchObject({
      desiredCount: 3,
      healthCheckGracePeriodSeconds: 9,
      loadBalancers: [{ targetGroupArn: 'arn:tg' }],
      deploymentConfiguration: {
        maximumPercent: 150,
        minimumHealthyPercent: 50,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    });
    await stage.update({ loadBalancers: [] });
    expect((await stage.service()).loadBalancers).toEqual([]);
  });

  it('scales without a deployment', async () => {
    await stage.update({ desiredCount: 4 });
    await stage.pass(60);
    expect(await stage.service()).toMatchObject({ runningCount: 4, deployments: [{ desiredCount: 4 }] });
    await stage.update({ desiredCount: 0 });
    await stage.pass(60);
    expect(await stage.service()).toMatchObject({ runningCount: 0, deployments: [{ desiredCount: 0 }] });
  });

  it('has no launch type to change: like every member that it does not know, that is dropped', async () => {
    const response = await fetch(stage.localAws.endpoint, {
      method: 'POST',
      headers: {
        ...signedHeaders('ecs'),
        'x-amz-target': 'AmazonEC2ContainerServiceV20141113.UpdateService',
        'content-type': 'application/x-amz-json-1.1',
      },
      body: JSON.stringify({ cluster: 'demo', service: 'web', launchType: 'EC2' }),
    });
    expect(await response.json()).toMatchObject({ service: { launchType: 'FARGATE' } });
  });

  it.each<[string, Partial<UpdateServiceCommandInput>, string, string]>([
    ['an unknown service', { service: 'wbe' }, 'ServiceNotFoundException', 'Service not found.'],
    ['an unknown cluster', { cluster: 'x' }, 'ClusterNotFoundException', 'Cluster not found.'],
    ['an unknown definition', { taskDefinition: 'web:9' }, 'ClientException', 'TaskDefinition not found.'],
    ['a negative count', { desiredCount: -1 }, 'InvalidParameterException', 'Invalid desired count.'],
    [
      'a cluster of another account',
      { cluster: 'arn:aws:ecs:eu-central-1:210987654321:cluster/demo' },
      'ClusterNotFoundException',
      'Cluster not found.',
    ],
    [
      'a cluster of another region',
      { cluster: 'arn:aws:ecs:us-east-1:123456789012:cluster/demo' },
      'InvalidParameterException',
      'Invalid Region in ARN',
    ],
    [
      'a service of another region',
      { service: 'arn:aws:ecs:us-east-1:123456789012:service/demo/web' },
      'InvalidParameterException',
      'Invalid Region in ARN',
    ],
    [
      'a service of another account',
      { service: 'arn:aws:ecs:eu-central-1:210987654321:service/demo/web' },
      'ServiceNotFoundException',
      'Service not found.',
    ],
    [
      'a service of another cluster',
      { service: 'arn:aws:ecs:eu-central-1:123456789012:service/other/web' },
      'InvalidParameterException',
      'Invalid identifier: Identifier is for cluster other. Your cluster is demo',
    ],
    [
      'a controller of others',
      { deploymentController: { type: 'EXTERNAL' } },
      'InvalidParameterException',
      'The deployment controller of a service cannot be changed to EXTERNAL.',
    ],
  ])('refuses %s, and changes nothing', async (_title, input, name, message) => {
    const before = await stage.service();
    expect(await failureOf(stage.update({ desiredCount: 7, ...input }))).toMatchObject({ name, message });
    expect(await stage.service()).toEqual(before);
  });

  it('refuses a definition that is not ACTIVE, and a new deployment of one', async () => {
    await stage.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:1' }));
    const inactive = { name: 'ClientException', message: 'TaskDefinition is inactive' };
    await stage.register();
    expect(await failureOf(stage.update({ taskDefinition: 'web:1' }))).toMatchObject(inactive);
    expect(await failureOf(stage.update({ forceNewDeployment: true }))).toMatchObject(inactive);
  });
});

describe('a DAEMON', () => {
  const DAEMON = { schedulingStrategy: 'DAEMON', launchType: 'EC2' } as const;
  const refusal = {
    name: 'InvalidParameterException',
    message:
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
  };

  it('can not be created with a count', async () => {
    expect(await failureOf(stage.createService({ ...DAEMON, desiredCount: 1 }))).toMatchObject(refusal);
  });

  it('can not be given one', async () => {
    await stage.createService({ ...DAEMON, desiredCount: undefined });
    expect(await failureOf(stage.update({ desiredCount: 1 }))).toMatchObject(refusal);
  });
});

describe('a service whose definition was deregistered', () => {
  it('runs on, and scales', async () => {
    await stage.createService();
    await stage.pass(120);
    await stage.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:1' }));
    await stage.update({ desiredCount: 3 });
    await stage.pass(120);
    expect(await stage.service()).toMatchObject({ taskDefinition: expect.stringMatching(/web:1$/), runningCount: 3 });
  });
});

describe('a service of CodeDeploy', () => {
  beforeEach(async () => {
    await stage.createService({ deploymentController: { type: 'CODE_DEPLOY' } });
    await stage.pass(120);
  });

  it('has a task set in the place of deployments', async () => {
    expect(await stage.service()).toMatchObject({
      runningCount: 2,
      deployments: [],
      taskSets: [{ status: 'PRIMARY', runningCount: 2, stabilityStatus: 'STEADY_STATE' }],
    });
  });

  it.each<[string, Partial<UpdateServiceCommandInput>]>([
    [
      'Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
      { taskDefinition: 'web' },
    ],
    [
      'Unable to update network parameters on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
      { platformVersion: '1.4.0' },
    ],
    [
      'Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.',
      { forceNewDeployment: true },
    ],
  ])('refuses: %s', async (message, input) => {
    expect(await failureOf(stage.update(input))).toMatchObject({ name: 'InvalidParameterException', message });
  });

  it('takes another count', async () => {
    expect(await stage.update({ desiredCount: 1, forceNewDeployment: false })).toMatchObject({ desiredCount: 1 });
  });
});

describe('DeleteService', () => {
  const remove = (force?: boolean) =>
    stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', ...(force && { force }) }));
  beforeEach(async () => {
    await stage.createService();
    await stage.pass(120);
  });

  it('wants no tasks, or to be forced', async () => {
    expect(await failureOf(remove())).toMatchObject({
      name: 'InvalidParameterException',
      message: 'The service cannot be stopped while it is scaled above 0.',
    });
    expect((await remove(true)).service).toMatchObject({ status: 'DRAINING' });
    await stage.pass(60);
    expect(await stage.service()).toMatchObject({ status: 'INACTIVE' });
  });

  it('leaves a service that cannot be updated, nor made again before it has drained', async () => {
    await remove(true);
    expect(await failureOf(stage.update({ desiredCount: 1 }))).toMatchObject({
      name: 'ServiceNotActiveException',
      message: 'Service was not ACTIVE.',
    });
    expect(await failureOf(stage.createService())).toMatchObject({
      message: 'Unable to Start a service that is still Draining.',
    });
    await stage.pass(60);
    expect(await stage.createService()).toMatchObject({ status: 'ACTIVE' });
    await stage.pass(120);
    expect(await stage.service()).toMatchObject({ runningCount: 2 });
    expect(await stage.deployments()).toHaveLength(1);
  });
});

it('ListServices gives ten at a time, and pages', async () => {
  for (let index = 0; index < 12; index += 1) {
    await stage.ecs.send(
      new CreateServiceCommand({
        cluster: 'demo',
        serviceName: `s${index}`,
        desiredCount: 0,
        deploymentController: { type: 'EXTERNAL' },
      }),
    );
  }
  const first = await stage.ecs.send(new ListServicesCommand({ cluster: 'demo' }));
  const second = await stage.ecs.send(new ListServicesCommand({ cluster: 'demo', nextToken: first.nextToken }));
  expect([first.serviceArns!.length, second.serviceArns!.length, second.nextToken]).toEqual([10, 2, undefined]);
});
