import { describe, expect, it } from '@jest/globals';
import { lstat, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTree, writeTree } from '../support/file-tree.ts';
import { testWorld } from '../support/storage-world.ts';
import { folder, DIAMOND, persisted, persist, attach, attached, TWO } from '../support/persisted.ts';

describe('layers', () => {
  it('of all jobs upstream come together, those of others do not', async () => {
    const requires = { ...DIAMOND, other: [] };
    await persisted({ s: 'setup' }, ['s'], { job: 'setup', requires });
    await persisted({ l: 'left' }, ['l'], { job: 'left', requires });
    await persisted({ r: 'right' }, ['r'], { job: 'right', requires });
    await persisted({ o: 'other' }, ['o'], { job: 'other', requires });
    expect(await attached({ job: 'end', requires })).toEqual({ l: 'left', r: 'right', s: 'setup' });
    expect(await attached({ job: 'left', requires })).toEqual({ s: 'setup' });
  });

  it('of a later job lie over those of an earlier one, whatever their order in the config', async () => {
    const requires = { last: ['second'], second: ['first'], first: [] };
    await persisted({ f: '2' }, ['f'], { job: 'second', requires });
    await persisted({ f: '1' }, ['f'], { job: 'first', requires });
    expect(await attached({ job: 'last', requires })).toEqual({ f: '2' });
  });

  it('of one job lie over each other in the order of its steps', async () => {
    const world = await persisted({ f: '1', g: '1' }, ['.'], { requires: TWO });
    await writeTree(world.working, { f: '2' });
    await persist(world, '.', ['f']);
    expect(await attached({ job: 'deploy', requires: TWO })).toEqual({ f: '2', g: '1' });
  });

  it('of all nodes of a parallel job come together', async () => {
    await persisted({ 'n/0': '' }, ['n'], { requires: TWO, parallelism: 2, node: 0 });
    await persisted({ 'n/1': '' }, ['n'], { requires: TWO, parallelism: 2, node: 1 });
    expect(Object.keys(await attached({ job: 'deploy', requires: TWO }))).toEqual(['n/0', 'n/1']);
  });

  it('of another run are not seen', async () => {
    await persisted({ f: '1' }, ['f'], { requires: TWO, run: 1 });
    expect(await attached({ job: 'deploy', requires: TWO, run: 2 })).toEqual({});
  });

  it.each(['a/b', '..', '.', 'matrix-1.2 (x)', 'ü', ''])('of a job with the name %j are found', async (name) => {
    const requires = { [name]: [], deploy: [name] };
    await persisted({ f: '1' }, ['f'], { job: name, requires });
    expect(await attached({ job: 'deploy', requires })).toEqual({ f: '1' });
  });
});

describe('the same file from jobs that may run at once', () => {
  it('fails in the words of CircleCI, and names the files and the jobs', async () => {
    await persisted({ 'out/f': 'same', 'out/l': '' }, ['out'], { job: 'left', requires: DIAMOND });
    await persisted({ 'out/f': 'same', 'out/r': '' }, ['out'], { job: 'right', requires: DIAMOND });
    const world = await testWorld(folder.path, { job: 'end', requires: DIAMOND });
    await expect(attach(world)).rejects.toMatchObject({
      title: 'Error applying workspace layer for job right: Concurrent upstream jobs persisted the same file(s)',
      message: 'Concurrent upstream jobs persisted the same file(s) into the workspace:\n  - out/f',
      hints: [expect.stringContaining('persisted by right and left')],
    });
    expect(await readTree(world.working)).toEqual({});
  });

  it('fails for two nodes of one job', async () => {
    for (const node of [0, 1]) await persisted({ f: '' }, ['f'], { requires: TWO, parallelism: 2, node });
    await expect(attached({ job: 'deploy', requires: TWO })).rejects.toThrow(/Concurrent upstream jobs/);
  });

  it('does no harm to a job that is downstream of one of them only', async () => {
    const requires = { ...DIAMOND, after: ['left'] };
    await persisted({ f: 'left' }, ['f'], { job: 'left', requires });
    await persisted({ f: 'right' }, ['f'], { job: 'right', requires });
    expect(await attached({ job: 'after', requires })).toEqual({ f: 'left' });
  });
});

describe('no workspace', () => {
  it.each([
    ['no job is required', { deploy: [] }, /No workspace layers were found: deploy requires no job of this run\./],
    [
      'no job upstream has persisted',
      TWO,
      /No workspace layers were found: no job that deploy requires has persisted anything \(build\)\./,
    ],
  ])('is said when %s, and the job goes on', async (_, requires, text) => {
    const world = await testWorld(folder.path, { job: 'deploy', requires });
    await attach(world);
    expect(world.said.join('\n')).toMatch(text);
  });
});

describe('a layer', () => {
  const layers = (): string => join(folder.path, 'local/runs/1/workspace/main/build/0');

  it('that could not be written leaves nothing behind', async () => {
    const world = await testWorld(folder.path, { requires: TWO });
    await writeTree(world.working, { f: 'x' });
    const controller = new AbortController();
    controller.abort(new Error('canceled'));
    await expect(persist({ ...world, signal: controller.signal }, '.', ['f'])).rejects.toThrow('canceled');
    expect(await readdir(layers())).toEqual([]);
  });

  it('that was damaged is told, with the job that persisted it', async () => {
    await persisted({ f: 'text' }, ['f'], { requires: TWO });
    await truncate(join(layers(), '0001/content'), 2);
    await expect(attached({ job: 'deploy', requires: TWO })).rejects.toMatchObject({
      title: 'Attaching workspace: what build persisted can not be read: it holds 2 bytes of 4',
    });
  });

  it('with a part missing is told', async () => {
    await persisted({ f: 'text' }, ['f'], { requires: TWO });
    await rm(join(layers(), '0001/index.json'));
    await expect(attached({ job: 'deploy', requires: TWO })).rejects.toThrow(/a part of it is missing/);
  });

  it('whose index leads out of the folder is refused', async () => {
    await persisted({ f: 'text' }, ['f'], { requires: TWO });
    const index = join(layers(), '0001/index.json');
    await writeFile(index, (await readFile(index, 'utf8')).replace('"f"', '"../f"'));
    const world = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await expect(attach(world)).rejects.toThrow(/its index is damaged/);
    await expect(lstat(join(world.place.home, 'f'))).rejects.toThrow(/ENOENT/);
  });
});
