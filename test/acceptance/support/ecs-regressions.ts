import { spawnSync } from 'node:child_process';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { TaskDefinitionOperations } from '../../../src/aws/ecs/task-definitions.ts';
import { openEcs } from '../../../src/aws/ecs/open-ecs.ts';
import { openSession } from '../../../src/aws/session.ts';
import { systemClock } from '../../../src/core/clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Result } from '../../../src/core/result.ts';
import { startEcsStage, type EcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

export interface Step extends CliRun {
  result: Result;
}

/** A job of CircleCI whose steps run the CLI, on a local AWS with a cluster `demo` and a task definition `web`. */
export interface EcsJob {
  stage: EcsStage;
  /** What is registered, with members that no model knows. */
  taskDefinitions: TaskDefinitionOperations;
  /** A step, while the time of the local AWS passes as it waits. */
  step(...args: string[]): Promise<Step>;
  /** A file of the checkout; gives its name. */
  file(name: string, content: JsonObject): Promise<string>;
  /** A service `web` that runs well, and how tasks and deployments go from then on. */
  running(scenario?: JsonObject, input?: Partial<CreateServiceCommandInput>): Promise<void>;
  /** What somebody else's step exports. */
  export(line: string): Promise<void>;
  /** The environment of the next step, as bash finds it. Throws when bash can't read what is there. */
  nextStep(): Record<string, string>;
  /** All that the job has written for later steps and jobs. */
  written(): Promise<string>;
  /** Calls since the job began that change something. */
  changes(): string[];
}

export function ecsJobForTests(): () => EcsJob {
  let stage: EcsStage;
  let job: EcsJob;
  beforeAll(async () => {
    stage = await startEcsStage();
  });
  beforeEach(async () => {
    await stage.restart();
    job = await jobOn(stage);
    stage.localAws.control.clearRequests();
  });
  afterAll(() => stage.close());
  return () => job;
}

async function jobOn(stage: EcsStage): Promise<EcsJob> {
  const { localAws } = stage;
  const [home, cwd] = [await tempFolder(), await tempFolder()];
  const bashEnv = join(home, 'bash-env');
  await writeFile(bashEnv, '');
  const env = {
    ...(await awsEnvironment(localAws, { AWS_REGION: 'eu-central-1' })),
    HOME: home,
    BASH_ENV: bashEnv,
    CIRCLECI: 'true',
  };
  const request = { env, clock: systemClock, region: undefined, expectedAccountId: undefined };
  const { settings } = await openSession(request);
  return {
    stage,
    taskDefinitions: openEcs(settings).taskDefinitions,
    async step(...args) {
      const run = await runCli([...args, '--output', 'json'], { env, cwd, clock: drivingClock(localAws.control) });
      return { ...run, result: resultOf(run) };
    },
    async file(name, content) {
      await writeFile(join(cwd, name), JSON.stringify(content));
      return name;
    },
    async running(scenario = {}, input = {}) {
      await stage.restart({ ecs: scenario });
      await stage.createService(input);
      await stage.pass(900);
      localAws.control.clearRequests();
    },
    export: (line) => appendFile(bashEnv, `${line}\n`),
    nextStep() {
      // With anything to read from, bash may take itself for one that was called over the network, and read other files.
      const { stdout, stderr } = spawnSync('bash', ['-c', 'env -0'], {
        env: { PATH: process.env['PATH'], BASH_ENV: bashEnv },
        stdio: ['ignore', 'pipe', 'pipe'],
        encoding: 'utf8',
      });
      if (stderr !== '') throw new Error(stderr);
      const entries = stdout.split('\0').filter((line) => line !== '');
      return Object.fromEntries(
        entries.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
      );
    },
    written: () => readFile(bashEnv, 'utf8'),
    changes: () =>
      operationsOf(localAws).filter((name) => /:(Create|Update|Register|Run|Put|Tag|Stop|Delete)/.test(name)),
  };
}
