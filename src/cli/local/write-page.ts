import { join } from 'node:path';
import { logFiles } from '../../report/run-page/logs/log-files.ts';
import { runPage } from '../../report/run-page/run-page.ts';
import type { RunRecord } from '../../runner/run-record.ts';
import { writeFileAtomic } from '../../runner/storage/files/atomic-write.ts';
import { artifactSizes, readTestResults } from '../../runner/test-results/read-test-results.ts';

const PAGE = 'index.html';

/**
 * Writes the page of a run into its folder. Gives its name there; undefined when it could not be written, as on a full
 * disk, which `problem` is told: how the run ended is another matter.
 */
export async function writePage(
  record: RunRecord,
  folder: string,
  problem: (error: Error) => void,
): Promise<string | undefined> {
  try {
    const [sizes, testResults] = await Promise.all([artifactSizes(folder, record), readTestResults(folder, record)]);
    const page = runPage(record, {
      logs: logFiles(folder),
      artifactSize: (path) => sizes.get(path),
      testResults,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    await writeFileAtomic(join(folder, PAGE), page);
    return PAGE;
  } catch (error) {
    problem(error as Error);
    return undefined;
  }
}
