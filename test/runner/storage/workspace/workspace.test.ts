import { describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTree, writeTree } from '../support/file-tree.ts';
import { testWorld, type TestWorld } from '../support/storage-world.ts';
import { folder, persisted, persist, attach, attached, TWO } from '../support/persisted.ts';

describe('paths that are persisted', () => {
  const files = {
    'a.jar': 'a',
    'b.txt': 'b',
    '.hidden': 'h',
    'out/x/1.jar': '1',
    'out/y/2.jar': '2',
    'out/y/deep/3.jar': '3',
    'empty/': '',
    'odd [1]*.txt': 'odd',
  };
  it.each<[string, string[], string[]]>([
    ['a file', ['a.jar'], ['a.jar']],
    ['a folder with all below it', ['out'], ['out/x/1.jar', 'out/y/2.jar', 'out/y/deep/3.jar']],
    ['a star, which takes names with a dot in front, too', ['*.txt', '.*'], ['.hidden', 'b.txt', 'odd [1]*.txt']],
    ['a star for a folder', ['out/*/*.jar'], ['out/x/1.jar', 'out/y/2.jar']],
    ['two stars, which are one', ['out/**/*.jar'], ['out/x/1.jar', 'out/y/2.jar']],
    ['a question mark and a class', ['?.[a-j]*', 'out/[^x]/*.jar'], ['a.jar', 'out/y/2.jar']],
    ['an escaped wildcard', ['odd \\[1\\]\\*.txt'], ['odd [1]*.txt']],
    ['an empty folder', ['empty'], ['empty/']],
    ['overlapping patterns', ['out/x', 'out/*', './out/x/1.jar'], ['out/x/1.jar', 'out/y/2.jar', 'out/y/deep/3.jar']],
    ['the root itself', ['.'], Object.keys(files).toSorted()],
    ['a pattern that matches beside one that does not', ['none*', 'a.jar'], ['a.jar']],
  ])('%s', async (_, paths, expected) => {
    await persisted(files, paths, { requires: TWO });
    expect(Object.keys(await attached({ job: 'deploy', requires: TWO }))).toEqual(expected);
  });

  it('are relative to the root, and end up relative to where the workspace is attached', async () => {
    const world = await testWorld(folder.path, { requires: TWO });
    await writeTree(world.place.home, { 'out/dist/app': 'app' });
    await persist(world, '~/out', ['dist']);
    const next = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await attach(next, '~/elsewhere/deep');
    expect(await readTree(next.place.home)).toEqual({ 'elsewhere/deep/dist/app': 'app', 'project/': '' });
  });

  it.each<[string, string, string[], RegExp]>([
    ['no match at all', '.', ['none', '*.zip'], /^The specified paths did not match any files in ~\/project$/],
    [
      'a missing root',
      'nowhere',
      ['a'],
      /^Error locating workspace root directory: stat ~\/project\/nowhere: no such file/,
    ],
    ['a root that is a file', 'a.jar', ['a'], /^Error locating workspace root directory: .*: not a directory$/],
    ['an absolute path', '.', ['/etc/hosts'], /"\/etc\/hosts" is not below the root/],
    ['a path that leads out', '.', ['out/../../x'], /"out\/..\/..\/x" is not below the root/],
    ['a malformed pattern', '.', ['[a'], /pattern "\[a" is malformed/],
  ])('fail the step for %s', async (_, root, paths, title) => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, files);
    await expect(persist(world, root, paths)).rejects.toMatchObject({
      title: expect.stringMatching(title) as unknown,
      message: '.circleci/config.yml:7:9: Persisting to workspace',
    });
  });
});

