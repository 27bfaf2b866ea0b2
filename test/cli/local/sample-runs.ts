import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { writePackageFolder } from '../../../scripts/package-folder.ts';
import { localCommands } from '../../../src/cli/local-commands.ts';
import type { RunRecord } from '../../../src/runner/run-record.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';

/** A sample that was cloned with the repository that it is a folder of. */
export interface SampleRuns {
  /** Its folder, in which a test may change what it likes. */
  readonly folder: string;
  commit(message: string): void;
  /** `local run --local-aws` in the sample or a folder of it, on a machine without credentials. */
  run(
    args?: readonly string[],
    options?: { project?: string; env?: Readonly<Record<string, string>> },
  ): Promise<CliRun & { record: RunRecord }>;
}

/** A fresh clone for each test of a file. */
export function sampleForTests(path: string): () => SampleRuns {
  let packageFolder: string;
  beforeAll(async () => {
    packageFolder = await mkdtemp(join(tmpdir(), 'aws-deploy-package-'));
    await writePackageFolder(process.cwd(), packageFolder);
  });
  afterAll(() => rm(packageFolder, { recursive: true, force: true }));

  let repository: string;
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
  };
  const commit = (message: string): void => {
    git('add', '.');
    git('commit', '-q', '-m', message);
  };
  beforeEach(async () => {
    repository = await mkdtemp(join(tmpdir(), 'aws-deploy-sample-'));
    await cp(path, join(repository, path), { recursive: true, filter: (source) => !/\.circleci.local$/.test(source) });
    git('init', '-q', '-b', 'main');
    commit('first');
  });
  afterEach(() => rm(repository, { recursive: true, force: true }));

  return () => ({
    folder: join(repository, path),
    commit,
    async run(args = [], { project = '.', env = {} } = {}) {
      const cwd = join(repository, path, project);
      const end = await runCli(['local', 'run', '--local-aws', ...args], {
        cwd,
        local: localCommands,
        packageFolder,
        env: { PATH: process.env['PATH'] ?? '', ...env },
      });
      const runs = join(cwd, '.circleci/local/runs');
      return { ...end, record: JSON.parse(await readFile(join(runs, '1/run.json'), 'utf8')) as RunRecord };
    },
  });
}
