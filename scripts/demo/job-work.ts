import { join } from 'node:path';
import { runProgram } from '../../src/image/run-program.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { LocalAws } from '../../src/local-aws/server.ts';

/** What jobs do in the local AWS: their real work, as processes of this machine, or what the story says that they do. */
export interface JobWork {
  /** Why nothing of it can be real here; undefined when it is. */
  simulatedWhy: string | undefined;
  /** What the jobs from now on do, where that is not real. */
  expect(end: JobEnd): void;
}

export interface JobEnd {
  exitCode: number;
  log: string[];
}

/** How long a job stays in each state, so that nobody has to wait for a compute environment that isn't there. */
const DURATIONS: JsonObject = {
  SUBMITTED: '200ms',
  PENDING: '200ms',
  RUNNABLE: '300ms',
  STARTING: '300ms',
  RUNNING: '200ms',
};

/** What fetch-and-run.sh ends with when it has all that it needs but credentials. */
const NO_CREDENTIALS = 202;

/** Finds out whether this machine can do the work of the sample's jobs, and has the local AWS do it, or play it. */
export async function prepareJobWork({ control }: LocalAws, project: string, temp: string): Promise<JobWork> {
  const simulatedWhy = await missingHere(join(project, 'fetch-and-run.sh'), temp);
  const play = (rule: JsonObject): void =>
    // The stand-in base has no programs, so that not even a docker engine could run the image.
    control.setScenario({ batch: { work: ['host'], jobs: [{ match: '*', durations: DURATIONS, ...rule }] } });
  play({});
  return {
    simulatedWhy,
    expect({ exitCode, log }) {
      if (simulatedWhy !== undefined) play({ outcome: { exitCode, log } });
    },
  };
}

/** Asks the entry point itself, by a request in which nothing is missing but credentials. */
async function missingHere(entryPoint: string, temp: string): Promise<string | undefined> {
  const end = await runProgram('sh', [entryPoint], {
    env: {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: temp,
      BATCH_FILE_TYPE: 'script',
      BATCH_FILE_S3_URL: 's3://bucket/key',
      BATCH_FILE_SHA256: '0'.repeat(64),
    },
    timeoutMs: 10_000,
  });
  if (end.kind === 'missing') return 'there is no sh here';
  if (end.kind === 'timed-out') return 'fetch-and-run.sh does not come to an end here';
  if (end.code === NO_CREDENTIALS) return undefined;
  return (end.lines.at(-1) ?? `fetch-and-run.sh ends with ${end.code} here`).replace(/^fetch-and-run: /, '');
}
