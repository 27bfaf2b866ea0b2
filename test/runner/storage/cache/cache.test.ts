import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { restoreCache, saveCache } from '../../../../src/runner/storage/cache/cache.ts';
import { readTree, writeTree } from '../support/file-tree.ts';
import { stepFields, testFolder, testWorld, type TestWorld, type WorldOptions } from '../support/storage-world.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

function save(world: TestWorld, key: string, paths: readonly string[], limit?: number): Promise<unknown> {
  return saveCache(
    { ...stepFields('Saving cache'), kind: 'save_cache', key, paths },
    world,
    limit === undefined ? {} : { limit },
  );
}

function restore(world: TestWorld, ...keys: readonly string[]): Promise<unknown> {
  return restoreCache({ ...stepFields('Restoring cache'), kind: 'restore_cache', keys }, world);
}

async function saved(key: string, files: Readonly<Record<string, string>>, paths = ['.']): Promise<TestWorld> {
  const world = await testWorld(folder.path);
  await writeTree(world.working, files);
  await save(world, key, paths);
  return world;
}

/** What a fresh job has in its working directory after a cache was restored. */
async function restored(...keys: readonly string[]): Promise<Record<string, string>> {
  const world = await testWorld(folder.path);
  await restore(world, ...keys);
  return readTree(world.working);
}

const cacheFolder = (): string => join(folder.path, 'local/cache');

async function onlyEntry(): Promise<string> {
  const [name = ''] = await readdir(cacheFolder());
  return join(cacheFolder(), name);
}

describe('restoring', () => {
  it('brings back what was saved, in another job and another run', async () => {
    await saved('v1', { 'node_modules/a/index.js': 'a', 'node_modules/.bin/': '', other: 'x' }, ['node_modules']);
    const world = await testWorld(folder.path, { job: 'test', run: 2 });
    await restore(world, 'v1');
    expect(await readTree(world.working)).toEqual({ 'node_modules/.bin/': '', 'node_modules/a/index.js': 'a' });
  });

  it('takes the first key that is the beginning of any', async () => {
    await saved('v1-a-old', { f: 'old' });
    await saved('v1-b', { f: 'b' });
    expect(await restored('v1-a-new', 'v1-a-', 'v1-')).toEqual({ f: 'old' });
  });

  it('takes the newest of several, even where an older one is an exact match', async () => {
    await saved('v1-cache', { f: 'exact' });
    await saved('v1-cache-new', { f: 'newest' });
    expect(await restored('v1-cache')).toEqual({ f: 'newest' });
  });

  it('says for every key that nothing is found, and goes on', async () => {
    await saved('v2', { f: '' });
    const world = await testWorld(folder.path);
    await restore(world, 'v1-x', 'v1-');
    expect(world.said).toEqual(['No cache is found for key: v1-x', 'No cache is found for key: v1-']);
  });

  it('says which cache it took, and where to', async () => {
    await saved('v1-x', { f: '12345' }, ['f']);
    const world = await testWorld(folder.path);
    await restore(world, 'v1-');
    expect(world.said).toEqual([
      expect.stringMatching(/^Found a cache from \d{4}-.*Z at v1-x$/),
      'Size: 5 B',
      'Cached paths:',
      '  * ~/project/f',
    ]);
  });
});

