import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { localDisk, type ArchiveDisk } from '../../../src/runner/storage/archive/write-archive.ts';
import { keyValues } from '../../../src/runner/storage/cache/cache-key-values.ts';
import { restoreCache, saveCache } from '../../../src/runner/storage/cache/cache.ts';
import { bytePath } from '../../../src/runner/storage/files/byte-path.ts';
import { copyOfJob } from '../../../src/runner/storage/leads-outside.ts';
import { storeArtifacts } from '../../../src/runner/storage/outputs/artifacts.ts';
import { storeTestResults } from '../../../src/runner/storage/outputs/test-results.ts';
import { attachWorkspace, persistToWorkspace } from '../../../src/runner/storage/workspace/workspace.ts';
import { readTree, writeTree } from './support/file-tree.ts';
import { inContainer, stepFields, testFolder, testWorld, type TestWorld } from './support/storage-world.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
let outside: string;
let world: TestWorld;
beforeEach(async () => {
  folder = await testFolder();
  outside = join(folder.path, 'machine');
  await writeTree(outside, { secret: 'hush', 'results.xml': '<testsuite/>' });
  world = inContainer(await testWorld(folder.path));
  await writeTree(world.working, { 'out/own': 'o', 'out/results.xml': '<testsuite/>' });
  await symlink('own', join(world.working, 'out/inside'));
  await symlink(join(outside, 'secret'), join(world.working, 'out/file'));
  await symlink(outside, join(world.working, 'out/folder'));
});
afterEach(() => folder.remove());

const TOLD = /leads outside of the job's folders/;

function stored(path: string, of: TestWorld = world): ReturnType<typeof storeArtifacts> {
  return storeArtifacts({ ...stepFields('Uploading artifacts'), kind: 'store_artifacts', path }, of);
}

function keptIn(name: string): Promise<Record<string, string>> {
  return readTree(join(world.runFolder, name, 'main/build'));
}

describe('for a job in a container, links do not lead to the files of this machine', () => {
  it('as artifacts in a folder', async () => {
    await stored('out');
    expect(await keptIn('artifacts')).toEqual({
      'out/inside': 'o',
      'out/own': 'o',
      'out/results.xml': '<testsuite/>',
    });
    expect(world.said).toContain("  ~/project/out/file leads outside of the job's folders: left out");
  });

  it.each(['out/file', 'out/folder', 'out/folder/secret'])('as the artifact %s', async (path) => {
    expect(await stored(path)).toEqual({ artifacts: [] });
    expect(await keptIn('artifacts')).toEqual({});
    expect(world.said.at(-1)).toMatch(TOLD);
  });

  it.each(['out/folder', 'out/folder/results.xml'])('as the test results %s', async (path) => {
    await storeTestResults({ ...stepFields('Test results'), kind: 'store_test_results', path }, world);
    expect(await keptIn('test-results')).toEqual({});
    expect(world.said[0]).toMatch(TOLD);
  });

  it.each([['out/folder/*'], ['out/folder/secret'], ['*/*/secret']])('in a workspace, as %s', async (pattern) => {
    await persist('.', [pattern, 'out/own', 'out/file']);
    expect(world.said.filter((line) => TOLD.test(line))).not.toEqual([]);
    const next = inContainer(
      await testWorld(folder.path, { job: 'deploy', requires: { build: [], deploy: ['build'] } }),
    );
    await attachWorkspace({ ...stepFields('Attaching'), kind: 'attach_workspace', path: '.' }, next);
    expect(await readTree(next.working)).toEqual({ 'out/own': 'o', 'out/file': `-> ${join(outside, 'secret')}` });
  });

  it('as the root of a workspace', async () => {
    await expect(persist('out/folder', ['.'])).rejects.toMatchObject({
      title: "the workspace root ~/project/out/folder leads outside of the job's folders",
    });
  });

  it('in a cache', async () => {
    const paths = ['out/folder/secret', 'out/own'];
    await saveCache({ ...stepFields('Saving'), kind: 'save_cache', key: 'k', paths }, world);
    expect(world.said).toContain(
      "Warning: could not archive ~/project/out/folder/secret - it leads outside of the job's folders",
    );
    const next = inContainer(await testWorld(folder.path));
    await restoreCache({ ...stepFields('Restoring'), kind: 'restore_cache', keys: ['k'] }, next);
    expect(await readTree(next.working)).toEqual({ 'out/own': 'o' });
  });

  it.each(['out/file', 'out/folder/secret'])('in the key of a cache, by the checksum of %s', async (path) => {
    const values = await keyValues(world);
    await expect(values.checksum(path)).rejects.toThrow(TOLD);
  });

  it('but to all that the job has', async () => {
    const temp = join(world.place.folder, 'container/tmp');
    await mkdir(temp, { recursive: true });
    await writeTree(temp, { report: 'r' });
    await symlink(join(temp, 'report'), join(world.working, 'report'));
    await stored('report');
    await stored('/tmp/report');
    expect(await keptIn('artifacts')).toEqual({ report: 'r', 'tmp/report': 'r' });
  });
});

describe('for a job in a container, a link that comes while files are read', () => {
  /** A step in the background that is as fast as can be. */
  const swapping: ArchiveDisk = {
    ...localDisk,
    source: async (path) => {
      await rm(path);
      await symlink(join(outside, 'secret'), path);
      return localDisk.source(path);
    },
  };

  it('fails the step before it is in a workspace', async () => {
    await expect(persist('.', ['out/own'], swapping)).rejects.toMatchObject({ code: 'run.outside_of_job' });
  });

  it('fails the step before it is in a cache', async () => {
    const step = { ...stepFields('Saving'), kind: 'save_cache', key: 'k', paths: ['out/own'] } as const;
    await expect(saveCache(step, world, { disk: swapping })).rejects.toMatchObject({ code: 'run.outside_of_job' });
  });

  it('fails the step before it is an artifact', async () => {
    const copy = copyOfJob(bytePath(join(world.working, 'out/file')), join(folder.path, 'copy'), 0o644, world);
    await expect(copy).rejects.toMatchObject({ title: "~/project/out/file leads outside of the job's folders" });
    await expect(stat(join(folder.path, 'copy'))).rejects.toThrow(/ENOENT/);
  });
});

it("without a container, links lead to the user's own files", async () => {
  const { hostPath: _, ...host } = world.host;
  await stored('out/file', { ...world, host });
  expect(await keptIn('artifacts')).toEqual({ 'out/file': 'hush' });
});

function persist(root: string, paths: readonly string[], disk = localDisk): Promise<unknown> {
  return persistToWorkspace({ ...stepFields('Persisting'), kind: 'persist_to_workspace', root, paths }, world, disk);
}
