import { afterEach, beforeEach } from '@jest/globals';
import { attachWorkspace, persistToWorkspace } from '../../../../src/runner/storage/workspace/workspace.ts';
import { readTree, writeTree } from './file-tree.ts';
import { stepFields, testFolder, testWorld, type TestWorld, type WorldOptions } from './storage-world.ts';

export let folder: Awaited<ReturnType<typeof testFolder>>;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

export const DIAMOND = { setup: [], left: ['setup'], right: ['setup'], end: ['left', 'right'] };

export async function persisted(
  files: Readonly<Record<string, string>>,
  paths: readonly string[],
  options: WorldOptions = {},
): Promise<TestWorld> {
  const world = await testWorld(folder.path, options);
  await writeTree(world.working, files);
  await persist(world, '.', paths);
  return world;
}

export function persist(world: TestWorld, root: string, paths: readonly string[]): Promise<unknown> {
  return persistToWorkspace(
    { ...stepFields('Persisting to workspace'), kind: 'persist_to_workspace', root, paths },
    world,
  );
}

export function attach(world: TestWorld, path = '.'): Promise<unknown> {
  return attachWorkspace({ ...stepFields('Attaching workspace'), kind: 'attach_workspace', path }, world);
}

/** What a job downstream finds in the workspace. */
export async function attached(options: WorldOptions): Promise<Record<string, string>> {
  const world = await testWorld(folder.path, options);
  await attach(world);
  return readTree(world.working);
}

export const TWO = { build: [], deploy: ['build'] };
