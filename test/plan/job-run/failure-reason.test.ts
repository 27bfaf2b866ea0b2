import { expect, it } from '@jest/globals';
import { failureHints } from '../../../src/plan/job-run/failure-reason.ts';

it.each([
  ['CannotPullContainerError: Error response from daemon: manifest unknown', 'The image could not be pulled'],
  ['OutOfMemoryError: Container killed due to memory usage', 'raise MEMORY'],
  ['Job attempt duration exceeded timeout', 'raise timeout'],
  ['Host EC2 (instance i-0123) terminated.', 'allow retries'],
  ['ResourceInitializationError: unable to pull secrets', 'check the execution role'],
  ['CannotStartContainerError: exec: "crawl": executable file not found in $PATH', 'The command does not exist'],
])('%s', (reason, advice) => {
  expect(failureHints([undefined, reason, reason])).toEqual([expect.stringContaining(advice)]);
});

it('a script that fails by itself needs no advice about AWS', () => {
  expect(failureHints(['Essential container in task exited'])).toEqual([]);
});
