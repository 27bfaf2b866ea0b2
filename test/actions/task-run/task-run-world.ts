import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { RegisterTaskDefinitionCommandInput, Task } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Clock } from '../../../src/core/clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Result } from '../../../src/core/result.ts';
import type { LocalAws } from '../../../src/local-aws/server.ts';
import { startEcsStage, webDefinition, type EcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { logsClient } from '../../local-aws/logs/logs-client.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';

export const REGION = 'eu-central-1';
export const EXECUTION_ROLE = 'arn:aws:iam::123456789012:role/execution';

export interface TaskRunOptions {
  clock?: Clock;
  signal?: AbortSignal;
  env?: Readonly<Record<string, string>>;
  /** Without the usual arguments: the cluster, the definition, and where it runs. */
  bare?: boolean;
}

export interface RunOfTask extends CliRun {
  result: Result;
  /** What was said on the way, without the marks of the lines, and without the error in the end. */
  said: string[];
}

export interface TaskRunWorld {
  stage: EcsStage;
  localAws: LocalAws;
  /** Runs the family `web` in the cluster `demo` on Fargate, while the time of the local AWS passes as the action waits. */
  run(args?: readonly string[], options?: TaskRunOptions): Promise<RunOfTask>;
  /** Has tasks go as told. */
  play(...rules: JsonObject[]): void;
  /** What identities may not do, from now on. */
  deny(...actions: string[]): void;
  /** All tasks that there are, those that have stopped too. */
  tasks(): Promise<Task[]>;
  /** A revision of `web` whose containers write to CloudWatch Logs, and the group that they write to. */
  registerWithLog(): Promise<string>;
  /** How often an operation was called, `ecs:` left out. */
  calls(operation: string): number;
}

export const USUAL = ['--cluster', 'demo'];
export const ON_FARGATE = ['--task-definition', 'web', '--launch-type', 'FARGATE', '--subnets', 'subnet-1'];

/** A local AWS with a cluster `demo` and a Fargate definition `web` for the tests of a file, as new before each of them. */
export function taskRunWorldForTests(): () => TaskRunWorld {
  let stage: EcsStage;
  let world: TaskRunWorld;
  beforeAll(async () => {
    stage = await startEcsStage();
  });
  beforeEach(async () => {
    await stage.restart();
    stage.localAws.control.clearRequests();
    world = worldOn(stage);
  });
  afterAll(() => stage.close());
  return () => world;
}

function worldOn(stage: EcsStage): TaskRunWorld {
  const { localAws } = stage;
  const { control } = localAws;
  return {
    stage,
    localAws,
    async run(args = [], { clock, env, bare, ...options } = {}) {
      const run = await runCli(['run-task', '--output', 'json', ...USUAL, ...(bare ? [] : ON_FARGATE), ...args], {
        ...options,
        clock: clock ?? drivingClock(control),
        // The SDK repeats nothing by itself, because it would wait in real time.
        env: { ...(await awsEnvironment(localAws, { AWS_REGION: REGION })), AWS_MAX_ATTEMPTS: '1', ...env },
      });
      const [progress = ''] = run.stderr.split(/^error: /m);
      const said = progress.split('\n').map((line) => line.replace(/^(==> | {4}|warning: )/, ''));
      return { ...run, said, result: resultOf(run) };
    },
    play: (...rules) =>
      control.setScenario({ ...control.scenario(), ecs: { tasks: rules.map((rule) => ({ match: '*', ...rule })) } }),
    deny: (...actions) =>
      control.setScenario({ ...control.scenario(), iam: { deny: actions.map((action) => ({ action })) } }),
    tasks: async () => [...(await stage.tasks('RUNNING')), ...(await stage.tasks('STOPPED'))],
    async registerWithLog() {
      const logs = logsClient(localAws);
      await logs.send(new CreateLogGroupCommand({ logGroupName: '/ecs/web' }));
      logs.destroy();
      return stage.register({ containerDefinitions: withLog(), executionRoleArn: EXECUTION_ROLE });
    },
    calls: (operation) => operationsOf(localAws).filter((name) => name === `ecs:${operation}`).length,
  };
}

/** The containers of `web`, each with a stream of its own. */
export function withLog(): NonNullable<RegisterTaskDefinitionCommandInput['containerDefinitions']> {
  const options = { 'awslogs-group': '/ecs/web', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'ecs' };
  return webDefinition().containerDefinitions!.map((container) => ({
    ...container,
    logConfiguration: { logDriver: 'awslogs' as const, options },
  }));
}
