import type { CreateServiceCommandInput, Service } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Clock } from '../../../src/core/clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Result } from '../../../src/core/result.ts';
import { startEcsStage, type EcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

export const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };
export const PULL = 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found';

export interface ServiceRun extends CliRun {
  result: Result;
  /** What was said on the way, without the marks of the lines, and without the error in the end. */
  said: string[];
}

export interface ServiceRunOptions {
  clock?: Clock;
  signal?: AbortSignal;
  env?: Readonly<Record<string, string>>;
}

export interface DeployWorld {
  stage: EcsStage;
  /** The working directory and the home of what is run. */
  home: string;
  /** Runs an action for the service web in the cluster demo; time passes only while it waits. */
  run(action: string, args?: readonly string[], options?: ServiceRunOptions): Promise<ServiceRun>;
  deploy(args?: readonly string[], options?: ServiceRunOptions): Promise<ServiceRun>;
  /** A service that runs well on web:1, and what will become of its next deployment. */
  runningService(scenario?: JsonObject, input?: Partial<CreateServiceCommandInput>): Promise<Service>;
  /** Operations since the service ran. */
  calls(): string[];
  /** `web:2` */
  revisionOf(service: Service): string | undefined;
}

/** A cluster `demo` with a task definition `web` for the tests of a file, back at the start before each of them. */
export function deployWorldForTests(): () => DeployWorld {
  let stage: EcsStage;
  let world: DeployWorld;
  beforeAll(async () => {
    stage = await startEcsStage();
  });
  beforeEach(async () => {
    await stage.restart();
    world = worldOn(stage, await tempFolder());
  });
  afterAll(() => stage.close());
  return () => world;
}

function worldOn(stage: EcsStage, home: string): DeployWorld {
  const { localAws } = stage;
  const run: DeployWorld['run'] = async (action, args = [], { env, ...options } = {}) => {
    const place = args.includes('--service') ? [] : ['--service', 'web'];
    const ended = await runCli([action, '--output', 'json', '--cluster', 'demo', ...place, ...args], {
      clock: drivingClock(localAws.control),
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
    return { ...ended, said, result: resultOf(ended) };
  };
  return {
    stage,
    home,
    run,
    deploy: (args, options) => run('deploy-service', args, options),
    async runningService(scenario = {}, input = {}) {
      await stage.restart({ ecs: scenario });
      const service = await stage.createService({ deploymentConfiguration: BREAKER, ...input });
      await stage.pass(900);
      localAws.control.clearRequests();
      return service;
    },
    calls: () => operationsOf(localAws),
    revisionOf: ({ taskDefinition }) => taskDefinition?.split('/').at(-1),
  };
}
