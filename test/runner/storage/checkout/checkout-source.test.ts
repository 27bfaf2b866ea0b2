import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { findCheckoutSource } from '../../../../src/runner/storage/checkout/checkout-source.ts';
import { writeTree } from '../support/file-tree.ts';
import { folder, repository, git, committed, newRepository, checkedOut, filesOf } from '../support/checked-out.ts';

describe('the source of a checkout', () => {
  it('is the repository that the project lies in, and where in it', async () => {
    await newRepository({ 'a/b/c': '' });
    const whole = { repository, commit: git(repository, 'rev-parse', 'HEAD'), branch: 'main', dirty: true };
    expect(await findCheckoutSource(repository, true)).toEqual(whole);
    expect(await findCheckoutSource(join(repository, 'a/b'), true)).toEqual({ ...whole, subfolder: 'a/b' });
  });

  it('is no project that was never committed', async () => {
    await newRepository();
    await writeTree(repository, { 'new/f': '' });
    await expect(findCheckoutSource(join(repository, 'new'), false)).rejects.toMatchObject({
      title: `${join(repository, 'new')} is not committed yet`,
      exitCode: 5,
    });
  });

  it('may be a work tree of another repository', async () => {
    await newRepository();
    const tree = join(folder.path, 'tree');
    git(repository, 'worktree', 'add', '--quiet', '-b', 'side', tree);
    await writeTree(tree, { n: 'new' });
    const { working } = await checkedOut({ from: tree, dirty: true });
    expect(await filesOf(working)).toEqual({ f: 'one', n: 'new' });
    expect(git(working, 'branch', '--show-current')).toBe('side');
  });

  it('may be a shallow clone, which is said', async () => {
    await newRepository();
    await committed({ f: 'two' }, 'Second');
    const shallow = join(folder.path, 'shallow');
    git(folder.path, 'clone', '--quiet', '--depth', '1', `file://${repository}`, shallow);
    const { working, said } = await checkedOut({ from: shallow });
    expect(await filesOf(working)).toEqual({ f: 'two' });
    expect(said).toContain('The repository is shallow, and so is this clone: CircleCI has all of the history.');
  });

  it('may be a bare repository', async () => {
    await newRepository();
    const bare = join(folder.path, 'bare.git');
    git(folder.path, 'clone', '--quiet', '--bare', repository, bare);
    const { working } = await checkedOut({ from: bare });
    expect(await filesOf(working)).toEqual({ f: 'one' });
  });

  it('of uncommitted files is no bare repository', async () => {
    git(repository, 'init', '--quiet', '--bare');
    await expect(findCheckoutSource(repository, true)).rejects.toMatchObject({
      code: 'run.bare_repository',
      exitCode: 2,
    });
  });

  it('is no folder without a repository', async () => {
    await expect(findCheckoutSource(repository, false)).rejects.toMatchObject({
      title: `${repository} is in no git repository`,
      exitCode: 5,
    });
  });

  it('is no repository without a commit', async () => {
    git(repository, 'init', '--quiet');
    await expect(findCheckoutSource(repository, false)).rejects.toMatchObject({
      title: `nothing is committed yet in ${repository}`,
      exitCode: 5,
    });
  });
});
