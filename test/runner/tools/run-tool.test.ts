import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isHalted } from '../../../src/runner/tools/control-files.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { callTool, jobControl } from './support/tool-stage.ts';

describe('what the tools have', () => {
  it.each([[['circleci']], [['circleci', 'help']], [['circleci-agent', '--help']]])('%j lists it', async (words) => {
    const { exitCode, stdout } = await callTool(words);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('circleci run release plan');
  });

  it('--help explains a command and does not run it', async () => {
    const { exitCode, stdout } = await callTool(['circleci', 'step', 'halt', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('circleci step halt');
  });

  it.each([
    [['circleci', 'orb', 'publish', 'x'], 'circleci orb publish x'],
    [['circleci', 'config', 'validate', '-c', 'f'], 'circleci config validate'],
    [['circleci-agent', 'tests', 'spit'], 'circleci-agent tests spit'],
  ])('%j is not there, and that is said', async (words, named) => {
    const { exitCode, stderr } = await callTool(words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`The local runner does not have "${named}"`);
  });

  it.each([
    [['circleci', 'tests', 'split', '--nodes=2'], 'unknown flag: --nodes'],
    [['circleci', 'tests', 'split', '-x'], "unknown shorthand flag: 'x' in -x"],
    [['circleci', 'tests', 'split', '--total'], 'flag needs an argument: --total'],
    [['circleci', 'tests', 'split', '--total=two'], 'invalid argument "two" for "--total"'],
    [['circleci', 'version', '--short=maybe'], 'invalid argument "maybe" for "--short"'],
    [['circleci', 'step', 'halt', 'now'], 'accepts at most 0 arg(s), received 1'],
  ])('%j is refused', async (words, message) => {
    const { exitCode, stderr } = await callTool(words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(`Error: ${message}`) });
  });

  it.each([
    [['version'], /not CircleCI's own tool/],
    [['--version'], /not CircleCI's own tool/],
    [['version', '--short'], /^local\n$/],
  ])('circleci %j says that it is not the real one', async (words, text) => {
    expect((await callTool(['circleci', ...words])).stdout).toMatch(text);
  });
});

describe('env subst', () => {
  const env = { NAME: 'world' };

  it('takes the text as an argument, and adds nothing', async () => {
    const run = await callTool(['circleci', 'env', 'subst', 'hello $NAME'], { env });
    expect(run).toEqual({ exitCode: 0, stdout: 'hello world', stderr: '' });
  });

  it('takes it from standard input, as it is', async () => {
    const { stdout } = await callTool(['circleci', 'env', 'subst'], { env, input: 'hello\n${NAME}\n' });
    expect(stdout).toBe('hello\nworld\n');
  });

  it('an empty argument is an empty text', async () => {
    expect((await callTool(['circleci', 'env', 'subst', ''], { env, input: '$NAME' })).stdout).toBe('');
  });

  it('prints nothing of a text that it cannot read', async () => {
    const run = await callTool(['circleci', 'env', 'subst', 'hello ${NAME'], { env });
    expect(run).toEqual({ exitCode: 1, stdout: '', stderr: 'Error: closing brace expected\n' });
  });
});

describe('step halt', () => {
  it.each([
    ['circleci', 'step', 'halt'],
    ['circleci', 'task', 'halt'],
    ['circleci-agent', 'step', 'halt'],
  ])('%s %s %s leaves word for the runner', async (...words) => {
    const { folder, env } = await jobControl();
    expect(isHalted(folder)).toBe(false);
    expect((await callTool(words, { env })).exitCode).toBe(0);
    expect(isHalted(folder)).toBe(true);
  });

  it('outside of a job says so', async () => {
    const { exitCode, stderr } = await callTool(['circleci', 'step', 'halt']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('in the steps of a job only');
  });
});

it('a control folder that is gone is an error of the system, said in a line', async () => {
  const env = { AWS_DEPLOY_LOCAL_CONTROL: join(await tempFolder(), 'gone') };
  const { exitCode, stderr } = await callTool(['circleci', 'step', 'halt'], { env });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/^Error: ENOENT.*\n$/) });
});

describe('tests glob', () => {
  it('prints a file a line, in the working directory', async () => {
    const cwd = await tempFolder();
    for (const file of ['b.js', 'a.js', 'c.ts']) await writeFile(join(cwd, file), '');
    expect(await callTool(['circleci', 'tests', 'glob', '*.js'], { cwd })).toEqual({
      exitCode: 0,
      stdout: 'a.js\nb.js\n',
      stderr: '',
    });
  });

  it('prints nothing when nothing fits', async () => {
    expect(await callTool(['circleci', 'tests', 'glob', '*.js'], { cwd: await tempFolder() })).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });

  it.each([[[]], [['a[']]])('%j is refused', async (patterns) => {
    expect((await callTool(['circleci', 'tests', 'glob', ...patterns])).exitCode).toBe(1);
  });
});

describe('tests split', () => {
  const input = 'c\na\n\nb \nd\n';

  it("prints the node's share of standard input", async () => {
    const env = { CIRCLE_NODE_TOTAL: '2', CIRCLE_NODE_INDEX: '1' };
    expect((await callTool(['circleci', 'tests', 'split'], { env, input })).stdout).toBe('b\nd\n');
  });

  it('reads a file, and flags come before variables', async () => {
    const cwd = await tempFolder();
    await writeFile(join(cwd, 'list.txt'), input);
    const words = ['circleci', 'tests', 'split', '--index', '0', '--total=4', 'list.txt'];
    expect((await callTool(words, { cwd, env: { CIRCLE_NODE_TOTAL: '2' } })).stdout).toBe('a\n');
  });

  it('gives all to the one node of a job without parallelism', async () => {
    expect((await callTool(['circleci-agent', 'tests', 'split'], { input })).stdout).toBe('a\nb\nc\nd\n');
  });

  it('splits by file size', async () => {
    const cwd = await tempFolder();
    await mkdir(join(cwd, 't'));
    const sizes = { 't/big': 100, 't/middle': 60, 't/small': 30 };
    for (const [file, size] of Object.entries(sizes)) await writeFile(join(cwd, file), 'x'.repeat(size));
    const words = ['circleci', 'tests', 'split', '--split-by=filesize', '--total=2', '--index=1'];
    const list = 't/small\nt/gone\nt/middle\nt/big\n';
    expect(await callTool(words, { cwd, input: list })).toEqual({
      exitCode: 0,
      stdout: 't/gone\nt/middle\nt/small\n',
      stderr: 'Warning: t/gone is no file; it counts as an empty one.\n',
    });
  });

  it('by timings, of which there are none, says so and splits by name', async () => {
    const words = [
      'circleci',
      'tests',
      'split',
      '--split-by=timings',
      '--timings-type=filename',
      '--total=2',
      '--index=0',
    ];
    const { stdout, stderr, exitCode } = await callTool(words, { input });
    expect({ stdout, exitCode }).toEqual({ stdout: 'a\nc\n', exitCode: 0 });
    expect(stderr).toContain('Falling back to weighting by name.');
  });

  it('--show-counts counts on standard error', async () => {
    const words = ['circleci', 'tests', 'split', '--show-counts', '--total=2', '--index=0'];
    expect((await callTool(words, { input })).stderr).toBe('Read 4 tests, 2 of them for node 0.\n');
  });

  it.each([
    [['--index=2', '--total=2'], {}, 'node index 2 is not below the total of 2 nodes'],
    [['--total=0'], {}, 'the total of nodes must be 1 or more'],
    [[], { CIRCLE_NODE_INDEX: 'first' }, 'CIRCLE_NODE_INDEX is "first"'],
    [['--split-by=colour'], {}, 'unknown split type "colour"'],
    [['--split-by=timings', '--timings-type=moon'], {}, 'unknown timings type "moon"'],
    [['gone.txt'], {}, 'cannot read gone.txt'],
  ])('%j with %j is refused', async (flags, env, message) => {
    const { exitCode, stderr } = await callTool(['circleci', 'tests', 'split', ...flags], {
      env,
      cwd: await tempFolder(),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(message) });
  });
});

describe('tests run', () => {
  const env = { PATH: process.env['PATH']!, CIRCLE_NODE_TOTAL: '2', CIRCLE_NODE_INDEX: '0' };

  it("hands the node's share to the command, on its standard input", async () => {
    const cwd = await tempFolder();
    const words = [
      'circleci',
      'tests',
      'run',
      '--command=GREETING=hi xargs sh -c \'echo $GREETING "$@"\' -',
      '--verbose',
    ];
    expect(await callTool(words, { cwd, env, input: 'a\nb\nc\n' })).toEqual({
      exitCode: 0,
      stdout: 'hi a c\n',
      stderr: '',
    });
  });

  it('ends as the command ends, also when it reads nothing', async () => {
    const words = ['circleci', 'tests', 'run', '--command', 'echo oops >&2; exit 3'];
    const input = 'a long name of a test\n'.repeat(20_000);
    expect(await callTool(words, { env, input })).toMatchObject({ exitCode: 3, stderr: 'oops\n' });
  });

  it('does not run the command when this node has no tests', async () => {
    const words = ['circleci', 'tests', 'run', '--command=echo ran', '--index=1'];
    expect(await callTool(words, { env, input: 'a\n' })).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('needs a command', async () => {
    const { stderr } = await callTool(['circleci', 'tests', 'run'], { env, input: 'a\n' });
    expect(stderr).toBe('Error: required flag(s) "command" not set\n');
  });
});
