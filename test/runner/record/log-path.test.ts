import { describe, expect, it } from '@jest/globals';
import { logPaths } from '../../../src/runner/record/log-path.ts';
import { pipelineOf } from '../support/pipeline-of.ts';

const logPath = logPaths(
  pipelineOf(`
jobs:
  test: {machine: true, parallelism: 2, steps: []}
  build: {machine: true, steps: []}
workflows:
  main: {jobs: [test, build]}
`),
);

describe('the log of a step', () => {
  it.each([
    ['build', 0, 0, 'Checkout code', 'logs/main/build/01-checkout-code.log'],
    ['build', 0, 11, 'npm test -- --ci', 'logs/main/build/12-npm-test-ci.log'],
    ['test', 1, 0, 'x', 'logs/main/test/1/01-x.log'],
    ['build', 0, 0, '../../etc/passwd', 'logs/main/build/01-etc-passwd.log'],
    ['build', 0, 0, '$(rm -rf /); "a" \u001B[1m\n', 'logs/main/build/01-rm-rf-a-1m.log'],
    ['build', 0, 0, 'Prüfung № 1: 試験', 'logs/main/build/01-prüfung-1-試験.log'],
    ['build', 0, 0, '…', 'logs/main/build/01-step.log'],
    ['build', 0, 0, `${'a'.repeat(49)} ${'b'.repeat(500)}`, `logs/main/build/01-${'a'.repeat(49)}.log`],
    ['../x', 0, 0, 'a', 'logs/main/%2E.%2Fx/01-a.log'],
  ])('of %s node %d step %d, %j', (job, node, step, name, path) => {
    expect(logPath({ workflow: 'main', job, node }, step, name)).toBe(path);
  });
});