describe('paths', () => {
  it('in the home are restored to the home of the other job', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.place.home, { '.cache/yarn/x': 'x', '.npmrc': 'file' });
    await save(world, 'v1', ['~/.cache/yarn', join(world.place.home, '.npmrc')]);
    const next = await testWorld(folder.path);
    await restore(next, 'v1');
    expect(await readTree(next.place.home)).toEqual({ '.cache/yarn/x': 'x', '.npmrc': 'file', 'project/': '' });
  });

  it('in the working directory go where they were, also for a job with another working directory', async () => {
    await saved('v1', { 'deps/x': 'x' }, ['deps']);
    const next = await testWorld(folder.path, { workingDirectory: '~/project/sub' });
    await restore(next, 'v1');
    expect(await readTree(next.working)).toEqual({ 'deps/x': 'x' });
  });

  it('that are missing are said, and the others saved', async () => {
    const world = await saved('v1', { f: 'x' }, ['none', 'f']);
    expect(world.said).toContain('Warning: could not archive ~/project/none - Not found');
    expect(await restored('v1')).toEqual({ f: 'x' });
  });

  it('are no patterns', async () => {
    const world = await saved('v1', { 'a.txt': '' }, ['*.txt']);
    expect(world.said).toContain('Warning: could not archive ~/project/*.txt - Not found');
  });

  it('outside of the job are left out, and said', async () => {
    const world = await saved('v1', { f: 'x' }, ['/usr/local/lib/node_modules', 'f']);
    expect(world.said).toContain(
      "Warning: could not archive /usr/local/lib/node_modules - on this machine only what is in the job's folders is cached",
    );
  });

  it('that have become a link are replaced, not followed', async () => {
    await saved('v1', { 'deps/x': 'new' }, ['deps']);
    const outside = join(folder.path, 'outside');
    await writeTree(outside, { x: 'untouched' });
    const world = await testWorld(folder.path);
    await symlink(outside, join(world.working, 'deps'));
    await restore(world, 'v1');
    expect(await readTree(outside)).toEqual({ x: 'untouched' });
    expect(await readTree(world.working)).toEqual({ 'deps/x': 'new' });
    expect(world.said.filter((line) => line.includes('is shared'))).toEqual([]);
  });

  it('behind a link are told as the job calls them', async () => {
    await saved('v1', { 'a/deps/x': 'new' }, ['a/deps']);
    const world = await testWorld(folder.path);
    await writeTree(folder.path, { 'outside/y': '' });
    await symlink(join(folder.path, 'outside'), join(world.working, 'a'));
    await restore(world, 'v1');
    expect(world.said).toContain(
      '~/project/a/deps is shared by all that runs on this machine; on CircleCI each job has its own.',
    );
  });

  it('of an entry that somebody has made up can not lead out of the job', async () => {
    await saved('v1', { f: 'x' }, ['f']);
    const entry = join(await onlyEntry(), 'entry.json');
    await writeFile(
      entry,
      (await readFile(entry, 'utf8')).replace('"project/f"', '"../../../../../../srv/not-there/f"'),
    );
    await expect(restored('v1')).rejects.toMatchObject({
      title: "Restoring cache: /srv/not-there/f is outside of the job's folders",
    });
  });
});

describe('a key', () => {
  it('is immutable: saving it again is skipped, and said', async () => {
    await saved('v1', { f: 'first' });
    const again = await saved('v1', { f: 'second' });
    expect(again.said).toEqual([
      'Skipping cache generation, cache already exists for key: v1',
      expect.stringMatching(/^Found one created at \d{4}-/),
    ]);
    expect(await restored('v1')).toEqual({ f: 'first' });
  });

  it('that two jobs save at once is saved once, as a whole', async () => {
    const worlds = await Promise.all(
      ['one', 'two'].map(async (text) => {
        const world = await testWorld(folder.path);
        await writeTree(world.working, { a: text, b: text });
        return world;
      }),
    );
    await Promise.all(worlds.map((world) => save(world, 'v1', ['a', 'b'])));
    const { a, b } = await restored('v1');
    expect(['one', 'two']).toContain(a);
    expect(b).toBe(a);
    expect(await readdir(cacheFolder())).toHaveLength(1);
  });

  it('knows files, the checkout and the environment of the job', async () => {
    const options: WorldOptions = {
      env: { CIRCLE_BUILD_NUM: '9', CIRCLE_JOB: 'test' },
      checkout: { branch: 'main', commit: 'f00' },
    };
    const world = await testWorld(folder.path, options);
    await writeTree(world.working, { 'package-lock.json': '{}' });
    await save(
      world,
      '{{ .Branch }}/{{ .Revision }}/{{ .BuildNum }}/{{ .Environment.CIRCLE_JOB }}/{{ checksum "package-lock.json" }}',
      ['package-lock.json'],
    );
    const sum = createHash('sha256').update('{}').digest('base64').replaceAll('/', '_');
    expect(world.said).toContain(`Stored Cache to main/f00/9/test/${sum}`);
  });

  it('names the system and its processor as CircleCI does', async () => {
    const world = await testWorld(folder.path);
    await restore(world, '{{ arch }}');
    expect(world.said[0]).toMatch(/^No cache is found for key: arch1-(linux|darwin)-(amd64|arm64|386)-\d+_\d+$/);
  });

  it.each<[string, (world: TestWorld, key: string) => Promise<unknown>]>([
    ['saved', (world, key) => save(world, key, ['.'])],
    ['restored', (world, key) => restore(world, 'v1', key)],
  ])('whose file is missing is not %s; the job goes on', async (_, use) => {
    const world = await testWorld(folder.path);
    await use(world, 'v1-{{ checksum "go.sum" }}');
    expect(world.said).toEqual([
      'error computing cache key: template: cacheKey:1:6: executing "cacheKey" at <checksum "go.sum">: error calling checksum: open ~/project/go.sum: no such file or directory',
    ]);
  });

  it('with an unknown template fails the step, with its place', async () => {
    const world = await testWorld(folder.path);
    await expect(restore(world, 'v1-{{ branch }}')).rejects.toMatchObject({
      title: expect.stringContaining('function "branch" not defined') as unknown,
      message: '.circleci/config.yml:7:9: Restoring cache',
      exitCode: 7,
    });
  });

  it('of more than 900 characters is not used', async () => {
    const world = await saved('x'.repeat(901), { f: '' });
    expect(world.said).toEqual(['The key has 901 characters, and CircleCI takes 900: no cache is used']);
  });
});

