import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { localCommands } from '../../../src/cli/local-commands.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ORB = `version: 2.1
commands:
  greet:
    parameters: { to: { type: string, default: world } }
    steps:
      - run: echo hello << parameters.to >>
`;

const CONFIG = `version: 2.1
orbs: { hello: acme/hello@1.2 }
jobs:
  build:
    docker: [{ image: cimg/base:current }]
    steps:
      - hello/greet: { to: << pipeline.git.branch >> }
workflows:
  main:
    jobs: [build]
`;

let folder: string;
beforeEach(async () => {
  folder = await tempFolder();
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function run(...argv: string[]): Promise<CliRun> {
  return runCli(argv, { cwd: folder, env: { HOME: folder }, local: localCommands });
}

describe('config compile', () => {
  const compiled = (branch: string): string => `version: 2
jobs:
  build:
    docker:
    - image: cimg/base:current
    steps:
    - run:
        command: echo hello ${branch}
workflows:
  main:
    jobs:
    - build
  version: 2
`;
  const header = (resolved: string): string => `# Orb 'acme/hello@1.2' resolved to '${resolved}'\n`;

  it('takes .circleci/config.yml of the working directory, and values by flag', async () => {
    await write('.circleci/config.yml', CONFIG);
    await write('hello.yml', ORB);
    expect(await run('config', 'compile', '--orb', 'hello=hello.yml', '--pipeline-value', 'git.branch=main')).toEqual({
      exitCode: 0,
      stdout: compiled('main'),
      stderr: '',
    });
  });

  it('finds an orb beside the config, the newest of the line that is asked for', async () => {
    await write('.circleci/config.yml', CONFIG);
    await write('.circleci/orbs/acme/hello@1.2.9.yml', ORB.replace('hello <<', 'nine <<'));
    await write('.circleci/orbs/acme/hello@1.2.10.yml', ORB);
    await write('.circleci/orbs/acme/hello@1.3.0.yml', ORB.replace('hello <<', 'other <<'));
    const { stdout } = await run('config', 'compile', '--pipeline-value', 'git.branch=x');
    expect(stdout).toBe(header('acme/hello@1.2.10') + compiled('x'));
  });

  it('finds an unpacked orb beside the config, whatever its version', async () => {
    await write('.circleci/config.yml', CONFIG);
    await write('.circleci/orbs/acme/hello/src/@orb.yml', 'version: 2.1\n');
    await write(
      '.circleci/orbs/acme/hello/src/commands/greet.yml',
      'steps: [run: echo packed]\nparameters: { to: { type: string } }\n',
    );
    const { stdout } = await run('config', 'compile');
    expect(stdout).toContain('command: echo packed');
  });

  it('finds an orb that was fetched before', async () => {
    await write('.circleci/config.yml', CONFIG);
    await write('.aws-deploy/orbs/acme/hello@1.2.3.yml', ORB);
    expect((await run('config', 'compile')).stdout).toContain(header('acme/hello@1.2.3'));
  });

  it('takes branch and commit from the checkout', async () => {
    await write('.circleci/config.yml', CONFIG.replace('pipeline.git.branch', 'pipeline.git.revision'));
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
        encoding: 'utf8',
      }).trim();
    git('init', '-q', '-b', 'topic');
    git('commit', '-q', '--allow-empty', '-m', 'first');
    await write('hello.yml', ORB);
    const { stdout } = await run('config', 'compile', '--orb', 'hello=hello.yml');
    expect(stdout).toBe(compiled(git('rev-parse', 'HEAD')));
  });

  it('prints JSON for programs', async () => {
    await write('c.yml', CONFIG);
    await write('hello.yml', ORB);
    const { stdout } = await run('config', 'compile', 'c.yml', '--orb', 'hello=hello.yml', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ version: 2, workflows: { main: { jobs: ['build'] } } });
  });

  it('says how to give an orb that is missing, and ends with 7', async () => {
    await write('c.yml', CONFIG);
    const { exitCode, stdout, stderr } = await run('config', 'compile', 'c.yml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toContain('error: c.yml:2:16\n');
    expect(stderr).toContain('Cannot find acme/hello@1.2 in the orb registry.');
    expect(stderr).toContain('aws-deploy config fetch-orb acme/hello@1.2');
    expect(stderr).toContain('--orb hello=PATH');
  });

  it.each([
    ['a file that is not there', ['config', 'compile', 'gone.yml'], 5, 'error: there is no file gone.yml'],
    ['a folder', ['config', 'compile', '.'], 7, 'error: . is a folder'],
    [
      'an orb file that is not there',
      ['config', 'compile', 'c.yml', '--orb', 'hello=gone.yml'],
      5,
      'there is no file gone.yml',
    ],
    ['an orb without a path', ['config', 'compile', 'c.yml', '--orb', 'hello'], 2, '--orb'],
    ['an unknown format', ['config', 'compile', 'c.yml', '--format', 'xml'], 2, '--format'],
  ])('%s', async (_what, argv, exitCode, text) => {
    await write('c.yml', CONFIG);
    const ended = await run(...argv);
    expect({ exitCode: ended.exitCode, stdout: ended.stdout }).toEqual({ exitCode, stdout: '' });
    expect(ended.stderr).toContain(text);
  });

  it('refuses what is no text', async () => {
    await writeFile(join(folder, 'c.yml'), Buffer.from([0xff, 0xfe, 0x00]));
    const { exitCode, stderr } = await run('config', 'compile', 'c.yml');
    expect(exitCode).toBe(7);
    expect(stderr).toContain('not UTF-8');
  });
});

