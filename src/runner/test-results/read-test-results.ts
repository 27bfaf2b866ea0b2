import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../run-record.ts';
import { bytePath, onDisk } from '../storage/files/byte-path.ts';
import { pathSegment } from '../storage/files/path-segment.ts';
import { walkFiles } from '../storage/files/walk-files.ts';
import { scanJunit, type TestTotals } from './junit-scan.ts';

export interface JobTests extends TestTotals {
  readonly workflow: string;
  readonly job: string;
}

/** Files that are larger, and more of them, are not read: they are for programs, and stay where they are. */
const LARGEST_FILE = 16 * 1024 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_FAILURES = 1000;

/** What `store_test_results` kept of the jobs of a run, of all nodes together. */
export async function readTestResults(runFolder: string, { workflows }: RunRecord): Promise<JobTests[]> {
  const found: JobTests[] = [];
  const left = { bytes: MOST_BYTES };
  for (const { name: workflow, jobs } of workflows) {
    for (const { name: job } of jobs) {
      const totals = await readJob(join(runFolder, 'test-results', pathSegment(workflow), pathSegment(job)), left);
      if (totals) found.push({ workflow, job, ...totals });
    }
  }
  return found;
}

async function readJob(folder: string, left: { bytes: number }): Promise<TestTotals | undefined> {
  const all: TestTotals[] = [];
  for await (const { from, stats } of walkFiles(bytePath(folder), '')) {
    if (!stats.isFile() || stats.size > Math.min(LARGEST_FILE, left.bytes)) continue;
    left.bytes -= stats.size;
    all.push(scanJunit(await readFile(onDisk(from), 'utf8')));
  }
  if (all.length === 0) return undefined;
  const sum = (of: (totals: TestTotals) => number): number => all.reduce((total, each) => total + of(each), 0);
  return {
    passed: sum((each) => each.passed),
    failed: sum((each) => each.failed),
    skipped: sum((each) => each.skipped),
    failures: all.flatMap((each) => each.failures).slice(0, MOST_FAILURES),
  };
}

/** Sizes of the artifacts of a run in bytes, by their paths below its folder. */
export async function artifactSizes(runFolder: string, { workflows }: RunRecord): Promise<ReadonlyMap<string, number>> {
  const paths = workflows.flatMap(({ jobs }) => jobs.flatMap(({ nodes }) => nodes.flatMap((node) => node.artifacts)));
  const sizes = await Promise.all(
    paths.map(async (path) => [path, (await stat(join(runFolder, path)).catch(() => undefined))?.size] as const),
  );
  return new Map(sizes.flatMap(([path, size]) => (size === undefined ? [] : [[path, size] as const])));
}
