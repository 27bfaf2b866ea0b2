import { expect, it } from '@jest/globals';
import { mkdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandHost } from '../../../src/runner/command-host.ts';
import { writeCommandFile } from '../../../src/runner/job/command-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const HOST: CommandHost = {
  start: () => {
    throw new Error('no command runs here');
  },
  close: () => Promise.resolve(),
};
const CONTAINER: CommandHost = { ...HOST, hostPath: (path) => path };

it('a link that a step has put where the next command goes is replaced', async () => {
  const folder = await realpath(await tempFolder());
  const mine = join(folder, 'mine');
  await writeFile(mine, 'mine', { mode: 0o644 });
  await symlink(mine, join(folder, 'step-2'));
  await writeCommandFile(join(folder, 'step-2'), 'true\n', CONTAINER);
  expect(await readFile(mine, 'utf8')).toBe('mine');
  expect(await readFile(join(folder, 'step-2'), 'utf8')).toBe('true\n');
});

it('a command that runs again takes the place of its file', async () => {
  const file = join(await tempFolder(), 'step-1');
  for (const text of ['one', 'two']) await writeCommandFile(file, text, HOST);
  expect(await readFile(file, 'utf8')).toBe('two');
  expect((await stat(file)).mode & 0o777).toBe(0o700);
});

it('nothing is written behind a folder that a container has made a link', async () => {
  const folder = await realpath(await tempFolder());
  await mkdir(join(folder, 'mine'));
  await symlink(join(folder, 'mine'), join(folder, 'tmp'));
  await expect(writeCommandFile(join(folder, 'tmp/step-1'), 'true\n', CONTAINER)).rejects.toMatchObject({
    code: 'run.temporary_folder_moved',
  });
});
