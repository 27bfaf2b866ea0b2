import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand, type Service } from '@aws-sdk/client-ecs';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Result } from '../../../src/core/result.ts';
import { startEcsStage, type EcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { drivingClock, type DrivingClock } from '../../support/driving-clock.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
/** An image by digest, in a registry that nobody asks. */
export const IMAGE = `ghcr.io/acme/web@${DIGEST}`;

/** ECS gives up what fails, and leaves it. */
export const NO_ROLLBACK = { deploymentCircuitBreaker: { enable: true, rollback: false } };
/** ECS gives up what fails, and takes it back. */
export const ROLLBACK = { deploymentCircuitBreaker: { enable: true, rollback: true } };

export interface ReleaseRun extends CliRun {
  result: Result;
  /** What was said on the way, without the marks of the lines, and without the error in the end. */
  said: string[];
  /** The operations that were called. */
  calls: string[];
}

export interface ReleaseOptions {
  clock?: DrivingClock;
  signal?: AbortSignal;
  env?: Readonly<Record<string, string>>;
}

export interface SeenRevision {
  /** The image of the container app. */
  image: string | undefined;
  /** Which of our marks it has. */
  tags: string[];
}

export interface EcsReleaseWorld {
  stage: EcsStage;
  home: string;
  /** Releases the service web of the cluster demo; time passes only while the release waits. */
  release(args?: readonly string[], options?: ReleaseOptions): Promise<ReleaseRun>;
  /** The same for another action. */
  run(action: string, args: readonly string[], options?: ReleaseOptions): Promise<ReleaseRun>;
  /** A service web that runs web:1 well. */
  serviceRuns(deploymentConfiguration?: Service['deploymentConfiguration'], more?: object): Promise<void>;
  /** What tasks and deployments do from now on. */
  play(ecs: JsonObject): void;
  deny(...actions: string[]): void;
  /** A Dockerfile without RUN, and a repository `web` for its image. */
  hasSources(): Promise<void>;
  /** The Dockerfile alone, in a folder of the project. */
  hasDockerfile(folder: string): Promise<void>;
  /** The revisions of web, the oldest first. */
  revisions(): Promise<SeenRevision[]>;
  /** All tags of `web:2`. */
  tagsOf(revision: string): Promise<Record<string, string>>;
  /** `web:2`: what the service is to run. */
  serviceHas(): Promise<string | undefined>;
}

/** A cluster demo with a task definition web, and no service, before each test of a file. */
export function releaseWorldForTests(): () => EcsReleaseWorld {
  let stage: EcsStage;
  let ecr: ECRClient;
  let world: EcsReleaseWorld;
  beforeAll(async () => {
    stage = await startEcsStage();
  });
  beforeEach(async () => {
    await stage.restart();
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
    ecr = new ECRClient({ endpoint: stage.localAws.endpoint, region: 'eu-central-1', credentials });
    world = await worldOn(stage, ecr, await tempFolder());
  });
  afterEach(() => ecr.destroy());
  afterAll(() => stage.close());
  return () => world;
}

async function worldOn(stage: EcsStage, ecr: ECRClient, home: string): Promise<EcsReleaseWorld> {
  const { localAws } = stage;
  const { control } = localAws;
  const run: EcsReleaseWorld['run'] = async (action, args, { env, ...options } = {}) => {
    control.clearRequests();
    const ended = await runCli([action, '--output', 'json', ...args], {
      clock: drivingClock(control),
      ...options,
      cwd: home,
      env: {
        ...(await awsEnvironment(localAws, { AWS_REGION: 'eu-central-1' })),
        AWS_MAX_ATTEMPTS: '1',
        HOME: home,
        ...env,
      },
    });
    const [progress = ''] = ended.stderr.split(/^error: /m);
    const said = progress.split('\n').map((line) => line.replace(/^(==> | {4}|warning: )/, ''));
    return { ...ended, said, result: resultOf(ended), calls: operationsOf(localAws) };
  };
  return {
    stage,
    home,
    run,
    release: (args = [], options = {}) =>
      run('release-ecs-service', ['--cluster', 'demo', '--service', 'web', ...args], options),
    async serviceRuns(deploymentConfiguration = ROLLBACK, more = {}) {
      await stage.createService({ deploymentConfiguration, ...more });
      await stage.pass(900);
    },
    play(ecs) {
      control.setScenario({ ...control.scenario(), ecs });
    },
    deny(...actions) {
      control.setScenario({ ...control.scenario(), iam: { deny: actions.map((action) => ({ action })) } });
    },
    async hasSources() {
      await ecr.send(new CreateRepositoryCommand({ repositoryName: 'web' }));
      await writeSources(home);
    },
    hasDockerfile: (folder) => writeSources(join(home, folder)),
    async revisions() {
      const { taskDefinitionArns = [] } = await stage.ecs.send(
        new ListTaskDefinitionsCommand({ familyPrefix: 'web', sort: 'ASC' }),
      );
      return Promise.all(taskDefinitionArns.map((arn) => seenRevision(stage, arn)));
    },
    async tagsOf(revision) {
      const { tags = [] } = await stage.ecs.send(
        new DescribeTaskDefinitionCommand({ taskDefinition: revision, include: ['TAGS'] }),
      );
      return Object.fromEntries(tags.map(({ key, value }) => [String(key), String(value)]));
    },
    async serviceHas() {
      return (await stage.service()).taskDefinition?.split('/').at(-1);
    },
  };
}

async function writeSources(folder: string): Promise<void> {
  await mkdir(join(folder, 'app'), { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY app /app\n');
  await writeFile(join(folder, 'app/server'), 'serve\n');
}

async function seenRevision({ ecs }: EcsStage, arn: string): Promise<SeenRevision> {
  const { taskDefinition, tags = [] } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
  );
  return {
    image: taskDefinition?.containerDefinitions?.find(({ name }) => name === 'app')?.image,
    tags: ['verified', 'rejected'].filter((name) => tags.some(({ key }) => key === `aws-deploy:${name}`)),
  };
}
