import type { ExitCode } from '../../../../src/core/exit-codes.ts';
import type { Result } from '../../../../src/core/result.ts';
import type { EcsStage } from '../../../local-aws/ecs/ecs-stage.ts';
import { type DrivingClock, drivingClock } from '../../../support/driving-clock.ts';
import { awsEnvironment } from '../../../support/local-aws-world.ts';
import { resultOf, runCli } from '../../../support/run-cli.ts';
import { NEW_IMAGE } from './world.ts';

/** By its key, a call of ours is known from those of others. */
const OUR_KEY = 'AKIAOURS';
/** An automatic rerun of a step has the same id. */
const JOB = { CIRCLE_WORKFLOW_JOB_ID: '7d1b1d0e-6f4a-4f0e-9d0c-1f3a5b7c9e11' };
const OURS = { AWS_REGION: 'eu-central-1', AWS_MAX_ATTEMPTS: '3', AWS_ACCESS_KEY_ID: OUR_KEY, ...JOB };

export interface Run {
  exitCode: ExitCode;
  result: Result;
  /** All that a person reads. */
  said: string;
}

export interface RunOptions {
  /** What others do while time passes. */
  others?: ((stage: EcsStage, clock: DrivingClock) => void) | undefined;
  endpoint?: string;
  signal?: AbortSignal;
}

/** Runs an action in this process; hours of waiting pass at once. */
export async function runAction(stage: EcsStage, argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { others, endpoint = stage.localAws.endpoint, signal } = options;
  const clock = drivingClock(stage.localAws.control);
  others?.(stage, clock);
  const env = await awsEnvironment({ endpoint }, OURS);
  const run = await runCli([...argv, '--output', 'json'], { env, clock, ...(signal && { signal }) });
  return { exitCode: run.exitCode, result: resultOf(run), said: run.stdout + run.stderr };
}

/** Hours pass at once, but each look takes its time, and is one more call to be hit: there need not be many. */
export const SELDOM = ['--poll-interval', '60s'];

export const DEPLOY = ['deploy-service', '--cluster', 'demo', '--service', 'web', '--image', `app=${NEW_IMAGE}`];

export function deploy(stage: EcsStage, flags: readonly string[] = [], options: RunOptions = {}): Promise<Run> {
  return runAction(stage, [...DEPLOY, ...flags], options);
}

/** The operations that runs have called, in their order. */
export function ourCalls({ localAws }: EcsStage): string[] {
  const ours = localAws.control.requests().filter(({ accessKeyId }) => accessKeyId === OUR_KEY);
  return ours.map(({ operation }) => operation);
}
