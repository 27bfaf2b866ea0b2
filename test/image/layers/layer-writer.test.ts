import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newDirectory, type DirectoryNode, type FileContent } from '../../../src/image/files/file-tree.ts';
import { writeLayer } from '../../../src/image/layers/layer-writer.ts';
import { readTar } from '../../../src/core/tar-reader.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layer-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const contentOf = (text: string, shared = false): FileContent => ({
  size: text.length,
  open: () => Readable.from([Buffer.from(text)]),
  shared,
});

function treeOf(files: Readonly<Record<string, { content: FileContent; mode?: number }>>): DirectoryNode {
  const root = newDirectory();
  for (const [name, { content, mode = 0o644 }] of Object.entries(files)) {
    root.entries.set(name, { kind: 'file', mode, uid: 0, gid: 0, content });
  }
  return root;
}

async function written(root: DirectoryNode, changed: readonly string[]): Promise<string[]> {
  const file = join(folder, 'layer');
  await writeLayer({ root, changed: new Set(changed) }, file, 0);
  const lines: string[] = [];
  for await (const { kind, path, linkTarget } of readTar(createReadStream(file).pipe(createGunzip()))) {
    lines.push(`${kind} ${path}${linkTarget === '' ? '' : ` -> ${linkTarget}`}`);
  }
  return lines;
}

describe('writeLayer', () => {
  it('holds what changed and the folders above, sorted by bytes', async () => {
    const root = newDirectory();
    const inner = treeOf({
      é: { content: contentOf('1') },
      z: { content: contentOf('2') },
      Z: { content: contentOf('3') },
      same: { content: contentOf('4') },
    });
    root.entries.set('d', inner);
    expect(await written(root, ['d/é', 'd/z', 'd/Z'])).toEqual(['directory d', 'file d/Z', 'file d/z', 'file d/é']);
  });

  it('keeps one file under several names', async () => {
    const content = contentOf('same', true);
    const root = treeOf({ a: { content }, b: { content }, c: { content, mode: 0o755 } });
    expect(await written(root, ['a', 'b', 'c'])).toEqual(['file a', 'hardlink b -> a', 'file c']);
  });

  it('does not link files that only came from one source', async () => {
    const content = contentOf('same');
    expect(await written(treeOf({ a: { content }, b: { content } }), ['a', 'b'])).toEqual(['file a', 'file b']);
  });

  it('fails when a file is not as long as it was', async () => {
    const root = treeOf({ a: { content: { size: 3, open: () => Readable.from([Buffer.from('longer')]) } } });
    await expect(written(root, ['a'])).rejects.toMatchObject({ code: 'context.changed' });
  });
});
