import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  type ListTaskDefinitionsCommandInput,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf, signedHeaders } from '../clients.ts';
import { type EcsStage, NETWORK, startEcsStage, webDefinition } from './ecs-stage.ts';

let stage: EcsStage;
beforeAll(async () => {
  stage = await startEcsStage();
});
afterAll(() => stage.close());
beforeEach(() => stage.restart());

const describeOne = async (taskDefinition: string, include: 'TAGS'[] = []) =>
  stage.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include }));
const deregister = (taskDefinition: string) => stage.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
const names = (arns: string[] = []): string[] => arns.map((arn) => arn.split('/')[1]!);

describe('a task definition', () => {
  it('is given back with what ECS fills in', async () => {
    const { taskDefinition } = await describeOne('web');
    expect(taskDefinition).toMatchObject({
      taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1',
      revision: 1,
      status: 'ACTIVE',
      compatibilities: ['EC2', 'FARGATE'],
      requiresCompatibilities: ['FARGATE'],
      volumes: [],
      placementConstraints: [],
      registeredAt: expect.any(Date),
      registeredBy: 'arn:aws:iam::123456789012:user/local',
      containerDefinitions: [
        {
          name: 'app',
          cpu: 0,
          essential: true,
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
        },
        { name: 'sidecar', essential: false },
      ],
    });
  });

  it('inherits nothing from the revision before', async () => {
    await stage.register({ taskRoleArn: 'arn:aws:iam::123456789012:role/app', tags: [{ key: 'a', value: 'b' }] });
    await stage.register();
    const { taskDefinition, tags } = await describeOne('web', ['TAGS']);
    expect(taskDefinition).toMatchObject({ revision: 3 });
    expect(taskDefinition).not.toHaveProperty('taskRoleArn');
    expect(tags).toEqual([]);
  });

  it('is found by family, family:revision and ARN, with its tags when they are asked for', async () => {
    const arn = await stage.register({ tags: [{ key: 'git', value: 'abc' }] });
    for (const reference of ['web', 'web:2', arn]) {
      const { taskDefinition, tags } = await describeOne(reference, ['TAGS']);
      expect([taskDefinition!.revision, tags]).toEqual([2, [{ key: 'git', value: 'abc' }]]);
    }
    expect((await describeOne('web')).tags).toEqual([]);
    expect(await failureOf(describeOne('web:9'))).toMatchObject({
      name: 'ClientException',
      message: 'Unable to describe task definition.',
    });
  });

  it('keeps its size as units, however it was given', async () => {
    const { taskDefinition } = await stage.ecs.send(
      new RegisterTaskDefinitionCommand({ ...webDefinition(), cpu: '1 vCPU', memory: '2 GB' }),
    );
    expect(taskDefinition).toMatchObject({ cpu: '1024', memory: '2048' });
  });
});

