import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { defineAction, type Action, type Outcome } from '../../src/actions/define-action.ts';
import { runAction, type RunOptions } from '../../src/cli/run-action.ts';
import type { World } from '../../src/cli/world.ts';
import { DeployError } from '../../src/core/errors.ts';
import type { Result } from '../../src/core/result.ts';
import type { Outputs } from '../../src/params/declaration.ts';
import { tempFolder } from '../support/temp-folder.ts';

const NOW = new Date('2026-11-20T07:00:00.000Z');

const DONE: Outcome<Outputs> = {
  component: 'fence',
  status: 'changed',
  changes: [{ resource: 'fence', kind: 'created', diff: ['+ color: "red"'] }],
  outputs: { fenceColor: 'red', coats: 2, marks: ['a', 'b'], missing: undefined },
};

function painting(work: Action['run']): Action {
  return defineAction({
    name: 'paint',
    summary: 'Paint a fence.',
    params: { color: { type: 'string', description: 'The colour.' } },
    outputs: {},
    surfaces: ['cli'],
    awsCalls: [],
    run: work,
  });
}

interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
  home: string;
}

async function run(
  work: Action['run'],
  {
    env = {},
    options = {},
    signal,
  }: { env?: Record<string, string>; options?: Partial<RunOptions>; signal?: AbortSignal } = {},
): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const home = env['HOME'] ?? (await tempFolder());
  const world: World = {
    env: { HOME: home, ...env },
    cwd: home,
    clock: { now: () => NOW, sleep: () => Promise.resolve() },
    stdout: (text) => (written.stdout += text),
    stderr: (text) => (written.stderr += text),
    signal: signal ?? new AbortController().signal,
  };
  const exitCode = await runAction(painting(work), { output: 'text', debug: false, flags: {}, ...options }, world);
  return { exitCode, home, ...written };
}

const succeed: Action['run'] = () => Promise.resolve(DONE);
const fail: Action['run'] = () =>
  Promise.reject(
    new DeployError({
      code: 'paint.empty',
      title: 'no paint',
      message: 'The pot is empty.',
      hints: ['Buy some.'],
      exitCode: 5,
    }),
  );

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function keptResults(home: string, folder: 'results' | 'record'): Promise<Result[]> {
  const files = await filesIn(join(home, '.aws-deploy', folder)).catch(() => []);
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(file, 'utf8')) as Result));
}

const RESULT = {
  schema: 'aws-deploy/result@1',
  action: 'paint',
  component: 'fence',
  status: 'changed',
  exitCode: 0,
  account: null,
  region: null,
  changes: [{ resource: 'fence', kind: 'created', diff: ['+ color: "red"'] }],
  outputs: { fenceColor: 'red', coats: 2, marks: ['a', 'b'] },
  events: [],
  startedAt: NOW.toISOString(),
  finishedAt: NOW.toISOString(),
};

