import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { localCommands } from '../../../src/cli/local-commands.ts';
import type { RunRecord } from '../../../src/runner/run-record.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';
import { writePackageFolder } from './package-folder.ts';

let packageFolder: string;
beforeAll(async () => {
  packageFolder = await mkdtemp(join(tmpdir(), 'aws-deploy-package-'));
  await writePackageFolder(packageFolder);
});
afterAll(() => rm(packageFolder, { recursive: true, force: true }));

let repository: string;
let project: string;
beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'aws-deploy-sample-'));
  project = join(repository, 'examples/nightly-batch');
  await mkdir(project, { recursive: true });
  await cp('examples/nightly-batch', project, { recursive: true });
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
  };
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
});
afterEach(() => rm(repository, { recursive: true, force: true }));

/** As on a machine without docker and without credentials. */
function run(...argv: string[]): Promise<CliRun> {
  const env = { PATH: process.env['PATH'] ?? '', DOCKER_HOST: 'unix:///nowhere' };
  return runCli(['local', 'run', '--local-aws', ...argv], { cwd: project, local: localCommands, packageFolder, env });
}

async function record(): Promise<RunRecord> {
  return JSON.parse(await readFile(join(project, '.circleci/local/runs/1/run.json'), 'utf8')) as RunRecord;
}

describe('examples/nightly-batch on this machine, without a network', () => {
  it('releases in one job, and says what changed', async () => {
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stderr, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stderr: '', stdout: '' });
    expect(stdout).toMatch(/Asked the mirror 127\.0\.0\.1:\d+, which has it: sha256:[0-9a-f]{64}/);
    expect(stdout).toContain('crawl: done');
    expect((await record()).localAws).toEqual([
      expect.stringMatching(/^ecr nightly-crawl: image sha256:[0-9a-f]{12}… pushed, tagged [0-9a-f]{12}…$/),
      expect.stringMatching(
        /^s3 s3:\/\/acme-batch-scripts\/nightly-crawl\/[0-9a-f]{12}…\/crawl\.sh written \(\d+ B\)$/,
      ),
      'batch nightly-crawl:1 registered, verified',
      expect.stringMatching(/^batch job \S+ of nightly-crawl:1: SUCCEEDED, exit code 0$/),
      expect.stringMatching(/^logs \/aws\/batch\/nightly-crawl: \d+ lines in 1 stream$/),
    ]);
  });

  it('releases in jobs of their own, with an approval, up to the schedule', async () => {
    const { exitCode, stdout } = await run('--config', '.circleci/multi-job.yml', '--approve', 'approve');
    expect({ exitCode, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect((await record()).localAws).toEqual(
      expect.arrayContaining([
        'batch nightly-crawl:1 registered, verified',
        'scheduler nightly-crawl created: cron(0 3 * * ? *) Europe/Berlin → nightly-crawl:1',
      ]),
    );
  });

  it('assumes the role that the scenario has, and is denied one with another trust policy', async () => {
    const scenario = join(repository, 'other.yml');
    const text = await readFile(join(project, '.circleci/local-aws.yml'), 'utf8');
    await writeFile(scenario, text.replaceAll(/sub: org\/[^/]+\/project\/\*/g, 'sub: org/other/project/*'));
    const { exitCode, stdout } = await run('--scenario', scenario);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    expect((await record()).localAws).toEqual([]);
  });
});
