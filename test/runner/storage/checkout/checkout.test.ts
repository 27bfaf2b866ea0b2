import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCheckoutSource } from '../../../../src/runner/storage/checkout/checkout-source.ts';
import { readTree, writeTree } from '../support/file-tree.ts';
import { testWorld, type TestWorld } from '../support/storage-world.ts';
import { folder, repository, git, committed, newRepository, checkedOut, run, filesOf } from '../support/checked-out.ts';

describe('a checkout', () => {
  it('has the files of the commit, its branch, and nothing that is not committed', async () => {
    await newRepository({ f: 'one', 'src/a b.ts': 'x' });
    await writeTree(repository, { f: 'changed', new: 'n' });
    const { working, said } = await checkedOut();
    expect(await filesOf(working)).toEqual({ f: 'one', 'src/a b.ts': 'x' });
    expect(git(working, 'symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect(git(working, 'status', '--porcelain')).toBe('');
    expect(said.slice(0, 2)).toEqual(['Cloning git repository', 'Checking out branch main']);
    expect(said[2]).toMatch(/^HEAD is now at [0-9a-f]{7,} First$/);
  });

  it('has all of the history and the tags', async () => {
    await newRepository();
    git(repository, 'tag', 'v1');
    await committed({ f: 'two' }, 'Second');
    const { working } = await checkedOut();
    expect(git(working, 'log', '--format=%s')).toBe('Second\nFirst');
    expect(git(working, 'describe', '--tags')).toMatch(/^v1-1-g/);
  });

  it('of a detached commit is detached', async () => {
    await newRepository();
    const first = git(repository, 'rev-parse', 'HEAD');
    await committed({ f: 'two' }, 'Second');
    git(repository, 'checkout', '--quiet', first);
    const { working } = await checkedOut();
    expect(git(working, 'rev-parse', 'HEAD')).toBe(first);
    expect(git(working, 'branch', '--show-current')).toBe('');
  });

  it.each(['feature/x', 'ünï', 'a.b-c'])('of the branch %s is on it', async (branch) => {
    await newRepository();
    git(repository, 'checkout', '--quiet', '-b', branch);
    const { working } = await checkedOut();
    expect(git(working, 'branch', '--show-current')).toBe(branch);
    expect(git(working, 'rev-parse', `origin/${branch}`)).toBe(git(repository, 'rev-parse', 'HEAD'));
  });

  it('goes to the path of the step, relative to the working directory', async () => {
    await newRepository();
    const { working } = await checkedOut({ path: 'deep/er' });
    expect(await filesOf(join(working, 'deep/er'))).toEqual({ f: 'one' });
  });

  it('shares no file with the repository', async () => {
    await newRepository();
    const { working } = await checkedOut();
    const objects = (await readdir(join(working, '.git/objects'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    );
    const links = await Promise.all(
      objects.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).nlink),
    );
    expect(new Set(links)).toEqual(new Set([1]));
    expect(objects.map(({ name }) => name)).not.toContain('alternates');
  });

  it('runs no hook, neither of the repository nor of a template', async () => {
    await newRepository();
    const mark = join(folder.path, 'mark');
    await writeFile(join(repository, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    git(repository, 'config', 'core.fsmonitor', `touch ${mark}; false`);
    const { working } = await checkedOut({ dirty: true });
    await expect(stat(mark)).rejects.toThrow(/ENOENT/);
    expect(await readdir(join(working, '.git/hooks'))).toEqual([]);
  });

  it('is of this repository, also when git is told of another by variables', async () => {
    await newRepository();
    const before = process.env['GIT_DIR'];
    process.env['GIT_DIR'] = join(folder.path, 'nowhere');
    try {
      const { working } = await checkedOut();
      expect(await filesOf(working)).toEqual({ f: 'one' });
    } finally {
      if (before === undefined) delete process.env['GIT_DIR'];
      else process.env['GIT_DIR'] = before;
    }
  });

  it('leaves submodules to the job, and says so', async () => {
    await newRepository({ '.gitmodules': '[submodule "s"]\n\tpath = s\n\turl = ../s\n' });
    const { said } = await checkedOut();
    expect(said.at(-1)).toMatch(/^Submodules are not checked out, as on CircleCI/);
  });
});

describe('the remote of a checkout', () => {
  it.each([
    ['git@github.com:org/repo.git', 'git@github.com:org/repo.git'],
    ['ssh://git@github.com/org/repo.git', 'ssh://git@github.com/org/repo.git'],
    ['https://github.com/org/repo.git', 'https://github.com/org/repo.git'],
    ['https://user:ghp_secret@github.com/org/repo.git', 'https://github.com/org/repo.git'],
  ])('of %s is %s', async (url, expected) => {
    await newRepository();
    git(repository, 'remote', 'add', 'origin', url);
    const { working } = await checkedOut();
    expect(git(working, 'remote', 'get-url', 'origin')).toBe(expected);
  });

  it.each([['none at all'], ['/srv/git/repo.git'], ['../repo.git'], ['file:///srv/git/repo.git']])(
    'is none where the user has %s',
    async (url) => {
      await newRepository();
      if (url.includes('/')) git(repository, 'remote', 'add', 'origin', url);
      const { working } = await checkedOut();
      expect(git(working, 'config', '--get-regexp', '^remote')).toBe(
        'remote.origin.fetch +refs/heads/*:refs/remotes/origin/*',
      );
    },
  );

  it('is nowhere said to be the repository on this machine', async () => {
    await newRepository();
    const world = await checkedOut();
    await run(world);
    const all = await readTree(join(world.working, '.git'));
    expect(Object.keys(all).filter((path) => all[path]?.includes(repository))).toEqual([]);
  });

  it('has the branches as the user has last seen them there, with the commit as if it were pushed', async () => {
    await newRepository();
    const upstream = join(folder.path, 'upstream');
    git(folder.path, 'clone', '--quiet', '--bare', repository, upstream);
    git(repository, 'remote', 'add', 'origin', upstream);
    git(repository, 'fetch', '--quiet', 'origin');
    git(repository, 'remote', 'set-head', 'origin', 'main');
    const pushed = git(repository, 'rev-parse', 'HEAD');
    await committed({ f: 'not pushed' }, 'On main');
    git(repository, 'checkout', '--quiet', '-b', 'feature');
    const commit = await committed({ f: 'feature' }, 'On feature');
    const { working } = await checkedOut();
    expect(git(working, 'rev-parse', 'origin/main', 'origin/feature')).toBe(`${pushed}\n${commit}`);
    expect(git(working, 'symbolic-ref', 'refs/remotes/origin/HEAD')).toBe('refs/remotes/origin/main');
  });
});

describe('a folder to check out to', () => {
  it('that is not empty is refused in the words of CircleCI', async () => {
    await newRepository();
    const world = await testWorld(folder.path, { checkout: await findCheckoutSource(repository, false) });
    await writeTree(world.working, { left: 'over' });
    await expect(run(world)).rejects.toMatchObject({
      title: 'Directory (~/project) you are trying to checkout to is not empty and not a git repository',
    });
    expect(await readTree(world.working)).toEqual({ left: 'over' });
  });

  it('that is a clone already is brought to the commit, and keeps what git does not know', async () => {
    await newRepository();
    const first = await checkedOut();
    const commit = await committed({ f: 'two' }, 'Second');
    await writeTree(first.working, { f: 'changed', 'node_modules/x': 'kept' });
    const world = { ...first, checkout: await findCheckoutSource(repository, false) };
    await run(world);
    expect(git(world.working, 'rev-parse', 'HEAD')).toBe(commit);
    expect(await filesOf(world.working)).toEqual({ f: 'two', 'node_modules/x': 'kept' });
    expect(world.said).toContain('Fetching from remote repository');
  });

  it.each([
    ['a file', (path: string) => writeFile(path, 'gitdir: /srv/elsewhere\n')],
    ['a link', (path: string) => symlink('/srv/elsewhere', path)],
  ])('whose .git is %s is refused', async (_, make) => {
    await newRepository();
    const world = await testWorld(folder.path, { checkout: await findCheckoutSource(repository, false) });
    await make(join(world.working, '.git'));
    await expect(run(world)).rejects.toMatchObject({ code: 'run.checkout_no_clone' });
  });

  it('outside of the job is refused', async () => {
    await newRepository();
    await expect(checkedOut({ path: '/srv/not-there/code' })).rejects.toMatchObject({
      title: "Checkout code: /srv/not-there/code is outside of the job's folders",
    });
  });
});

describe('a clone that a job has prepared', () => {
  /** Checked out by a job that then did something to it, and once more at another commit. */
  async function checkedOutAgain(between: (working: string, mark: string) => unknown): Promise<TestWorld> {
    await newRepository({ f: 'one', gone: 'x' });
    const world = await checkedOut();
    await between(world.working, join(folder.path, 'mark'));
    git(repository, 'rm', '--quiet', 'gone');
    await committed({ f: 'two', '.gitattributes': '* filter=x' }, 'Second');
    await run({ ...world, checkout: await findCheckoutSource(repository, false) });
    return world;
  }

  it.each<[string, (working: string, mark: string) => unknown]>([
    ['a filter', (working, mark) => git(working, 'config', 'filter.x.smudge', `touch ${mark}; cat`)],
    ['a file system monitor', (working, mark) => git(working, 'config', 'core.fsmonitor', `touch ${mark}; false`)],
    [
      'a hook',
      (working, mark) =>
        writeFile(join(working, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 }),
    ],
    [
      'a filter in included settings and its own attributes',
      async (working, mark) => {
        await writeFile(join(working, 'settings'), `[filter "x"]\n\tsmudge = "touch ${mark}; cat"\n`);
        await writeFile(join(working, '.git/info/attributes'), '* filter=x\n');
        git(working, 'config', 'include.path', join(working, 'settings'));
      },
    ],
  ])('with %s runs nothing of it', async (_, between) => {
    const { working } = await checkedOutAgain(between);
    await expect(stat(join(folder.path, 'mark'))).rejects.toThrow(/ENOENT/);
    expect(await filesOf(working)).toMatchObject({ f: 'two' });
  });

  it.each(['objects/info/alternates', 'info/attributes', 'info/grafts', 'commondir'])('keeps no %s', async (name) => {
    const { working } = await checkedOutAgain((clone) => writeTree(clone, { [`.git/${name}`]: '/srv/elsewhere\n' }));
    await expect(stat(join(working, '.git', name))).rejects.toThrow(/ENOENT/);
  });

  it('loses the files that the commit is without', async () => {
    const { working, said } = await checkedOutAgain(() => undefined);
    expect(said.at(-1)).toMatch(/^The clone has a new \.git/);
    expect(Object.keys(await filesOf(working))).toEqual(['.gitattributes', 'f']);
    expect(git(working, 'status', '--porcelain')).toBe('');
  });

  it('with an index that is none is brought to the commit', async () => {
    const { working } = await checkedOutAgain((clone) => writeTree(clone, { '.git/index': 'no index' }));
    expect(await filesOf(working)).toMatchObject({ f: 'two', gone: 'x' });
  });

  it('keeps what submodules have in it', async () => {
    const { working } = await checkedOutAgain((clone) => writeTree(clone, { '.git/modules/s/HEAD': 'ref' }));
    expect(await readTree(join(working, '.git/modules'))).toEqual({ 's/HEAD': 'ref' });
  });

  it('reaches no file behind a link, neither to write nor to remove it', async () => {
    await newRepository({ f: 'one', 'sub/kept': 'x', 'sub/gone': 'x', 'old/gone': 'x' });
    const world = await checkedOut();
    const outside = join(folder.path, 'outside');
    await writeTree(outside, { kept: 'mine', gone: 'mine' });
    for (const name of ['sub', 'old']) {
      await rm(join(world.working, name), { recursive: true });
      await symlink(outside, join(world.working, name));
    }
    git(repository, 'rm', '--quiet', 'sub/gone', 'old/gone');
    await committed({ 'sub/kept': 'new' }, 'Second');
    await run({ ...world, checkout: await findCheckoutSource(repository, false) });
    expect(await readTree(outside)).toEqual({ gone: 'mine', kept: 'mine' });
    expect(await filesOf(world.working)).toMatchObject({ 'sub/kept': 'new' });
  });
});

describe('a checkout of a project in a folder of its repository', () => {
  it('has the files of that folder and no others, at the commit and on its branch', async () => {
    await newRepository({ f: 'top', 'a/b/f': 'one', 'a/b/c/g': 'two', 'a/bc': 'other' });
    const { working } = await checkedOut({ from: join(repository, 'a/b') });
    expect(await filesOf(working)).toEqual({ f: 'one', 'c/g': 'two' });
    expect(git(working, 'rev-parse', 'HEAD')).toBe(git(repository, 'rev-parse', 'HEAD'));
    expect(git(working, 'branch', '--show-current')).toBe('main');
  });

  it('works where no branch is checked out', async () => {
    await newRepository({ 'a/f': 'one' });
    git(repository, 'checkout', '--quiet', '--detach');
    const { working } = await checkedOut({ from: join(repository, 'a') });
    expect(await filesOf(working)).toEqual({ f: 'one' });
    expect(git(working, 'rev-parse', 'HEAD')).toBe(git(repository, 'rev-parse', 'HEAD'));
    expect(git(working, 'branch', '--show-current')).toBe('');
  });

  it('takes the place of the files that a clone out of a cache has', async () => {
    await newRepository({ 'a/f': 'one', 'a/gone': 'x' });
    const world = await checkedOut({ from: join(repository, 'a') });
    git(repository, 'rm', '--quiet', 'a/gone');
    await committed({ 'a/f': 'two' }, 'Second');
    await run({ ...world, checkout: await findCheckoutSource(join(repository, 'a'), false) });
    expect(await filesOf(world.working)).toEqual({ f: 'two' });
  });

  it('with what is not committed has that of the folder only', async () => {
    await newRepository({ f: 'top', 'a/f': 'one', 'a/gone': 'x', 'a/g': 'staged' });
    await writeTree(repository, { f: 'changed', new: 'n', 'a/f': 'changed', 'a/sub/new': 'n' });
    await rm(join(repository, 'a/gone'));
    const { working } = await checkedOut({ from: join(repository, 'a'), dirty: true });
    expect(await filesOf(working)).toEqual({ f: 'changed', g: 'staged', 'sub/new': 'n' });
  });

  it('with what is not committed has a project that is all new', async () => {
    await newRepository();
    await writeTree(repository, { 'new/f': 'n' });
    const { working } = await checkedOut({ from: join(repository, 'new'), dirty: true });
    expect(await filesOf(working)).toEqual({ f: 'n' });
  });
});

it('a commit that is gone fails the step, with what git says', async () => {
  await newRepository();
  const source = await findCheckoutSource(repository, false);
  const world = await testWorld(folder.path, { checkout: { ...source, commit: 'f'.repeat(40) } });
  await expect(run(world)).rejects.toMatchObject({
    code: 'run.checkout_failed',
    message: expect.stringMatching(/f{40}/) as unknown,
  });
});

it('a checkout of a run that is canceled ends at once', async () => {
  await newRepository();
  const controller = new AbortController();
  controller.abort(new Error('canceled'));
  const world = await testWorld(folder.path, {
    checkout: await findCheckoutSource(repository, false),
    signal: controller.signal,
  });
  await expect(run(world)).rejects.toThrow('canceled');
});

const asRoot = process.getuid?.() === 0 ? it : it.skip;

asRoot('a repository that belongs to another user is checked out, and fetched from', async () => {
  await newRepository();
  execFileSync('chown', ['-R', '12345:12345', repository]);
  const world = await checkedOut({ dirty: true });
  await run(world);
  expect(await filesOf(world.working)).toEqual({ f: 'one' });
});
