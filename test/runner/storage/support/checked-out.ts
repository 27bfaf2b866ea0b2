import { afterEach, beforeEach } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findCheckoutSource } from '../../../../src/runner/storage/checkout/checkout-source.ts';
import { checkOut } from '../../../../src/runner/storage/checkout/checkout.ts';
import { readTree, writeTree } from './file-tree.ts';
import { stepFields, testFolder, testWorld, type TestWorld, type WorldOptions } from './storage-world.ts';

export let folder: Awaited<ReturnType<typeof testFolder>>;
export let repository: string;
beforeEach(async () => {
  folder = await testFolder();
  repository = join(folder.path, 'repository');
  await mkdir(repository);
});
afterEach(() => folder.remove());

export const NOBODY = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, env: NOBODY, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

export async function committed(files: Readonly<Record<string, string>>, message = 'First'): Promise<string> {
  await writeTree(repository, files);
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--allow-empty', '-m', message);
  return git(repository, 'rev-parse', 'HEAD');
}

export async function newRepository(files: Readonly<Record<string, string>> = { f: 'one' }): Promise<void> {
  git(repository, 'init', '--quiet', '--initial-branch', 'main');
  await committed(files);
}

export async function checkedOut({
  dirty = false,
  from = repository,
  path,
  ...options
}: WorldOptions & { dirty?: boolean; from?: string; path?: string } = {}): Promise<TestWorld> {
  const world = await testWorld(folder.path, { ...options, checkout: await findCheckoutSource(from, dirty) });
  await run(world, path);
  return world;
}

export function run(world: TestWorld, path?: string): Promise<unknown> {
  const given = path === undefined ? {} : { path };
  return checkOut({ ...stepFields('Checkout code'), kind: 'checkout', ...given }, world);
}

/** The files of a clone without those of git. */
export async function filesOf(clone: string): Promise<Record<string, string>> {
  const all = await readTree(clone);
  return Object.fromEntries(Object.entries(all).filter(([path]) => !path.startsWith('.git/')));
}
