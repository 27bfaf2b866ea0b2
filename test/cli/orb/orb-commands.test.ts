import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { localCommands } from '../../../src/cli/local-commands.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await tempFolder();
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function run(...argv: string[]): Promise<CliRun> {
  return runCli(argv, { cwd: folder, env: {}, local: localCommands });
}

describe('orb pack', () => {
  it('makes one text of a folder, with the scripts that it includes', async () => {
    await write('src/@orb.yml', 'version: 2.1\ndescription: Says hello\n');
    await write('src/commands/greet.yml', 'steps:\n  - run:\n      command: <<include(scripts/greet.sh)>>\n');
    await write('src/scripts/greet.sh', 'cat <<EOF\nhello\nEOF\n');
    expect(await run('orb', 'pack', 'src')).toEqual({
      exitCode: 0,
      stdout: [
        'version: 2.1',
        'description: Says hello',
        'commands:',
        '  greet:',
        '    steps:',
        '    - run:',
        '        command: |',
        '          cat \\<<EOF',
        '          hello',
        '          EOF',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('ends with 7 and the place when a script is missing', async () => {
    await write('src/@orb.yml', 'version: 2.1\n');
    await write('src/commands/greet.yml', 'steps:\n  - run: <<include(scripts/gret.sh)>>\n');
    await write('src/scripts/greet.sh', 'true\n');
    const { exitCode, stdout, stderr } = await run('orb', 'pack', 'src');
    expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    expect(stderr).toContain('commands/greet.yml:2:');
    expect(stderr).toContain('Did you mean scripts/greet.sh?');
  });

  it('ends with 5 when there is no folder, with 2 when none is named', async () => {
    expect((await run('orb', 'pack', 'gone')).exitCode).toBe(5);
    expect((await run('orb', 'pack')).exitCode).toBe(2);
  });
});

describe('orb diff', () => {
  const OLD =
    'version: 2.1\njobs:\n  go:\n    machine: true\n    parameters: { a: { type: string, default: x } }\n    steps: [checkout]\n';

  it('says what changed for users, the gravest first, and which version that asks for', async () => {
    await write('old.yml', OLD);
    await write(
      'new.yml',
      OLD.replace('a: { type: string, default: x }', 'b: { type: string }').replace('[checkout]', '[]'),
    );
    const { exitCode, stdout } = await run('orb', 'diff', 'old.yml', 'new.yml');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Major: /);
    expect(stdout).toContain('  jobs.go.parameters.a removed\n');
    expect(stdout).toContain('  jobs.go.parameters.b added');
    expect(stdout).toMatch(/Patch: [^]*jobs\.go\.steps changed/);
    expect(stdout).toMatch(/This asks for a new major version\.\n$/);
  });

  it('as JSON for programs', async () => {
    await write('old.yml', OLD);
    await write('new.yml', OLD.replace('default: x', 'default: y'));
    const { stdout } = await run('orb', 'diff', 'old.yml', 'new.yml', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      version: 'minor',
      changes: [{ where: 'jobs.go.parameters.a.default', older: 'x', newer: 'y' }],
    });
  });

  it('says that nothing changed', async () => {
    await write('old.yml', OLD);
    expect((await run('orb', 'diff', 'old.yml', 'old.yml')).stdout).toBe('Nothing changed for users of the orb.\n');
  });

  it('refuses what is no orb, with its place', async () => {
    await write('old.yml', OLD);
    await write('new.yml', 'jobs: [1]\n');
    const { exitCode, stderr } = await run('orb', 'diff', 'old.yml', 'new.yml');
    expect(exitCode).toBe(7);
    expect(stderr).toContain('new.yml is no valid orb');
    expect(stderr).toContain('new.yml:1:');
  });
});