describe('what a run prints', () => {
  it('the result as text on stdout', async () => {
    const { exitCode, stdout, stderr } = await run(succeed);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe('paint fence: done\n  fence-color  red\n  coats        2\n  marks        a, b\n');
  });

  it('the result as one JSON object on stdout', async () => {
    const { stdout } = await run(succeed, { options: { output: 'json' } });
    expect(JSON.parse(stdout)).toEqual(RESULT);
    expect(stdout.trimEnd()).not.toContain('\n');
  });

  it('progress on stderr, and in the result', async () => {
    const { stdout, stderr } = await run(
      (_inputs, { progress }) => {
        progress.step('Opening the pot');
        progress.warn('It drips');
        return succeed({}, undefined as never);
      },
      { options: { output: 'json' } },
    );
    expect(stderr).toBe('==> Opening the pot\nwarning: It drips\n');
    expect((JSON.parse(stdout) as Result).events).toEqual([
      { at: NOW.toISOString(), level: 'step', text: 'Opening the pot' },
      { at: NOW.toISOString(), level: 'warn', text: 'It drips' },
    ]);
  });

  it('an error on stderr only, with its exit code', async () => {
    const { exitCode, stdout, stderr } = await run(fail);
    expect({ exitCode, stdout }).toEqual({ exitCode: 5, stdout: '' });
    expect(stderr).toBe('error: no paint\n  The pot is empty.\n\nSuggestions:\n  Buy some.\n');
  });

  it('an error also in the JSON object', async () => {
    const { stdout } = await run(fail, { options: { output: 'json' } });
    expect(JSON.parse(stdout)).toEqual({
      ...RESULT,
      component: '',
      status: 'failed',
      exitCode: 5,
      changes: [],
      outputs: {},
      error: {
        code: 'paint.empty',
        title: 'no paint',
        message: 'The pot is empty.',
        hints: ['Buy some.'],
        exitCode: 5,
      },
    });
  });

  it.each([
    [11, 'superseded'],
    [6, 'canceled'],
    [1, 'failed'],
  ] as const)('exit code %j as status %s', async (exitCode, status) => {
    const { stdout } = await run(() => Promise.reject(new DeployError({ code: 'x', title: 'x', exitCode })), {
      options: { output: 'json' },
    });
    expect(JSON.parse(stdout)).toMatchObject({ status, exitCode });
  });

  it('a bug of ours as one, without a stack', async () => {
    const { exitCode, stderr } = await run(() => Promise.reject(new TypeError('x is not a function')));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('TypeError: x is not a function');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('with --debug also its stack', async () => {
    const { stderr } = await run(() => Promise.reject(new TypeError('x is not a function')), {
      options: { debug: true },
    });
    expect(stderr).toMatch(/caused by TypeError: x is not a function\n\s+at /);
  });
});

it('a cancel ends the run at once with exit code 6', async () => {
  const canceling = new AbortController();
  const { exitCode, stderr } = await run(
    () => {
      canceling.abort();
      return new Promise(() => undefined);
    },
    { signal: canceling.signal },
  );
  expect(exitCode).toBe(6);
  expect(stderr).toContain('error: canceled\n');
});

describe('what is left for later steps and jobs', () => {
  it('a result file and a record file under the id of the job', async () => {
    const { home } = await run(succeed, { env: { CIRCLE_WORKFLOW_JOB_ID: '9a3c' } });
    expect((await filesIn(join(home, '.aws-deploy'))).toSorted()).toEqual([
      join(home, '.aws-deploy/record/9a3c-paint-fence.json'),
      join(home, '.aws-deploy/results/9a3c-paint-fence.json'),
    ]);
    expect(await keptResults(home, 'results')).toEqual([RESULT]);
    expect(await keptResults(home, 'record')).toEqual([RESULT]);
  });

  it('variables for bash', async () => {
    const BASH_ENV = join(await tempFolder(), 'bash.env');
    await run(succeed, { env: { BASH_ENV } });
    const printed = execFileSync('bash', ['-c', 'echo "$AWS_DEPLOY_FENCE_COLOR $AWS_DEPLOY_COATS $AWS_DEPLOY_MARKS"'], {
      env: { PATH: process.env['PATH'], BASH_ENV },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    expect(printed).toBe('red 2 a,b\n');
  });

  it('a second run under the same id adds files and changes none', async () => {
    const { home } = await run(succeed, { env: { CIRCLE_WORKFLOW_JOB_ID: '9a3c' } });
    await run(succeed, { env: { CIRCLE_WORKFLOW_JOB_ID: '9a3c', HOME: home } });
    expect(await keptResults(home, 'record')).toHaveLength(2);
  });

  it.each<[string, Action['run']]>([
    ['a failure', fail],
    ['a dry run', () => Promise.resolve({ ...DONE, status: 'planned' })],
  ])('after %s a result, but no record and no variables', async (_what, work) => {
    const BASH_ENV = join(await tempFolder(), 'bash.env');
    await writeFile(BASH_ENV, '');
    const { home } = await run(work, { env: { BASH_ENV } });
    expect(await keptResults(home, 'results')).toHaveLength(1);
    expect(await keptResults(home, 'record')).toEqual([]);
    expect(await readFile(BASH_ENV, 'utf8')).toBe('');
  });

  it('a folder that can not be written is a warning: what was done is done', async () => {
    const home = await tempFolder();
    await writeFile(join(home, '.aws-deploy'), 'a file in the way');
    const { exitCode, stderr } = await run(succeed, { env: { HOME: home } });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: The result could not be kept for later steps: ');
  });
});

describe('a planted secret', () => {
  const SECRET = 'hunter22"secret';
  const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmcvMSJ9.c2lnbmF0dXJl';
  const everywhere = `${SECRET} ${TOKEN}`;

  const talkative: Action['run'] = (_inputs, { progress }) => {
    progress.info(`login with ${everywhere}`);
    return Promise.resolve({
      ...DONE,
      changes: [{ resource: everywhere, kind: 'created', diff: [`+ ${everywhere}`] }],
    });
  };
  const failing: Action['run'] = (_inputs, { progress }) => {
    progress.info(`login with ${everywhere}`);
    const fields = { title: everywhere, message: everywhere, hints: [everywhere], cause: new Error(everywhere) };
    return Promise.reject(new DeployError({ code: 'x', ...fields }));
  };

  it.each([
    ['a success', talkative, 'text'],
    ['a success as JSON', talkative, 'json'],
    ['a failure', failing, 'text'],
    ['a failure as JSON', failing, 'json'],
  ] as const)('appears in nothing that %s writes', async (_what, work, output) => {
    const { home, stdout, stderr } = await run(work, {
      env: { DB_PASSWORD: SECRET },
      options: { output, debug: true },
    });
    const kept = await filesIn(home);
    const texts = [stdout, stderr, ...(await Promise.all(kept.map((file) => readFile(file, 'utf8'))))];
    expect(kept.length).toBeGreaterThan(0);
    expect(texts.filter((text) => text.includes('hunter22') || text.includes('eyJ'))).toEqual([]);
    expect(stderr).toContain('****');
  });
});

it('the record keeps what is deployed as it is, and masks what people read: objects', async () => {
  const work: Action['run'] = () =>
    Promise.resolve({ ...DONE, outputs: { fenceColor: 'hidden-red', overview: { said: ['hidden-red'] } } });
  const { home } = await run(work, { env: { DB_PASSWORD: 'hidden-red' } });
  expect(await keptResults(home, 'record')).toMatchObject([
    { outputs: { fenceColor: 'hidden-red', overview: { said: ['****'] } } },
  ]);
});

it('what an action learns is masked from then on', async () => {
  const work: Action['run'] = (_inputs, { hide, progress }) => {
    hide(['learned-secret']);
    progress.info('It said learned-secret');
    progress.output('learned-secret');
    return succeed({}, undefined as never);
  };
  const { stderr } = await run(work);
  expect(stderr).toBe('    It said ****\n    | ****\n');
});

it('a warning of the parameters is told', async () => {
  const { stderr } = await run(succeed, {
    env: { AWS_DEPLOY_ORB: '1', ORB_COLOR: '$SLACK_TOKEN', SLACK_TOKEN: 'xoxb-1234567890' },
  });
  expect(stderr).toContain('warning: color: $SLACK_TOKEN was left as it is written');
});

it('the state folder may exist already', async () => {
  const home = await tempFolder();
  await mkdir(join(home, '.aws-deploy', 'results'), { recursive: true });
  expect((await run(succeed, { env: { HOME: home } })).stderr).toBe('');
});
