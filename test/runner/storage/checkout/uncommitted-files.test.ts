import { describe, expect, it } from '@jest/globals';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { writeTree } from '../support/file-tree.ts';
import { folder, repository, git, committed, newRepository, checkedOut, filesOf } from '../support/checked-out.ts';

describe('what is not committed', () => {
  async function dirty(): Promise<Record<string, string>> {
    const { working } = await checkedOut({ dirty: true });
    return filesOf(working);
  }

  it('comes along: changed, staged, new and deleted files, but not what git ignores', async () => {
    await newRepository({
      '.gitignore': 'ignored\n',
      changed: '1',
      staged: '1',
      'gone/a': '1',
      'gone/b': '1',
      same: '1',
    });
    await writeTree(repository, { changed: '2', staged: '2', 'new/file': 'n', added: 'a', ignored: 'i' });
    await rm(join(repository, 'gone'), { recursive: true });
    git(repository, 'add', 'staged', 'added');
    git(repository, 'rm', '--quiet', '-r', '--cached', 'gone/a');
    expect(await dirty()).toEqual({
      '.gitignore': 'ignored\n',
      added: 'a',
      changed: '2',
      'new/file': 'n',
      same: '1',
      staged: '2',
    });
  });

  it('is said in numbers', async () => {
    await newRepository({ a: '1', b: '1' });
    await writeTree(repository, { a: '2', c: '1' });
    await rm(join(repository, 'b'));
    const { said } = await checkedOut({ dirty: true });
    expect(said.at(-1)).toBe('Added what is not committed: 2 files changed or new, 1 deleted');
  });

  it('may be nothing', async () => {
    await newRepository();
    const { said } = await checkedOut({ dirty: true });
    expect(said.at(-1)).toBe('Nothing is uncommitted');
  });

  it('has modes, links and odd names', async () => {
    await newRepository({ run: 'x', f: '1' });
    await chmod(join(repository, 'run'), 0o755);
    await writeTree(repository, { 'a\nb "c"': 'odd', '-rf': 'dash', 'ü/\u{1F680}': 'u' });
    await symlink('/nowhere/at/all', join(repository, 'link'));
    await rm(join(repository, 'f'));
    await symlink('run', join(repository, 'f'));
    const { working } = await checkedOut({ dirty: true });
    expect(await filesOf(working)).toEqual({
      '-rf': 'dash',
      'a\nb "c"': 'odd',
      f: '-> run',
      link: '-> /nowhere/at/all',
      run: 'x',
      'ü/\u{1F680}': 'u',
    });
    expect((await stat(join(working, 'run'))).mode & 0o111).toBe(0o111);
  });

  it('may turn a folder into a file and a file into a folder', async () => {
    await newRepository({ 'folder/a': '1', file: '1' });
    await rm(join(repository, 'folder'), { recursive: true });
    await rm(join(repository, 'file'));
    await writeTree(repository, { folder: 'now a file', 'file/a': 'now a folder' });
    expect(await dirty()).toEqual({ 'file/a': 'now a folder', folder: 'now a file' });
  });

  it('may turn a link into a folder, without a byte outside of the clone', async () => {
    const outside = join(folder.path, 'outside');
    await mkdir(outside);
    git(repository, 'init', '--quiet', '--initial-branch', 'main');
    await symlink(outside, join(repository, 'link'));
    await committed({});
    await rm(join(repository, 'link'));
    await writeTree(repository, { 'link/a': 'inside' });
    expect(await dirty()).toEqual({ 'link/a': 'inside' });
    expect(await readdir(outside)).toEqual([]);
  });

  it('leaves out a repository inside of the repository, and says so', async () => {
    await newRepository();
    await mkdir(join(repository, 'inner'));
    git(join(repository, 'inner'), 'init', '--quiet');
    await writeTree(repository, { 'inner/x': '' });
    const { said, working } = await checkedOut({ dirty: true });
    expect(said).toContain('inner/ is a repository of its own: left out');
    expect(await filesOf(working)).toEqual({ f: 'one' });
  });

  it('is read without touching the index of the user', async () => {
    await newRepository({ f: '1' });
    // The same content at another time: git would note that in the index.
    await utimes(join(repository, 'f'), 1_000_000_000, 1_000_000_000);
    const before = await readFile(join(repository, '.git/index'));
    await checkedOut({ dirty: true });
    expect(before.equals(await readFile(join(repository, '.git/index')))).toBe(true);
  });
});
