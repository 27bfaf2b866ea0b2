import { join } from 'node:path';
import { runProgram } from '../../../src/image/run-program.ts';
import { isJsonObject } from '../../../src/core/json.ts';
import type { LocalAws } from '../../../src/local-aws/server.ts';

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

/** What fetch-and-run.sh ends with when it has all that it needs but credentials. */
const NO_CREDENTIALS = 202;

/** Finds out whether this machine can do the work of the sample's jobs; where it can't, the local AWS plays it. */
export async function prepareJobWork({ control }: LocalAws, project: string, temp: string): Promise<JobWork> {
  const simulatedWhy = await missingHere(join(project, 'fetch-and-run.sh'), temp);
  return {
    simulatedWhy,
    expect({ exitCode, log }) {
      if (simulatedWhy === undefined) return;
      const { batch, ...rest } = control.scenario();
      const jobs = [{ match: '*', outcome: { exitCode, log } }];
      control.setScenario({ ...rest, batch: { ...(isJsonObject(batch) ? batch : {}), jobs } });
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

/** What jobs/crawl.sh writes at its beginning and end, for when nothing can really run. */
export function crawlLog(pages: number): string[] {
  return [`crawl: ${pages} pages, attempt 1`, `crawl: all ${pages} pages done`];
}
