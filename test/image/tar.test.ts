import { spawnSync } from 'node:child_process';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { paddingOf, type TarEntry } from '../../src/core/tar-format.ts';
import { readTar } from '../../src/core/tar-reader.ts';
import { TAR_END, tarHeader } from '../../src/core/tar-writer.ts';

const entry = (given: Partial<TarEntry>): TarEntry => ({
  kind: 'file',
  path: 'a',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  linkTarget: '',
  ...given,
});
const archive = (entries: readonly TarEntry[]): Buffer =>
  Buffer.concat([
    ...entries.flatMap((one) => [tarHeader(one, 0), Buffer.alloc(one.size + paddingOf(one.size))]),
    TAR_END,
  ]);

async function read(bytes: Buffer, chunk = bytes.length): Promise<TarEntry[]> {
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) =>
    bytes.subarray(index * chunk, (index + 1) * chunk),
  );
  const entries: TarEntry[] = [];
  for await (const { offset: _offset, ...one } of readTar(Readable.from(chunks))) entries.push(one);
  return entries;
}

const ENTRIES: readonly TarEntry[] = [
  entry({ path: 'file', size: 513 }),
  entry({ kind: 'directory', path: 'd', mode: 0o1777 }),
  entry({ kind: 'symlink', path: 'd/link', linkTarget: '../file', mode: 0o777 }),
  entry({ kind: 'hardlink', path: 'hard', linkTarget: 'file' }),
  entry({ kind: 'character', path: 'null', device: [1, 3] }),
  entry({ kind: 'fifo', path: 'pipe' }),
  entry({ path: 'owned', uid: 5, gid: 6, mode: 0o4755 }),
  entry({ path: 'big-owner', uid: 4_000_000_000, gid: 3_000_000 }),
  entry({ path: `${'p'.repeat(99)}/${'n'.repeat(99)}` }),
  entry({ path: `${'long/'.repeat(60)}name`, size: 3 }),
  entry({ kind: 'directory', path: 'n'.repeat(100) }),
  entry({ kind: 'symlink', path: 'far', linkTarget: 't'.repeat(300) }),
  entry({ path: 'ä/日本' }),
  entry({ path: 'attributes', xattrs: new Map([['security.capability', Buffer.from([1, 0, 0, 2, 255])]]) }),
];

describe('tar', () => {
  it('reads what it writes', async () => {
    expect(await read(archive(ENTRIES))).toEqual(ENTRIES);
  });

  it('reads an archive in pieces of any size', async () => {
    expect(await read(archive(ENTRIES), 7)).toEqual(ENTRIES);
  });

  it('writes what other programs read', () => {
    const listed = spawnSync('tar', ['--numeric-owner', '-tf', '-'], {
      input: archive(ENTRIES),
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    expect(listed.stderr).toBe('');
    expect(listed.stdout.split('\n').slice(0, 4)).toEqual(['file', 'd/', 'd/link', 'hard']);
  });

  it('reads GNU long names', async () => {
    const name = 'g'.repeat(150);
    const made = spawnSync('tar', [
      '--format=gnu',
      '-cf',
      '-',
      '--transform',
      `s/.*/${name}/`,
      '-C',
      '/etc',
      'hostname',
    ]);
    expect((await read(made.stdout)).map(({ path }) => path)).toEqual([name]);
  });

  it.each([
    ['is cut in a file', archive([entry({ size: 600 })]).subarray(0, 700), 'ends within a file'],
    ['is cut in a header', archive([entry({})]).subarray(0, 100), 'ends within a header'],
    ['is none', Buffer.alloc(512, 'x'), 'wrong checksum'],
    ['leads out', archive([entry({ path: '../x' })]), 'leads out of the archive'],
  ])('an archive that %s is an error', async (_what, bytes, why) => {
    await expect(read(bytes)).rejects.toThrow(why);
  });
});
