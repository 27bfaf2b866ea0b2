import { type CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, type ECRClient } from '@aws-sdk/client-ecr';
import { DescribeServiceRevisionsCommand, type RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { digestOf, ecrClient, RegistryClient, testIndex, type TestManifest } from '../../ecr/ecr-client.ts';
import { logsClient } from '../../logs/logs-client.ts';
import { type EcsStage, startEcsStage } from '../ecs-stage.ts';

let stage: EcsStage;
let ecr: ECRClient;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  stage = await startEcsStage();
  ecr = ecrClient(stage.localAws.endpoint);
  logs = logsClient(stage.localAws);
});
afterAll(async () => {
  ecr.destroy();
  logs.destroy();
  await stage.close();
});
beforeEach(() => stage.restart());

const ROLE = 'arn:aws:iam::123456789012:role/execution';

/** Pushes an image with that text to the repository `web` and gives its digest. */
async function push(text: string, tag: string): Promise<string> {
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'web' })).catch(() => undefined);
  const registry = await RegistryClient.login(stage.localAws.endpoint, ecr);
  return (await registry.pushImage('web', text, tag)).digest;
}

function register(image: string, more: object = {}, definition: object = {}): Promise<string> {
  const change: Partial<RegisterTaskDefinitionCommandInput> = {
    executionRoleArn: ROLE,
    ...definition,
    containerDefinitions: [{ name: 'app', image, ...more }],
  };
  return stage.register(change);
}

const repository = (): string => `${new URL(stage.localAws.endpoint).host}/web`;

async function digests(): Promise<(string | undefined)[]> {
  return (await stage.tasks()).map(({ containers }) => containers![0]!.imageDigest);
}

describe('the digest that containers report', () => {
  it('is that which the tag had in ECR when the first task of the revision started', async () => {
    const first = await push('one', '1');
    const taskDefinition = await register(`${repository()}:1`);
    await stage.createService({ taskDefinition, desiredCount: 1 });
    await stage.pass(60);
    const second = await push('two', '1');
    await stage.update({ desiredCount: 2 });
    await stage.pass(60);
    expect(await digests()).toEqual([first, first]);
    const { targetServiceRevision } = await stage.deployment();
    const { serviceRevisions } = await stage.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [targetServiceRevision!.arn!] }),
    );
    expect(serviceRevisions).toMatchObject([
      { taskDefinition, containerImages: [{ containerName: 'app', image: `${repository()}:1`, imageDigest: first }] },
    ]);
    await stage.update({ forceNewDeployment: true });
    await stage.pass(200);
    expect(await digests()).toEqual([second, second]);
  });

  it('is found by the name that ECR has on AWS too', async () => {
    const digest = await push('one', '1');
    const taskDefinition = await register('123456789012.dkr.ecr.eu-central-1.amazonaws.com/web:1');
    await stage.createService({ taskDefinition, desiredCount: 1 });
    await stage.pass(20);
    expect(await digests()).toEqual([digest]);
  });

  it.each([
    ['as it is written', `ghcr.io/acme/web@sha256:${'ab'.repeat(32)}`, `sha256:${'ab'.repeat(32)}`],
    ['made from the name of an image elsewhere', 'ghcr.io/acme/web:1', digestOf('ghcr.io/acme/web:1')],
  ])('is %s', async (_title, image, digest) => {
    await stage.createService({ taskDefinition: await register(image), desiredCount: 1 });
    await stage.pass(20);
    expect(await digests()).toEqual([digest]);
  });
});

