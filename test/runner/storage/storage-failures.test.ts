import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storeArtifacts } from '../../../src/runner/storage/outputs/artifacts.ts';
import { writeFileAtomic } from '../../../src/runner/storage/files/atomic-write.ts';
import { saveCache } from '../../../src/runner/storage/cache/cache.ts';
import { attachWorkspace, persistToWorkspace } from '../../../src/runner/storage/workspace/workspace.ts';
import { localDisk, type ArchiveDisk } from '../../../src/runner/storage/archive/write-archive.ts';
import { readTree, writeTree } from './support/file-tree.ts';
import { stepFields, testFolder, testWorld, type TestWorld } from './support/storage-world.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeEach(async () => {
  folder = await testFolder();
});
afterEach(() => folder.remove());

function persist(world: TestWorld, disk?: ArchiveDisk): Promise<unknown> {
  const step = {
    ...stepFields('Persisting to workspace'),
    kind: 'persist_to_workspace',
    root: '.',
    paths: ['.'],
  } as const;
  return persistToWorkspace(step, world, disk);
}

function save(world: TestWorld, disk?: ArchiveDisk): Promise<unknown> {
  const step = { ...stepFields('Saving cache'), kind: 'save_cache', key: 'v1', paths: ['.'] } as const;
  return saveCache(step, world, disk ? { disk } : {});
}

function failure(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: failed, write`), { code, syscall: 'write', path });
}

/** A disk that takes so many bytes and no more. */
function fullDisk(bytes: number, code = 'ENOSPC'): ArchiveDisk {
  let left = bytes;
  const write = (data: Uint8Array): void => {
    left -= data.length;
    if (left < 0) throw failure(code, 'content');
  };
  return {
    ...localDisk,
    target: async (path) => {
      const file = await localDisk.target(path);
      const limited: Pick<FileHandle, 'write' | 'writeFile' | 'close'> = Object.assign(
        Object.create(file) as FileHandle,
        {
          write: (data: Uint8Array, offset: number) => {
            write(data);
            return file.write(data, offset);
          },
          writeFile: (text: string) => {
            write(Buffer.from(text));
            return file.writeFile(text);
          },
          close: () => file.close(),
        },
      );
      return limited as FileHandle;
    },
  };
}

const FILES = { a: 'x'.repeat(1000), b: 'y'.repeat(1000) };

describe.each<[string, string, (world: TestWorld, disk: ArchiveDisk) => Promise<unknown>, string]>([
  ['a workspace', 'Persisting to workspace', persist, 'local/runs/1/workspace/main/build/0'],
  ['a cache', 'Saving cache', save, 'local/cache'],
])('%s', (_, name, work, kept) => {
  it.each([
    ['at the first byte', 0],
    ['in the middle', 1500],
    ['at the index', 2100],
  ])('on a disk that is full %s is an error that says so, and leaves nothing behind', async (__, bytes) => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, FILES);
    await expect(work(world, fullDisk(bytes))).rejects.toMatchObject({
      code: 'run.storage_failed',
      title: `${name}: no space is left on the disk`,
      hints: [expect.stringContaining('.circleci/local/cache')],
    });
    expect(await readdir(join(folder.path, kept))).toEqual([]);
  });

  it('can be written once there is space again', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, FILES);
    await expect(work(world, fullDisk(1500))).rejects.toThrow();
    await work(world, localDisk);
    expect(await readdir(join(folder.path, kept))).toHaveLength(1);
  });

  it('whose file goes away while it is copied is an error with the file', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, FILES);
    const disk: ArchiveDisk = {
      ...localDisk,
      source: async (path) => {
        await rm(path);
        return localDisk.source(path);
      },
    };
    await expect(work(world, disk)).rejects.toMatchObject({
      title: `${name}: a file went away while it was copied`,
      message: expect.stringMatching(/project\/[ab]: a file went away/) as unknown,
    });
    expect(await readdir(join(folder.path, kept))).toEqual([]);
  });

  it('whose file can not be read is an error with what to do', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, FILES);
    const disk: ArchiveDisk = {
      ...localDisk,
      source: (path) => Promise.reject(failure('EACCES', path.toString())),
    };
    await expect(work(world, disk)).rejects.toMatchObject({
      title: `${name}: permission denied`,
      hints: [expect.stringContaining('belong to another user')],
    });
  });

  it('holds what a file was when it was read, also if it grows meanwhile', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { a: 'short' });
    const disk: ArchiveDisk = {
      ...localDisk,
      source: async (path) => {
        await writeFile(path, 'much longer than before');
        return localDisk.source(path);
      },
    };
    await work(world, disk);
    const [entry = ''] = await readdir(join(folder.path, kept));
    expect((await readTree(join(folder.path, kept, entry)))['content']).toBe('much longer than before');
  });

  it('leaves out sockets and pipes, and says so', async () => {
    const world = await testWorld(folder.path);
    await writeTree(world.working, { a: 'x' });
    spawnSync('mkfifo', [join(world.working, 'pipe')]);
    await work(world, localDisk);
    expect(world.said).toContain('~/project/pipe is neither a file, a folder nor a link: left out');
  });
});

describe('a file that is written at once', () => {
  it('is not there at all when it could not be written', async () => {
    await mkdir(join(folder.path, 'f/in-the-way'), { recursive: true });
    await expect(writeFileAtomic(join(folder.path, 'f'), 'text')).rejects.toThrow();
    expect(await readdir(folder.path)).toEqual(['f']);
  });

  it('replaces the one that was there', async () => {
    const path = join(folder.path, 'f');
    await writeFileAtomic(path, 'first');
    await writeFileAtomic(path, 'second');
    expect(await readTree(folder.path)).toEqual({ f: 'second' });
  });
});

/** Only root can have a disk of one's own, and not everywhere. */
const small = spawnSync('sh', [
  '-c',
  'd=$(mktemp -d) && mount -t tmpfs -o size=64k none "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s',
]);
const withSmallDisk = small.status === 0 ? describe : describe.skip;

withSmallDisk('on a real disk that is full', () => {
  let disk: string;
  beforeEach(async () => {
    disk = join(folder.path, 'disk');
    await mkdir(disk);
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', disk]);
  });
  afterEach(() => void spawnSync('umount', [disk]));

  it('a workspace, a cache and an artifact are errors, and nothing of them is left', async () => {
    const world = await testWorld(folder.path);
    await writeFile(join(world.working, 'large'), Buffer.alloc(1024 * 1024));
    const full = { ...world, runFolder: join(disk, 'run'), localFolder: join(disk, 'local') };
    const artifacts = { ...stepFields('Uploading artifacts'), kind: 'store_artifacts', path: 'large' } as const;
    for (const work of [persist(full), save(full), storeArtifacts(artifacts, full)]) {
      await expect(work).rejects.toMatchObject({ title: expect.stringMatching(/no space is left/) as unknown });
    }
    expect(Object.values(await readTree(disk)).filter((text) => text !== '')).toEqual([]);
  });

  it('attaching a workspace is an error', async () => {
    const requires = { build: [], deploy: ['build'] };
    const world = await testWorld(folder.path, { requires });
    await writeFile(join(world.working, 'large'), Buffer.alloc(1024 * 1024));
    await persist(world);
    const next = await testWorld(folder.path, { job: 'deploy', requires });
    const step = { ...stepFields('Attaching workspace'), kind: 'attach_workspace', path: disk } as const;
    await expect(attachWorkspace(step, next)).rejects.toMatchObject({
      title: 'Attaching workspace: no space is left on the disk',
    });
    expect(await readTree(disk)).toEqual({});
  });
});