describe('RegisterTaskDefinition refuses', () => {
  const [app] = webDefinition().containerDefinitions!;
  const withApp = (more: object) => ({ containerDefinitions: [{ ...app!, ...more }] });
  it.each<[string, Partial<RegisterTaskDefinitionCommandInput>, string]>([
    ['no family', { family: '' }, 'Family can not be blank.'],
    ['a wrong family', { family: 'a b' }, 'Family contains invalid characters.'],
    ['no containers', { containerDefinitions: [] }, 'Container list cannot be empty.'],
    ['no name', withApp({ name: '' }), 'Container.name should not be null or empty.'],
    ['no image', withApp({ image: '' }), 'Container.image should not be null or empty.'],
    ['another network mode', { networkMode: 'bridge' }, "Fargate only supports network mode 'awsvpc'."],
    ['no CPU', { cpu: undefined }, "Fargate requires that 'cpu' be defined at the task level."],
    ['no memory', { memory: undefined }, "Fargate requires that 'memory' be defined at the task level."],
    ['a size that Fargate lacks', { memory: '4096' }, 'No Fargate configuration exists for given values.'],
    ['the same name twice', { containerDefinitions: [app!, app!] }, 'Container names must be unique in a task: app.'],
    [
      'no essential container',
      withApp({ essential: false }),
      'A task definition must have at least one essential container.',
    ],
    [
      'an ECR image without a role',
      withApp({ image: '123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1' }),
      'Fargate requires task definition to have execution role ARN to support ECR images.',
    ],
    [
      'secrets without a role',
      withApp({ secrets: [{ name: 'A', valueFrom: 'arn' }] }),
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    ],
    [
      'a secret that is a variable too',
      {
        executionRoleArn: 'arn:aws:iam::123456789012:role/x',
        ...withApp({ secrets: [{ name: 'A', valueFrom: 'arn' }], environment: [{ name: 'A', value: '' }] }),
      },
      "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'A'.",
    ],
    [
      'other ports on the host',
      withApp({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    ],
    ['an unknown volume', withApp({ mountPoints: [{ sourceVolume: 'x' }] }), "Unknown volume 'x'."],
    [
      'half a log configuration',
      {
        executionRoleArn: 'arn:aws:iam::123456789012:role/x',
        ...withApp({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } } }),
      },
      'Log driver awslogs requires options: awslogs-region, awslogs-stream-prefix',
    ],
    [
      'no memory anywhere',
      { requiresCompatibilities: ['EC2'], memory: undefined },
      "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    ],
  ])('%s', async (_title, change, message) => {
    const call = stage.ecs.send(new RegisterTaskDefinitionCommand({ ...webDefinition(), ...change }));
    expect(await failureOf(call)).toMatchObject({ name: 'ClientException', message });
  });
});

describe('a revision that is deregistered', () => {
  it('is INACTIVE for good, its number is not given again, and nothing starts from it', async () => {
    const arn = await stage.register();
    const { taskDefinition } = await deregister(arn);
    expect(taskDefinition).toMatchObject({ status: 'INACTIVE', deregisteredAt: expect.any(Date) });
    expect((await describeOne('web')).taskDefinition).toMatchObject({ revision: 1 });
    expect((await describeOne(arn)).taskDefinition).toMatchObject({ status: 'INACTIVE' });
    const run = new RunTaskCommand({ cluster: 'demo', taskDefinition: arn, networkConfiguration: NETWORK });
    expect(await failureOf(stage.ecs.send(run))).toMatchObject({
      name: 'InvalidParameterException',
      message: 'TaskDefinition is inactive',
    });
    expect(await stage.register()).toMatch(/:3$/);
  });

  it('must be named with its revision', async () => {
    expect(await failureOf(deregister('web'))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('can be deleted, an active one can not', async () => {
    await stage.register();
    await deregister('web:1');
    const taskDefinitions = ['web:1', 'web:2', 'web:3'];
    const deleted = await stage.ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions }));
    expect(deleted.taskDefinitions).toMatchObject([{ revision: 1, status: 'DELETE_IN_PROGRESS' }]);
    expect(deleted.failures).toMatchObject([
      {
        arn: expect.stringMatching(/web:2$/),
        reason: 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
      },
      { arn: 'web:3', reason: 'The specified task definition identifier is invalid.' },
    ]);
  });
});

describe('ListTaskDefinitions', () => {
  const list = (input: ListTaskDefinitionsCommandInput = {}) => stage.ecs.send(new ListTaskDefinitionsCommand(input));
  beforeEach(async () => {
    await stage.register({ family: 'web-admin' });
    for (let revision = 2; revision <= 11; revision += 1) await stage.register();
    await deregister('web:3');
  });

  it('gives active ones by family and then by number', async () => {
    const { taskDefinitionArns } = await list();
    expect(names(taskDefinitionArns)).toEqual([
      ...[1, 2, 4, 5, 6, 7, 8, 9, 10, 11].map((revision) => `web:${revision}`),
      'web-admin:1',
    ]);
  });

  it.each<[string, ListTaskDefinitionsCommandInput, string[]]>([
    ['the newest first', { sort: 'DESC', maxResults: 3 }, ['web-admin:1', 'web:11', 'web:10']],
    ['a whole family, not a prefix', { familyPrefix: 'web-admin' }, ['web-admin:1']],
    ['inactive ones', { status: 'INACTIVE' }, ['web:3']],
  ])('gives %s', async (_title, input, expected) => {
    expect(names((await list(input)).taskDefinitionArns)).toEqual(expected);
  });

  it('goes on in the same direction on the next page', async () => {
    const first = await list({ familyPrefix: 'web', sort: 'DESC', maxResults: 4 });
    const second = await list({ familyPrefix: 'web', sort: 'DESC', maxResults: 4, nextToken: first.nextToken });
    expect(names(second.taskDefinitionArns)).toEqual(['web:7', 'web:6', 'web:5', 'web:4']);
  });

  it('refuses a page that is too large', async () => {
    expect(await failureOf(list({ maxResults: 101 }))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('families by a prefix', async () => {
    const { families } = await stage.ecs.send(new ListTaskDefinitionFamiliesCommand({ familyPrefix: 'web-' }));
    expect(families).toEqual(['web-admin']);
  });
});

describe('members that the SDK does not know', () => {
  const post = async (operation: string, body: object): Promise<unknown> => {
    const response = await fetch(stage.localAws.endpoint, {
      method: 'POST',
      headers: {
        ...signedHeaders('ecs'),
        'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
        'content-type': 'application/x-amz-json-1.1',
      },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const future = { ...webDefinition(), family: 'new', fromTheFuture: { a: [1] } };

  it('are dropped, as AWS drops them', async () => {
    await post('RegisterTaskDefinition', future);
    const { taskDefinition } = (await post('DescribeTaskDefinition', { taskDefinition: 'new' })) as Record<
      string,
      object
    >;
    expect(taskDefinition).not.toHaveProperty('fromTheFuture');
  });

  it('are kept by an ECS that is newer', async () => {
    stage.localAws.control.setScenario({ ecs: { unknownMembers: 'keep' } });
    await post('RegisterTaskDefinition', future);
    expect(await post('DescribeTaskDefinition', { taskDefinition: 'new' })).toMatchObject({
      taskDefinition: { fromTheFuture: { a: [1] }, registeredAt: expect.any(Number) },
    });
    expect((await describeOne('new')).taskDefinition!.registeredAt).toBeInstanceOf(Date);
  });
});