describe('config validate', () => {
  const BROKEN = CONFIG.replace('hello/greet', 'hello/gret');

  it('says that a config is valid', async () => {
    await write('c.yml', CONFIG);
    await write('hello.yml', ORB);
    const { exitCode, stdout, stderr } = await run('config', 'validate', 'c.yml', '--orb', 'hello=hello.yml');
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: 'c.yml is valid.\n', stderr: '' });
  });

  it('shows the place, the words of CircleCI, the line and what was perhaps meant', async () => {
    await write('c.yml', BROKEN);
    await write('hello.yml', ORB);
    const { exitCode, stderr } = await run('config', 'validate', 'c.yml', '--orb', 'hello=hello.yml');
    expect(exitCode).toBe(7);
    expect(stderr).toBe(
      [
        'error: c.yml:7:9',
        "  Error calling workflow: 'main'",
        "  Error calling job: 'build'",
        '  Cannot find a definition for command named hello/gret',
        '',
        '  7 |       - hello/gret: { to: << pipeline.git.branch >> }',
        '    |         ^',
        '',
        '  Did you mean hello/greet?',
        '',
      ].join('\n'),
    );
  });

  it('as JSON for programs, on stdout', async () => {
    await write('c.yml', BROKEN);
    await write('hello.yml', ORB);
    const { exitCode, stdout } = await run(
      'config',
      'validate',
      'c.yml',
      '--orb',
      'hello=hello.yml',
      '--format',
      'json',
    );
    expect(exitCode).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      problems: [{ severity: 'error', code: 'unknown-command', file: 'c.yml', line: 7, column: 9 }],
    });
  });

  it('points at the call in the file of the user when an orb is wrong inside, and says where in the orb', async () => {
    await write('c.yml', CONFIG);
    await write('.circleci/orbs/none', '');
    await write('.aws-deploy/orbs/acme/hello@1.2.3.yml', ORB.replace('parameters.to', 'parameters.two'));
    const { stderr } = await run('config', 'validate', 'c.yml');
    expect(stderr).toContain('error: c.yml:7:9\n');
    expect(stderr).toContain('Arguments referenced without declared parameters: parameters.two');
    expect(stderr).toContain('in orb acme/hello@1.2.3:6:');
  });

  it('passes with warnings about what CircleCI drops in silence', async () => {
    await write('c.yml', `${CONFIG}workflow: { main: {} }\n`);
    await write('hello.yml', ORB);
    const { exitCode, stderr } = await run('config', 'validate', 'c.yml', '--orb', 'hello=hello.yml');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^warning: c\.yml:11:1\n/);
    expect(stderr).toContain('workflows');
  });
});

describe('config graph', () => {
  it('prints a flowchart', async () => {
    await write('c.yml', CONFIG);
    await write('hello.yml', ORB);
    const { stdout } = await run('config', 'graph', 'c.yml', '--orb', 'hello=hello.yml');
    expect(stdout).toMatch(/^flowchart LR\n/);
    expect(stdout).toContain('build');
  });
});

describe('config explain', () => {
  const explain = async (name: string, ...more: string[]): Promise<CliRun> => {
    await write('c.yml', CONFIG.replace('<< pipeline.git.branch >>', 'you'));
    await write('.aws-deploy/orbs/acme/hello@1.2.3.yml', ORB);
    return run('config', 'explain', name, '--config', 'c.yml', ...more);
  };

  it('says of every value where it is written and what it came through', async () => {
    const { exitCode, stdout } = await explain('build');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        'build:',
        '  docker[0].image: cimg/base:current',
        '      c.yml:5:23',
        '  steps[0]:',
        '      acme/hello@1.2.3:6:9',
        '  steps[0].run.command: echo hello you',
        '      acme/hello@1.2.3:6:14',
        '      << parameters.to >> at acme/hello@1.2.3:6:25: you from c.yml:7:28',
        '',
      ].join('\n'),
    );
  });

  it('explains all jobs of a workflow', async () => {
    expect((await explain('main')).stdout).toMatch(/^build:\n/);
  });

  it('as JSON for programs', async () => {
    const [build] = JSON.parse((await explain('build', '--format', 'json')).stdout);
    expect(build.values).toContainEqual({
      path: 'docker[0].image',
      value: 'cimg/base:current',
      file: 'c.yml',
      line: 5,
      column: 23,
      through: [],
    });
  });

  it('names the jobs that there are when there is none of that name', async () => {
    const { exitCode, stderr } = await explain('biuld');
    expect(exitCode).toBe(5);
    expect(stderr).toContain('neither a job nor a workflow named "biuld"');
    expect(stderr).toContain('Did you mean build?');
  });
});
