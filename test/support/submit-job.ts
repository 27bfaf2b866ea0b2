import type { Clock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Result } from '../../src/core/result.ts';
import type { LocalAws } from '../../src/local-aws/server.ts';
import { drivingClock } from './driving-clock.ts';
import { awsEnvironment } from './local-aws-world.ts';
import { resultOf, runCli, type CliRun } from './run-cli.ts';

export interface SubmitRun extends CliRun {
  result: Result;
  /** What was said on the way, without the marks of the lines, and without the error in the end. */
  said: string[];
}

export interface SubmitWorld {
  env?: Readonly<Record<string, string>>;
  clock?: Clock;
  signal?: AbortSignal;
}

/**
 * Runs a job of the definition crawl in the queue nightly, while the time of the local AWS passes as the action waits.
 * The SDK repeats nothing by itself, because it would wait in real time.
 */
export async function submit(
  localAws: LocalAws,
  args: readonly string[] = [],
  world: SubmitWorld = {},
): Promise<SubmitRun> {
  const run = await runCli(
    ['submit-job', '--output', 'json', '--job-definition-name', 'crawl', '--job-queue', 'nightly', ...args],
    {
      ...world,
      clock: world.clock ?? drivingClock(localAws.control),
      env: { ...(await awsEnvironment(localAws)), AWS_MAX_ATTEMPTS: '1', ...world.env },
    },
  );
  const [progress = ''] = run.stderr.split(/^error: /m);
  const said = progress.split('\n').map((line) => line.replace(/^(==> | {4}|warning: )/, ''));
  return { ...run, said, result: resultOf(run) };
}

/** Has the jobs of a name end as told, without real work. */
export function playJobs(localAws: LocalAws, ...rules: JsonObject[]): void {
  localAws.control.setScenario({ batch: { work: [], jobs: rules.map((rule) => ({ match: 'crawl*', ...rule })) } });
}
