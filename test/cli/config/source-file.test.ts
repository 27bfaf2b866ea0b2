import { execFileSync } from 'node:child_process';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { readFile, readSource } from '../../../src/cli/config/source-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let cwd: string;
beforeEach(async () => {
  cwd = await tempFolder();
});

const never = new AbortController().signal;

describe('a source', () => {
  it('is read from a file', async () => {
    await writeFile(join(cwd, 'c.yml'), 'version: 2.1\n');
    expect(await readSource('c.yml', { cwd, signal: never })).toEqual({ name: 'c.yml', text: 'version: 2.1\n' });
  });

  it('is read from a pipe, whoever comes first', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const reading = readSource('pipe', { cwd, signal: never });
    const writer = await open(join(cwd, 'pipe'), 'w');
    await writer.writeFile('version:');
    await writer.writeFile(' 2.1\n');
    await writer.close();
    expect(await reading).toEqual({ name: 'pipe', text: 'version: 2.1\n' });
  });

  it('from a pipe into which nobody writes can be canceled', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    const canceling = new AbortController();
    const reading = readSource('pipe', { cwd, signal: canceling.signal });
    canceling.abort();
    await expect(reading).rejects.toMatchObject({ code: 'canceled', exitCode: 6 });
  });

  it.each([
    ['a device', '/dev/zero', 7, '/dev/zero is no regular file'],
    ['a folder', '.', 7, '. is a folder'],
    ['what is not there', 'gone.yml', 5, 'there is no file gone.yml'],
    ['a path through a file', '/dev/null/a', 5, 'there is no file /dev/null/a'],
    ['an empty name', '', 2, 'the name of the file is empty'],
  ])('is not %s', async (_what, path, exitCode, title) => {
    await expect(readSource(path, { cwd, signal: never })).rejects.toMatchObject({ exitCode, title });
  });
});

describe('a file that is read at once', () => {
  it('is no pipe, since nothing could cancel that', () => {
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    expect(() => readFile('pipe', cwd)).toThrow(
      expect.objectContaining({ exitCode: 7, title: 'pipe is no regular file' }),
    );
  });
});