describe('what is kept', () => {
  async function lastUsed(key: string, seconds: number): Promise<void> {
    for (const name of await readdir(cacheFolder())) {
      const entry = join(cacheFolder(), name, 'entry.json');
      const { key: found } = JSON.parse(await readFile(entry, 'utf8')) as { key: string };
      if (found === key) await utimes(entry, seconds, seconds);
    }
  }

  async function keysKept(): Promise<string[]> {
    const names = await readdir(cacheFolder());
    const texts = names.map((name) => readFile(join(cacheFolder(), name, 'entry.json'), 'utf8'));
    return (await Promise.all(texts)).map((text) => (JSON.parse(text) as { key: string }).key).toSorted();
  }

  it('stays below the limit: what was not used for longest goes first', async () => {
    const bytes = { f: 'x'.repeat(10_000) };
    for (const [index, key] of ['a', 'b', 'c'].entries()) {
      await saved(key, bytes);
      await lastUsed(key, 1_000_000 + index);
    }
    await restored('a');
    const world = await testWorld(folder.path);
    await writeTree(world.working, bytes);
    await save(world, 'd', ['f'], 35_000);
    expect(await keysKept()).toEqual(['a', 'c', 'd']);
    expect(world.said.at(-1)).toBe('Removed 1 cache not used for long, to keep below 34 KiB');
  });

  it('holds the cache that was just saved, however large', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { f: 'x'.repeat(1000) });
    await save(world, 'a', ['f'], 10);
    expect(await keysKept()).toEqual(['a']);
  });

  it('can be read by the user alone, as keys may hold values of variables', async () => {
    await saved('a', { f: '' });
    expect((await stat(join(await onlyEntry(), 'entry.json'))).mode & 0o077).toBe(0);
  });
});

describe('a damaged cache', () => {
  it('is said and removed, and the next one is taken', async () => {
    await saved('v1-old', { f: 'old' });
    await saved('v1-new', { f: 'new' });
    for (const name of await readdir(cacheFolder())) {
      const entry = await readFile(join(cacheFolder(), name, 'entry.json'), 'utf8');
      if (entry.includes('v1-new')) await truncate(join(cacheFolder(), name, 'content'), 0);
    }
    const world = await testWorld(folder.path);
    await restore(world, 'v1-');
    expect(world.said[0]).toBe('Warning: the cache v1-new is damaged (it holds 0 bytes of 3), and was removed');
    expect(await readTree(world.working)).toEqual({ f: 'old' });
    expect(await readdir(cacheFolder())).toHaveLength(1);
  });

  it.each(['', '{"schema":"another"}', '[]', 'null'])('that says %j of itself is said and ignored', async (text) => {
    await saved('v1', { f: 'x' });
    await writeFile(join(await onlyEntry(), 'entry.json'), text);
    const world = await testWorld(folder.path);
    await restore(world, 'v1');
    expect(world.said[0]).toMatch(/^Warning: .* is damaged, or of another version: ignored$/);
    expect(await readTree(world.working)).toEqual({});
  });

  it('gives way to a new one of its key', async () => {
    await saved('v1', { f: 'x' });
    await rm(join(await onlyEntry(), 'entry.json'));
    await saved('v1', { f: 'again' });
    expect(await restored('v1')).toEqual({ f: 'again' });
  });
});
