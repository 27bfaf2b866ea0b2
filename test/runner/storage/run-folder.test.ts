import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRunFolder, removeWorkspaces } from '../../../src/runner/storage/run-folder.ts';
import { readTree, writeTree } from './support/file-tree.ts';
import { testFolder } from './support/storage-world.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let local: string;
beforeEach(async () => {
  folder = await testFolder();
  local = join(folder.path, '.circleci/local');
});
afterEach(() => folder.remove());

describe('the folder of a run', () => {
  it('is numbered from 1, and there', async () => {
    const first = await openRunFolder(local);
    const second = await openRunFolder(local);
    expect([first, second]).toEqual([
      { number: 1, path: join(local, 'runs/1') },
      { number: 2, path: join(local, 'runs/2') },
    ]);
    expect(await readdir(join(local, 'runs'))).toEqual(['1', '2']);
  });

  it('counts on from the highest number, not from how many there are', async () => {
    await mkdir(join(local, 'runs/41'), { recursive: true });
    await mkdir(join(local, 'runs/100-notes'));
    expect((await openRunFolder(local)).number).toBe(42);
  });

  it('is another one for each of the runs that start at once', async () => {
    const runs = await Promise.all(Array.from({ length: 12 }, () => openRunFolder(local)));
    expect(runs.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('is kept from git, in a file that is written once', async () => {
    await openRunFolder(local);
    expect(await readFile(join(local, '.gitignore'), 'utf8')).toBe('*\n');
    await writeFile(join(local, '.gitignore'), '# mine\n*\n');
    await openRunFolder(local);
    expect(await readFile(join(local, '.gitignore'), 'utf8')).toBe('# mine\n*\n');
  });

  it('makes the oldest go, also one whose folders can not be written to', async () => {
    for (let run = 0; run < 3; run += 1) await openRunFolder(local, 3);
    await writeTree(join(local, 'runs/1'), { 'a/b': '' });
    await chmod(join(local, 'runs/1/a'), 0o500);
    await openRunFolder(local, 3);
    expect(await readdir(join(local, 'runs'))).toEqual(['2', '3', '4']);
  });

  it('leaves nothing of killed runs for longer than a day', async () => {
    await writeTree(join(local, 'runs'), { '.incomplete-old/f': '', '.incomplete-new/f': '' });
    await utimes(join(local, 'runs/.incomplete-old'), 1, 1);
    await openRunFolder(local);
    expect(await readdir(join(local, 'runs'))).toEqual(['.incomplete-new', '1']);
  });

  it('loses its workspaces when the run is over, and nothing else', async () => {
    const { path } = await openRunFolder(local);
    await writeTree(path, { 'workspace/main/build/0/0001/content': '', 'run.json': '{}' });
    await removeWorkspaces(path);
    expect(await readTree(path)).toEqual({ 'run.json': '{}' });
  });

  it('that can not be made is an error with the place', async () => {
    await writeTree(folder.path, { '.circleci': 'a file' });
    await expect(openRunFolder(local)).rejects.toMatchObject({
      code: 'run.storage_failed',
      title: `the folder for a new run can not be made in ${local}: a file is where a folder has to go`,
    });
  });
});
