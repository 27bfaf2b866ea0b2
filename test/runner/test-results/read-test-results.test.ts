import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RunRecord } from '../../../src/runner/run-record.ts';
import { artifactSizes, readTestResults } from '../../../src/runner/test-results/read-test-results.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder();
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

const nodes = [{ steps: [], artifacts: ['artifacts/main/test/a', 'artifacts/gone'] }];
const record: RunRecord = {
  schema: 'aws-deploy/local-run@1',
  number: 1,
  config: '.circleci/config.yml',
  dirty: false,
  startedAt: '2026-01-01T00:00:00.000Z',
  workflows: [
    {
      name: 'main',
      jobs: ['build', 'a/b', 'test'].map((name) => ({ name, type: 'build', status: 'success', requires: [], nodes })),
    },
  ],
};

describe('readTestResults', () => {
  it('sums up the files of all nodes of a job, by job', async () => {
    await write('test-results/main/test/0/results/j.xml', '<testsuite><testcase name="a"/></testsuite>');
    await write('test-results/main/test/1/j.xml', '<testcase name="b"><failure message="no"/></testcase>');
    await write('test-results/main/a%2Fb/j.xml', '<testcase name="c"><skipped/></testcase>');
    expect(await readTestResults(folder, record)).toEqual([
      { workflow: 'main', job: 'a/b', passed: 0, failed: 0, skipped: 1, failures: [] },
      { workflow: 'main', job: 'test', passed: 1, failed: 1, skipped: 0, failures: [{ name: 'b', message: 'no' }] },
    ]);
  });

  it('finds none where no step stored any', async () => {
    expect(await readTestResults(folder, record)).toEqual([]);
  });
});

describe('artifactSizes', () => {
  it('knows the bytes of what is there', async () => {
    await write('artifacts/main/test/a', 'four');
    expect([...(await artifactSizes(folder, record))]).toEqual([['artifacts/main/test/a', 4]]);
  });
});
