import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentConfiguration, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../src/core/clock.ts';
import type { OutputsRecord, Result } from '../../../src/core/result.ts';
import { tagMap } from '../../../src/plan/task-definition/tags.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import type { EcsWorld } from '../../support/ecs-world.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';

export interface ServiceRun extends CliRun {
  result: Result;
  /** What was said on the way, without the marks of the lines, and without the error in the end. */
  said: string[];
  /** What was called meanwhile. */
  calls: string[];
}

export interface ServiceRunWorld {
  env?: Readonly<Record<string, string>>;
  clock?: Clock;
  signal?: AbortSignal;
}

/** Runs an action on the service `web`, while the time of the local AWS passes as the action waits. */
export async function runOn(
  { stage: { localAws } }: EcsWorld,
  action: string,
  args: readonly string[] = [],
  { env = {}, ...world }: ServiceRunWorld = {},
): Promise<ServiceRun> {
  localAws.control.clearRequests();
  const argv = [action, '--cluster', 'demo', '--service', 'web', '--output', 'json', ...args];
  const run = await runCli(argv, {
    ...world,
    clock: world.clock ?? drivingClock(localAws.control),
    // The SDK would wait in real time before it repeats a call.
    env: { ...(await awsEnvironment(localAws, { AWS_REGION: 'eu-central-1', AWS_MAX_ATTEMPTS: '1' })), ...env },
  });
  const [progress = ''] = run.stderr.split(/^error: /m);
  const said = progress.split('\n').map((line) => line.replace(/^(==> | {4}|warning: )/, ''));
  return { ...run, said, result: resultOf(run), calls: operationsOf(localAws) };
}

/** The environment of a job whose workflow has left these results, the oldest first. */
export async function jobAfter(
  folder: string,
  ...entries: readonly { action: string; outputs: OutputsRecord; component?: string }[]
): Promise<Record<string, string>> {
  const record = join(folder, '.aws-deploy', 'attached', 'record');
  await mkdir(record, { recursive: true });
  for (const [index, entry] of entries.entries()) {
    const result = {
      schema: 'aws-deploy/result@1',
      component: 'web',
      finishedAt: new Date(index).toISOString(),
      ...entry,
    };
    await writeFile(join(record, `${index}.json`), JSON.stringify(result));
  }
  return { HOME: folder, CIRCLECI: 'true' };
}

export const PAUSED: DeploymentConfiguration = {
  strategy: 'BLUE_GREEN',
  lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
};

/** Two pauses, one after the other. */
export const PAUSED_TWICE: DeploymentConfiguration = {
  strategy: 'BLUE_GREEN',
  lifecycleHooks: [
    { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] },
    { targetType: 'PAUSE', lifecycleStages: ['POST_PRODUCTION_TRAFFIC_SHIFT'] },
  ],
};

/** Deploys a revision that says something else, and gives the service deployment. */
export async function deployNext(
  { stage }: EcsWorld,
  content: string,
  deploymentConfiguration?: DeploymentConfiguration,
): Promise<ServiceDeployment> {
  const taskDefinition = await registerContent(stage, content);
  await stage.update({ taskDefinition, ...(deploymentConfiguration && { deploymentConfiguration }) });
  return stage.deployment();
}

/** A revision of `web` that differs in a variable. */
export async function registerContent(stage: EcsWorld['stage'], content: string): Promise<string> {
  const environment = [{ name: 'CONTENT', value: content }];
  return stage.register({ containerDefinitions: [{ name: 'app', image: 'ghcr.io/acme/web:1', environment }] });
}

export function idOf({ targetServiceRevision }: ServiceDeployment): string {
  return `ecs-svc/${targetServiceRevision?.arn?.split('/').at(-1)}`;
}

/** The tags of a revision, by `family:revision` or ARN. */
export async function tagsOf({ ecs }: EcsWorld, reference: string): Promise<Record<string, string>> {
  return tagMap((await ecs.taskDefinitions.describe(reference))?.definition ?? {});
}
