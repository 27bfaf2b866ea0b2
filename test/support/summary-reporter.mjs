import { readFileSync } from 'node:fs';

/**
 * Names every test that skipped, so that none does in silence, and ends with one line of counts. With
 * AWS_DEPLOY_ALLOWED_SKIPS, the path of a file with one beginning of a test's full name a line, any other skipped test
 * fails the run.
 */
export default class SummaryReporter {
  #error;

  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults
        .filter(({ status }) => status === 'pending' || status === 'todo')
        .map(({ fullName }) => fullName),
    );
    for (const name of skipped) console.log(`skipped: ${name}`);
    const unexpected = skipped.filter((name) => !allowedSkips().some((beginning) => name.startsWith(beginning)));
    const file = process.env['AWS_DEPLOY_ALLOWED_SKIPS'];
    if (file && unexpected.length > 0) {
      for (const name of unexpected) console.log(`must not skip here: ${name}`);
      this.#error = new Error(`${unexpected.length} tests skipped that are not listed in ${file}`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
  }

  getLastError() {
    return this.#error;
  }
}

function allowedSkips() {
  const file = process.env['AWS_DEPLOY_ALLOWED_SKIPS'];
  if (!file) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}
