import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { localCommands } from '../../../src/cli/local-commands.ts';
import type { RunRecord } from '../../../src/runner/run-record.ts';
import { runCli, type CliRun, type CliWorld } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder();
  git('init', '-q', '-b', 'main');
});

function git(...args: string[]): void {
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** A project whose jobs are given by their steps, and its workflow by the calls. */
async function commit(jobs: Readonly<Record<string, string>>, calls: string, more = ''): Promise<void> {
  const bodies = Object.entries(jobs).map(([name, steps]) => `  ${name}: { machine: true, steps: [${steps}] }\n`);
  await write(
    '.circleci/config.yml',
    `version: 2.1\n${more}jobs:\n${bodies.join('')}workflows:\n  main:\n    jobs: [${calls}]\n`,
  );
  git('add', '.');
  git('commit', '-q', '-m', 'first');
}

function run(argv: readonly string[] = [], world: CliWorld = {}): Promise<CliRun> {
  const env = { PATH: process.env['PATH'] ?? '', ...world.env };
  return runCli(['local', 'run', ...argv], { cwd: folder, local: localCommands, ...world, env });
}

async function record(number = 1): Promise<RunRecord> {
  return JSON.parse(await readFile(join(folder, `.circleci/local/runs/${number}/run.json`), 'utf8')) as RunRecord;
}

async function statuses(): Promise<Record<string, string>> {
  const { workflows } = await record();
  return Object.fromEntries(workflows.flatMap(({ jobs }) => jobs.map(({ name, status }) => [name, status])));
}

describe('local run', () => {
  it('runs jobs in order, in a fresh clone each, with what CircleCI tells them', async () => {
    await write('hello.txt', 'hello\n');
    await commit(
      {
        a: 'checkout, run: "cat hello.txt; echo $CIRCLE_JOB $CIRCLE_BRANCH; touch left"',
        b: 'checkout, run: "ls; pwd"',
      },
      'a, b: { requires: [a] }',
    );
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('| hello\n');
    expect(stdout).toContain('| a main\n');
    expect(stdout).not.toContain('| left\n');
    expect(stdout).toMatch(/\/home\/project\n/);
    expect(stdout).toContain('2 jobs succeeded');
    expect(await statuses()).toEqual({ a: 'success', b: 'success' });
  });

  it('leaves record, logs, JUnit and a page in the folder of the run, and nothing that git sees', async () => {
    await commit({ a: 'run: echo hello' }, 'a');
    const { stdout } = await run();
    expect((await readdir(join(folder, '.circleci/local/runs/1'))).toSorted()).toEqual(
      ['index.html', 'junit.xml', 'logs', 'run.json', 'tools'].toSorted(),
    );
    expect(stdout).toContain('The page of this run: .circleci/local/runs/1/index.html');
    expect(execFileSync('git', ['-C', folder, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
  });

  it('ends with 1 when a job fails; what requires it does not run, what requires its failure does', async () => {
    await commit(
      { a: 'run: exit 3', b: 'run: "true"', c: 'run: "true"' },
      'a, b: { requires: [a] }, c: { requires: [a: failed] }',
    );
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(1);
    expect(await statuses()).toEqual({ a: 'failed', b: 'not_run', c: 'success' });
    expect(stdout).toContain('exit code 3');
    expect(stdout).toContain('.circleci/local/runs/1/logs/main/a/01-exit-3.log');
  });

  it('shows test results, and artifacts with their sizes, on the page', async () => {
    const junit = '<testsuite><testcase name=\\"adds\\"><failure message=\\"1 is no 2\\"/></testcase></testsuite>';
    await commit(
      { a: `run: "echo '${junit}' > j.xml", store_test_results: { path: j.xml }, store_artifacts: { path: j.xml }` },
      'a',
    );
    await run();
    const page = await readFile(join(folder, '.circleci/local/runs/1/index.html'), 'utf8');
    for (const text of ['0 passed, 1 failed', '1 is no 2', 'j.xml</a> <small>87 B']) expect(page).toContain(text);
  });

  it('runs all nodes of a job, also when fewer may run at once', async () => {
    await commit({ a: 'run: "echo node $CIRCLE_NODE_INDEX of $CIRCLE_NODE_TOTAL"' }, 'a');
    const config = await readFile(join(folder, '.circleci/config.yml'), 'utf8');
    await write('.circleci/config.yml', config.replace('machine: true', 'machine: true, parallelism: 3'));
    const { exitCode, stdout } = await run(['--jobs', '2']);
    expect(exitCode).toBe(0);
    for (const node of [0, 1, 2]) expect(stdout).toContain(`node ${node} of 3\n`);
  });

  it('says that jobs with an image run on this machine', async () => {
    await commit({ a: 'run: "true"' }, 'a');
    expect((await run()).stdout).not.toContain('--docker');
    const config = await readFile(join(folder, '.circleci/config.yml'), 'utf8');
    await write('.circleci/config.yml', config.replace('machine: true', 'docker: [{ image: cimg/base:current }]'));
    expect((await run()).stdout).toContain('with --docker they run in their images');
  });

  it('does not count as succeeded what only CircleCI can run', async () => {
    await commit({ a: 'run: "true"' }, 'a, ship: { requires: [a] }');
    const config = await readFile(join(folder, '.circleci/config.yml'), 'utf8');
    await write('.circleci/config.yml', config.replace('jobs:\n', 'jobs:\n  ship: { type: release, plan_name: p }\n'));
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/1 job succeeded in \S+ 1 job can run on CircleCI only, and did not run here\./);
  });

  it('knows the number of the run as the number of the pipeline', async () => {
    await commit({ a: 'run: "echo number << pipeline.number >>"' }, 'a');
    await run();
    const { stdout } = await run();
    expect(stdout).toContain('number 2\n');
  });

  it('checks out what is committed, and with --dirty what is not', async () => {
    await write('file', 'committed\n');
    await commit({ a: 'checkout, run: cat file' }, 'a');
    await write('file', 'changed\n');
    expect((await run()).stdout).toContain('committed\n');
    expect((await run(['--dirty'])).stdout).toContain('changed\n');
  });

  describe('approvals', () => {
    beforeEach(() => commit({ a: 'run: "true"' }, 'hold: { type: approval }, a: { requires: [hold] }'));

    it('stop the run where nobody gives them: exit code 12', async () => {
      const { exitCode, stdout } = await run();
      expect(exitCode).toBe(12);
      expect(stdout).toContain('--approve hold');
      expect(await statuses()).toEqual({ hold: 'on_hold', a: 'waiting' });
    });

    it('are given by a flag', async () => {
      expect((await run(['--approve', 'hold'])).exitCode).toBe(0);
    });

    it('are known by name', async () => {
      const { exitCode, stderr } = await run(['--approve', 'hol']);
      expect(exitCode).toBe(5);
      expect(stderr).toContain('Did you mean hold?');
    });
  });

  describe('contexts', () => {
    beforeEach(() => commit({ a: 'run: "echo token is $DEPLOY_TOKEN"' }, 'a: { context: aws }'));

    it('that are missing keep a job from starting, and say which variables it uses and where they go', async () => {
      const { exitCode, stdout } = await run();
      expect(exitCode).toBe(1);
      expect(stdout).toContain('the context aws is not on this machine.');
      expect(stdout).toContain('DEPLOY_TOKEN');
      expect(await statuses()).toEqual({ a: 'unauthorized' });
    });

    it('come from a file, and their values are masked', async () => {
      await write('.circleci/local/contexts/aws.env', 'DEPLOY_TOKEN=hush-hush\n');
      const { exitCode, stdout } = await run();
      expect(exitCode).toBe(0);
      expect(stdout).toContain('token is ****\n');
      const log = await readFile(
        join(folder, '.circleci/local/runs/1/logs/main/a/01-echo-token-is-deploy_token.log'),
        'utf8',
      );
      expect(log).not.toContain('hush');
    });

    it('are named, not shown, by --dry-run', async () => {
      await write('.circleci/local/contexts/aws.env', 'DEPLOY_TOKEN=hush-hush\n');
      const { stdout } = await run(['--dry-run']);
      expect(stdout).toContain('DEPLOY_TOKEN (of a context or the project)');
      expect(stdout).not.toContain('hush');
    });
  });

  describe('what is to run', () => {
    beforeEach(() =>
      commit({ a: 'run: "true"', b: 'run: "true"', c: 'run: "true"' }, 'a, b: { requires: [a] }, c: { requires: [b] }'),
    );

    it.each<[string, string[], string[]]>([
      ['a job alone', ['b'], ['b']],
      ['a job and what it needs', ['b', '--needs'], ['a', 'b']],
      ['from a job on', ['--from', 'b'], ['b', 'c']],
      ['only some', ['--only', 'a', '--only', 'c'], ['a', 'c']],
      ['a workflow', ['main'], ['a', 'b', 'c']],
    ])('%s', async (_what, argv, jobs) => {
      expect((await run(argv)).exitCode).toBe(0);
      expect(Object.keys(await statuses())).toEqual(jobs);
    });

    it('is listed, and nothing runs', async () => {
      const { exitCode, stdout } = await run(['--list']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^main\n/);
      await expect(readdir(join(folder, '.circleci/local'))).rejects.toThrow('ENOENT');
    });
  });

  describe('bad input is told before anything runs', () => {
    it('a broken config: exit code 7', async () => {
      await commit({ a: 'chekout' }, 'a');
      const { exitCode, stderr } = await run();
      expect(exitCode).toBe(7);
      expect(stderr).toContain('Cannot find a definition for command named chekout');
    });

    it('a job that is not there: 5', async () => {
      await commit({ build: 'checkout' }, 'build');
      const { exitCode, stderr } = await run(['biuld']);
      expect(exitCode).toBe(5);
      expect(stderr).toContain('Did you mean build?');
    });

    it('a job of another workflow: 5, and not for its values', async () => {
      await commit({ a: 'checkout', b: 'checkout' }, 'a');
      const config = await readFile(join(folder, '.circleci/config.yml'), 'utf8');
      await write('.circleci/config.yml', `${config.trimEnd()}\n  other: { jobs: [b] }\n`);
      const { exitCode, stderr } = await run(['main', '--only', 'b']);
      expect(exitCode).toBe(5);
      expect(stderr).toContain('no job is all that was asked for');
    });

    it('no workflow with these values: 5', async () => {
      const parameters = 'parameters: { deploy: { type: boolean, default: false } }\n';
      await commit({ build: 'checkout' }, 'build', parameters);
      const config = await readFile(join(folder, '.circleci/config.yml'), 'utf8');
      await write(
        '.circleci/config.yml',
        config.replace('  main:\n', '  main:\n    when: << pipeline.parameters.deploy >>\n'),
      );
      const { exitCode, stderr } = await run();
      expect(exitCode).toBe(5);
      expect(stderr).toContain('--pipeline-param');
      expect((await run(['--pipeline-param', 'deploy=true', '--list'])).exitCode).toBe(0);
    });

    it('nothing committed: 5', async () => {
      await write('.circleci/config.yml', 'version: 2.1\njobs: { build: { machine: true, steps: [checkout] } }\n');
      const { exitCode, stderr } = await run();
      expect(exitCode).toBe(5);
      expect(stderr).toContain('nothing is committed yet');
    });

    it('a scenario without a local AWS: 2', async () => {
      await commit({ build: 'checkout' }, 'build');
      expect(await run(['--scenario', 'x.yml'])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('--local-aws'),
      });
    });

    it.each([[[]], [['--matrix', 'os:linux']]])('needs of no job, with %j: 2', async (argv) => {
      await commit({ build: 'checkout' }, 'build');
      expect(await run(['--needs', ...argv])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('local run JOB --needs'),
      });
    });

    it('more nodes than a laptop bears: 7, with the place of the job', async () => {
      await commit({ a: 'checkout' }, 'a');
      const config = await readFile(join(folder, '.circleci/config.yml'), 'utf8');
      await write('.circleci/config.yml', config.replace('machine: true', 'machine: true, parallelism: 100000000'));
      const { exitCode, stderr } = await run();
      expect(exitCode).toBe(7);
      expect(stderr).toContain('the job a has 100000000 nodes');
      expect(stderr).toContain('.circleci/config.yml:');
    });

    it('a matrix value without a name: 2', async () => {
      await commit({ build: 'checkout' }, 'build');
      expect((await run(['--matrix', 'linux'])).exitCode).toBe(2);
    });
  });

  it('is canceled by a signal: exit code 6, and jobs that wait are canceled, too', async () => {
    await commit({ a: 'run: sleep 600', b: 'run: "true"' }, 'a, b: { requires: [a] }');
    const canceling = new AbortController();
    const ended = runCli(['local', 'run'], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '' },
      local: localCommands,
      signal: canceling.signal,
    });
    for (;;) {
      const log = await readFile(join(folder, '.circleci/local/runs/1/run.json'), 'utf8').catch(() => '');
      if (log.includes('sleep 600')) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    canceling.abort();
    expect((await ended).exitCode).toBe(6);
    expect(await statuses()).toEqual({ a: 'canceled', b: 'canceled' });
  });

  it('two at once in one checkout have folders of their own', async () => {
    await commit({ a: 'run: "true"' }, 'a');
    const ended = await Promise.all([run(), run()]);
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect((await readdir(join(folder, '.circleci/local/runs'))).toSorted()).toEqual(['1', '2']);
  });
});