describe('of an image for several platforms', () => {
  const PLATFORMS = [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ];
  let images: TestManifest[];
  let index: TestManifest;
  beforeEach(async () => {
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'web' }));
    const registry = await RegistryClient.login(stage.localAws.endpoint, ecr);
    images = [await registry.pushImage('web', 'amd64'), await registry.pushImage('web', 'arm64')];
    index = testIndex(images, PLATFORMS);
    await registry.putManifest('web', 'all', index);
  });

  const reported = async (definition: object): Promise<(string | undefined)[]> => {
    const taskDefinition = await register(`${repository()}@${index.digest}`, {}, definition);
    await stage.createService({ taskDefinition, desiredCount: 2 });
    await stage.pass(60);
    return digests();
  };
  const play = (imageDigest: string): void =>
    stage.localAws.control.setScenario({ ecs: { tasks: [{ match: 'web', imageDigest }] } });

  it('the index is what they report', async () => {
    expect(await reported({})).toEqual([index.digest, index.digest]);
  });

  it.each([
    ['X86_64', 0],
    ['ARM64', 1],
  ] as const)('the scenario can have them report the manifest for their platform %s', async (cpuArchitecture, nth) => {
    play('platform');
    const { digest } = images[nth]!;
    expect(await reported({ runtimePlatform: { cpuArchitecture } })).toEqual([digest, digest]);
  });

  it('the scenario can have them report any other', async () => {
    const digest = digestOf('other');
    play(digest);
    expect(await reported({})).toEqual([digest, digest]);
  });
});

describe('an image that is not in its repository', () => {
  it.each([
    ['a tag', ':9', 'not found'],
    ['a digest', `@sha256:${'0'.repeat(64)}`, 'not found'],
  ])('can not be pulled by %s', async (_title, suffix, why) => {
    await push('one', '1');
    const image = `${repository()}${suffix}`;
    await stage.createService({ taskDefinition: await register(image), desiredCount: 1 });
    await stage.pass(20);
    expect(await stage.tasks('STOPPED')).toMatchObject([
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: ${why}`,
      },
    ]);
  });

  it('can not be pulled without the repository', async () => {
    await stage.createService({ taskDefinition: await register(`${repository()}:1`), desiredCount: 1 });
    await stage.pass(20);
    const [task] = await stage.tasks('STOPPED');
    expect(task!.stoppedReason).toContain('RepositoryNotFoundException');
  });

  it('can not be pulled by a role that may not', async () => {
    await push('one', '1');
    stage.localAws.control.setScenario({ iam: { deny: [{ action: 'ecr:BatchGetImage' }] } });
    await stage.createService({ taskDefinition: await register(`${repository()}:1`), desiredCount: 1 });
    await stage.pass(20);
    const [task] = await stage.tasks('STOPPED');
    expect(task!.stoppedReason).toContain('assumed-role/execution');
  });
});

describe('the log of a container', () => {
  const logConfiguration = {
    logDriver: 'awslogs' as const,
    options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' },
  };

  it('has the lines of the scenario in CloudWatch', async () => {
    stage.localAws.control.setScenario({
      ecs: { tasks: [{ match: 'web', log: ['starting', '', 'listening on 80'] }] },
    });
    await logs.send(new CreateLogGroupCommand({ logGroupName: '/ecs/web' }));
    const taskDefinition = await register('ghcr.io/acme/web:1', { logConfiguration });
    await stage.createService({ taskDefinition, desiredCount: 1 });
    await stage.pass(20);
    const [task] = await stage.tasks();
    const { events } = await logs.send(
      new GetLogEventsCommand({
        logGroupName: '/ecs/web',
        logStreamName: `ecs/app/${task!.taskArn!.split('/').at(-1)}`,
        startFromHead: true,
      }),
    );
    expect(events!.map(({ message }) => message)).toEqual(['starting', ' ', 'listening on 80']);
  });

  it('whose group is missing keeps the task from starting', async () => {
    const taskDefinition = await register('ghcr.io/acme/web:1', { logConfiguration });
    await stage.createService({ taskDefinition, desiredCount: 1 });
    await stage.pass(20);
    const [task] = await stage.tasks('STOPPED');
    expect(task!.stoppedReason).toMatch(
      /^ResourceInitializationError: failed to validate logger args: .*ResourceNotFoundException/,
    );
  });

  it('makes its group when it is to', async () => {
    const options = { ...logConfiguration.options, 'awslogs-create-group': 'true' };
    const taskDefinition = await register('ghcr.io/acme/web:1', {
      logConfiguration: { logDriver: 'awslogs', options },
    });
    await stage.createService({ taskDefinition, desiredCount: 1 });
    await stage.pass(20);
    expect(await stage.tasks()).toMatchObject([{ lastStatus: 'RUNNING' }]);
  });
});
