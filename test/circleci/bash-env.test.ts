import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exportLines, exportVariables } from '../../src/circleci/bash-env.ts';
import { rejectionOf } from '../support/failures.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** What a later step of the job sees: bash reads BASH_ENV by itself when it runs a script. */
async function laterStep(file: string, variable: string): Promise<string> {
  const script = `printf '%s' "$${variable}"`;
  const env = { PATH: process.env['PATH'], BASH_ENV: file };
  // With a socket as its input bash would take itself for a remote shell, which does not read BASH_ENV.
  return execFileSync('bash', ['-eo', 'pipefail', '-c', script], {
    encoding: 'utf8',
    env,
    cwd: await tempFolder(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('exportVariables', () => {
  it.each([
    'plain',
    '',
    '$(touch x)',
    '`touch x`',
    '$HOME ${HOME} $$',
    `it's "quoted" '' \\' \\`,
    'two\nlines\n',
    'tab\tand blank ',
    '*',
    '~',
    '<< pipeline.number >>',
    '<<EOF',
    '!history',
    'a;b&c|d>e#f',
    'ünïcödé 🚀',
    '\u001b[31m',
  ])('bash gives a later step the value as it is: %j', async (value) => {
    const BASH_ENV = join(await tempFolder(), 'bash.env');
    await exportVariables({ BASH_ENV }, { AWS_DEPLOY_VALUE: value });
    expect(await laterStep(BASH_ENV, 'AWS_DEPLOY_VALUE')).toBe(value);
  });

  it('keeps what earlier steps set, also where their last line has no end', async () => {
    const BASH_ENV = join(await tempFolder(), 'bash.env');
    await writeFile(BASH_ENV, 'export EARLIER=1');
    await exportVariables({ BASH_ENV }, { AWS_DEPLOY_VALUE: '2' });
    expect(await laterStep(BASH_ENV, 'EARLIER')).toBe('1');
    expect(await laterStep(BASH_ENV, 'AWS_DEPLOY_VALUE')).toBe('2');
  });

  it('of two values the later one counts', async () => {
    const BASH_ENV = join(await tempFolder(), 'bash.env');
    await exportVariables({ BASH_ENV }, { AWS_DEPLOY_VALUE: '1' });
    await exportVariables({ BASH_ENV }, { AWS_DEPLOY_VALUE: '2' });
    expect(await laterStep(BASH_ENV, 'AWS_DEPLOY_VALUE')).toBe('2');
  });

  it('writes nothing where there is nothing to say', async () => {
    const BASH_ENV = join(await tempFolder(), 'bash.env');
    await writeFile(BASH_ENV, '');
    await exportVariables({ BASH_ENV }, {});
    expect(await readFile(BASH_ENV, 'utf8')).toBe('');
  });

  it('a file that can not be written is told by its name', async () => {
    const BASH_ENV = join(await tempFolder(), 'missing', 'bash.env');
    expect(await rejectionOf(exportVariables({ BASH_ENV }, { A: '1' }))).toMatchObject({
      exitCode: 1,
      title: `BASH_ENV can not be written: ${BASH_ENV}`,
    });
  });

  it.each([{}, { BASH_ENV: '' }])('outside CircleCI does nothing: %j', async (env) => {
    await expect(exportVariables(env, { AWS_DEPLOY_VALUE: '1' })).resolves.toBeUndefined();
  });
});

it('exportLines has a line for each variable', () => {
  expect(exportLines({ A: '1', B: '2' })).toBe("export A='1'\nexport B='2'\n");
});
