import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applyLayer, unpackLayer } from '../../../src/image/layers/base-layers.ts';
import { newDirectory, type DirectoryNode } from '../../../src/image/files/file-tree.ts';
import type { TarEntry } from '../../../src/core/tar-format.ts';
import { TAR_END, tarHeader } from '../../../src/core/tar-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (path: string, mode = 0o644): Partial<TarEntry> => ({ path, mode });
const directory = (path: string, mode = 0o755): Partial<TarEntry> => ({ kind: 'directory', path, mode });

/** The paths and modes that these layers make. */
async function apply(...layers: Partial<TarEntry>[][]): Promise<string[]> {
  const root = newDirectory();
  for (const [index, entries] of layers.entries()) {
    const name = join(folder, `${index}.tar`);
    const headers = entries.map((entry) =>
      tarHeader({ kind: 'file', path: '', mode: 0, uid: 0, gid: 0, size: 0, linkTarget: '', ...entry }, 0),
    );
    writeFileSync(name, Buffer.concat([...headers, TAR_END]));
    await applyLayer(root, name);
  }
  return paths(root, '');
}

function paths(node: DirectoryNode, prefix: string): string[] {
  return [...node.entries].flatMap(([name, child]) => {
    const path = `${prefix}${name}`;
    return [`${path} ${child.mode.toString(8)}`, ...(child.kind === 'directory' ? paths(child, `${path}/`) : [])];
  });
}

describe('applyLayer', () => {
  it('lays later layers over earlier ones', async () => {
    expect(
      await apply([directory('d', 0o700), file('d/a'), file('d/b')], [directory('d'), file('d/a', 0o755)]),
    ).toEqual(['d 755', 'd/a 755', 'd/b 644']);
  });

  it('hides what a whiteout names', async () => {
    expect(await apply([file('d/a'), file('d/b')], [file('d/.wh.a')])).toEqual(['d 755', 'd/b 644']);
  });

  it('hides everything below an opaque folder, but for what the same layer adds, in any order', async () => {
    expect(await apply([file('d/a')], [file('d/b'), file('d/.wh..wh..opq'), file('d/c')])).toEqual([
      'd 755',
      'd/b 644',
      'd/c 644',
    ]);
  });

  it('replaces a folder by a file and a file by a folder', async () => {
    expect(await apply([file('d/a'), file('f')], [file('d'), directory('f'), file('f/x')])).toEqual([
      'd 644',
      'f 755',
      'f/x 644',
    ]);
  });

  it('goes through links to folders', async () => {
    expect(
      await apply(
        [directory('usr/lib'), { kind: 'symlink', path: 'lib', linkTarget: 'usr/lib', mode: 0o777 }],
        [file('lib/x')],
      ),
    ).toEqual(['usr 755', 'usr/lib 755', 'usr/lib/x 644', 'lib 777']);
  });

  it('knows a hard link as the file itself', async () => {
    expect(await apply([file('a', 0o4755), { kind: 'hardlink', path: 'b', linkTarget: 'a' }])).toEqual([
      'a 4755',
      'b 4755',
    ]);
  });

  it('refuses a hard link to nothing', async () => {
    await expect(apply([{ kind: 'hardlink', path: 'b', linkTarget: 'a' }])).rejects.toThrow(
      '"b" is a hard link to "a"',
    );
  });
});

describe('unpackLayer', () => {
  it('refuses zstd by name', async () => {
    const packed = join(folder, 'packed');
    writeFileSync(packed, Buffer.from('28b52ffd0000', 'hex'));
    await expect(unpackLayer(packed, join(folder, 'plain'), 'base:1')).rejects.toMatchObject({
      code: 'image.zstd_layer',
      exitCode: 7,
    });
  });
});