describe('what comes out of a workspace', () => {
  it('has the modes and times that it had', async () => {
    const world = await testWorld(folder.path, { requires: TWO });
    await writeTree(world.working, { 'bin/run': '#!/bin/sh\n', 'bin/secret': 'x' });
    await chmod(join(world.working, 'bin/run'), 0o755);
    await chmod(join(world.working, 'bin/secret'), 0o400);
    await chmod(join(world.working, 'bin'), 0o550);
    await utimes(join(world.working, 'bin/run'), 1_500_000_000, 1_500_000_000);
    await persist(world, '.', ['bin']);
    const next = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await attach(next);
    const modes = await Promise.all(
      ['bin', 'bin/run', 'bin/secret'].map(async (path) => (await stat(join(next.working, path))).mode & 0o777),
    );
    expect(modes).toEqual([0o550, 0o755, 0o400]);
    expect((await stat(join(next.working, 'bin/run'))).mtimeMs).toBe(1_500_000_000_000);
  });

  it('has the links that it had, wherever they point to', async () => {
    const world = await testWorld(folder.path, { requires: TWO });
    await writeTree(world.working, { 'app/v1': 'one' });
    await symlink('v1', join(world.working, 'app/current'));
    await symlink('/nowhere/at/all', join(world.working, 'app/absolute'));
    await persist(world, '.', ['app']);
    expect(await attached({ job: 'deploy', requires: TWO })).toEqual({
      'app/absolute': '-> /nowhere/at/all',
      'app/current': '-> v1',
      'app/v1': 'one',
    });
  });

  it.each([['a line\nbreak'], ['--force'], [' spaces '], ['ünïcode-\u{1F680}'], ['quote"\'`$(x)'], ['back\\slash']])(
    'has the name %j',
    async (name) => {
      await persisted({ [`d/${name}`]: 'x' }, ['d'], { requires: TWO });
      expect(await attached({ job: 'deploy', requires: TWO })).toEqual({ [`d/${name}`]: 'x' });
    },
  );

  it('has names that are no UTF-8', async () => {
    const world = await testWorld(folder.path, { requires: TWO });
    const name = Buffer.from([0x66, 0xff, 0xfe]);
    await writeFile(Buffer.concat([Buffer.from(`${world.working}/`), name]), 'x').catch(() => undefined);
    const names = await readdir(world.working, { encoding: 'buffer' });
    await persist(world, '.', ['.']);
    const next = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await attach(next);
    expect(await readdir(next.working, { encoding: 'buffer' })).toEqual(names);
  });

  it('has a file of many pieces byte for byte', async () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 17, 'abcdefg');
    const world = await testWorld(folder.path, { requires: TWO });
    await writeFile(join(world.working, 'large'), bytes);
    await writeFile(join(world.working, 'none'), '');
    await persist(world, '.', ['.']);
    const next = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await attach(next);
    expect(bytes.equals(await readFile(join(next.working, 'large')))).toBe(true);
    expect(await readFile(join(next.working, 'none'), 'utf8')).toBe('');
  });

  it('can be changed without changing it for others', async () => {
    await persisted({ a: 'as persisted' }, ['a'], { requires: TWO });
    const first = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await attach(first);
    await writeFile(join(first.working, 'a'), 'changed');
    expect(await attached({ job: 'deploy', requires: TWO })).toEqual({ a: 'as persisted' });
  });
});

describe('attaching over files that are there', () => {
  async function attachOver(prepare: (working: string) => Promise<unknown>): Promise<TestWorld> {
    await persisted({ 'a/b': 'new' }, ['a'], { requires: TWO });
    const world = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await prepare(world.working);
    await attach(world);
    return world;
  }

  it('replaces files and merges folders', async () => {
    const world = await attachOver((working) => writeTree(working, { 'a/b': 'old', 'a/c': 'kept', d: 'kept' }));
    expect(await readTree(world.working)).toEqual({ 'a/b': 'new', 'a/c': 'kept', d: 'kept' });
  });

  it('replaces a link to a file instead of writing through it', async () => {
    const outside = join(folder.path, 'outside');
    await writeFile(outside, 'untouched');
    const world = await attachOver(async (working) => {
      await mkdir(join(working, 'a'));
      await symlink(outside, join(working, 'a/b'));
    });
    expect(await readFile(outside, 'utf8')).toBe('untouched');
    expect(await readTree(world.working)).toEqual({ 'a/b': 'new' });
  });

  it('replaces a link to a folder instead of writing through it', async () => {
    const outside = join(folder.path, 'outside');
    await mkdir(outside);
    const world = await attachOver((working) => symlink(outside, join(working, 'a')));
    expect(await readdir(outside)).toEqual([]);
    expect(await readTree(world.working)).toEqual({ 'a/b': 'new' });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a folder with files is where a file goes',
      { 'a/b/c': '' },
      /^Attaching workspace: a folder is where a file has to go$/,
    ],
    ['a file is where a folder goes', { a: '' }, /^Attaching workspace: a file is where a folder has to go$/],
  ])('fails when %s', async (_, files, title) => {
    await expect(attachOver((working) => writeTree(working, files))).rejects.toMatchObject({
      title: expect.stringMatching(title) as unknown,
    });
  });

  it('refuses a folder outside of the job', async () => {
    await persisted({ a: '' }, ['a'], { requires: TWO });
    const world = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    await expect(attach(world, '/srv/not-there/workspace')).rejects.toMatchObject({
      title: "Attaching workspace: /srv/not-there/workspace is outside of the job's folders",
    });
  });

  it('takes the temporary folder of the machine, and says that others have it, too', async () => {
    await persisted({ a: 'x' }, ['a'], { requires: TWO });
    const world = await testWorld(folder.path, { job: 'deploy', requires: TWO });
    const shared = join(folder.path, 'shared');
    await attach(world, shared);
    expect(await readTree(shared)).toEqual({ a: 'x' });
    expect(world.said[0]).toBe(
      `${shared} is shared by all that runs on this machine; on CircleCI each job has its own.`,
    );
  });
});
