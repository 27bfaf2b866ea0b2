import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { storeArtifacts } from '../../../../src/runner/storage/outputs/artifacts.ts';
import { readTree, writeTree } from '../support/file-tree.ts';
import { stepFields, testFolder, testWorld, type TestWorld } from '../support/storage-world.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

function store(world: TestWorld, path: string, destination?: string): ReturnType<typeof storeArtifacts> {
  const named = destination === undefined ? {} : { destination };
  return storeArtifacts({ ...stepFields('Uploading artifacts'), kind: 'store_artifacts', path, ...named }, world);
}

function artifacts(world: TestWorld): Promise<Record<string, string>> {
  return readTree(join(world.runFolder, 'artifacts/main/build'));
}

describe('artifacts', () => {
  const files = { 'out/report.html': 'r', 'out/css/a.css': 'c', 'app.log': 'l' };
  it.each<[string, string, string | undefined, Record<string, string>]>([
    ['a folder under its own path', 'out', undefined, { 'out/css/a.css': 'c', 'out/report.html': 'r' }],
    ['a folder written with dots', './x/../out/', undefined, { 'out/css/a.css': 'c', 'out/report.html': 'r' }],
    ['a folder under a destination', 'out', 'docs/new', { 'docs/new/css/a.css': 'c', 'docs/new/report.html': 'r' }],
    ['a folder at the top', 'out', '/', { 'out/css/a.css': 'c', 'out/report.html': 'r' }],
    ['a file under its own path', 'out/report.html', undefined, { 'out/report.html': 'r' }],
    ['a file under the name of the destination', 'app.log', 'build-log', { 'build-log': 'l' }],
    ['a file in a destination that is a folder', 'app.log', 'logs/', { 'logs/app.log': 'l' }],
    ['a file of the home', '~/project/app.log', undefined, { 'project/app.log': 'l' }],
    ['a destination that would lead out', 'app.log', '../../../x', { x: 'l' }],
  ])('keep %s', async (_, path, destination, expected) => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, files);
    await store(world, path, destination);
    expect(await artifacts(world)).toEqual(expected);
  });

  it('under an absolute path have all of it', async () => {
    const world = await testWorld(folder.path);
    const outside = join(folder.path, 'elsewhere');
    await writeTree(outside, { a: 'a' });
    await store(world, outside);
    expect(await artifacts(world)).toEqual({ [`${outside.slice(1)}/a`]: 'a' });
  });

  it('are named by their paths below the folder of the run', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, files);
    expect(await store(world, 'out')).toEqual({
      artifacts: ['artifacts/main/build/out/css/a.css', 'artifacts/main/build/out/report.html'],
    });
  });

  it('of parallel nodes are kept apart', async () => {
    for (const node of [0, 1]) {
      const world = await testWorld(folder.path, { parallelism: 2, node });
      await writeTree(world.working, { 'app.log': String(node) });
      await store(world, 'app.log');
    }
    const world = await testWorld(folder.path);
    expect(await artifacts(world)).toEqual({ '0/app.log': '0', '1/app.log': '1' });
  });

  it('of a path that is not there are none, which is said', async () => {
    const world = await testWorld(folder.path);
    expect(await store(world, 'out')).toEqual({ artifacts: [] });
    expect(world.said).toEqual(['Uploading ~/project/out to out', '  No artifact files found at ~/project/out']);
  });

  it('are no patterns', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, files);
    expect(await store(world, 'out/*')).toEqual({ artifacts: [] });
  });

  it('replace those of the same name', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { a: 'first', b: 'second' });
    await store(world, 'a', 'x');
    await store(world, 'b', 'x');
    expect(await artifacts(world)).toEqual({ x: 'second' });
  });

  it('are files where links to files were; other links are left out, and said', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { 'out/v1': 'one', 'dir/f': '' });
    await symlink('v1', join(world.working, 'out/current'));
    await symlink('gone', join(world.working, 'out/broken'));
    await symlink('../dir', join(world.working, 'out/folder'));
    await store(world, 'out');
    expect(await artifacts(world)).toEqual({ 'out/current': 'one', 'out/v1': 'one' });
    expect(world.said).toContain('  ~/project/out/broken is a link to nothing: left out');
    expect(world.said).toContain('  ~/project/out/folder is no file: left out');
  });

  it('can be read and removed by the user, whatever their modes were', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { 'out/run': '', 'out/secret': '' });
    await chmod(join(world.working, 'out/run'), 0o777);
    await chmod(join(world.working, 'out/secret'), 0o400);
    await chmod(join(world.working, 'out'), 0o555);
    await store(world, 'out');
    const kept = join(world.runFolder, 'artifacts/main/build/out');
    const modes = await Promise.all(['.', 'run', 'secret'].map(async (name) => (await stat(join(kept, name))).mode));
    expect(modes.map((mode) => mode & 0o700)).toEqual([0o700, 0o700, 0o600]);
  });

  it('that can not be copied leave nothing half-written', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { f: 'x' });
    const kept = join(world.runFolder, 'artifacts/main/build');
    await mkdir(join(kept, 'f/in-the-way'), { recursive: true });
    await expect(store(world, 'f')).rejects.toMatchObject({
      title: expect.stringMatching(/^Uploading artifacts: /) as unknown,
    });
    expect(await readdir(kept)).toEqual(['f']);
  });
});
