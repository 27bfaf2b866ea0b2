import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { ImageFiles } from '../../../src/local-aws/work/image-files.ts';
import { type LayerFile, layerOf } from './layer.ts';

type Layer = Readonly<Record<string, LayerFile>>;

function filesOf(...layers: Layer[]): Promise<ImageFiles> {
  return ImageFiles.ofLayers(layers.map((layer) => gzipSync(layerOf(layer))));
}

function textOf(files: ImageFiles, path: string): string | undefined {
  const file = files.get(path);
  return file?.kind === 'file' ? file.content.toString() : undefined;
}

describe('layers over each other', () => {
  it.each<[string, Layer[], string, string | undefined]>([
    ['the upper file wins', [{ a: 'old' }, { a: 'new' }], 'a', 'new'],
    ['the lower file stays', [{ 'd/a': 'old' }, { 'd/b': 'new' }], 'd/a', 'old'],
    ['a whiteout takes a file away', [{ 'd/a': 'old' }, { 'd/.wh.a': '' }], 'd/a', undefined],
    ['a whiteout takes a folder away', [{ 'd/e/a': 'old' }, { '.wh.d': '' }], 'd/e/a', undefined],
    ['a whiteout spares what begins the same', [{ 'd/ab': 'old' }, { 'd/.wh.a': '' }], 'd/ab', 'old'],
    ['a whiteout spares its own layer', [{ 'd/a': 'old' }, { 'd/a': 'new', 'd/.wh.a': '' }], 'd/a', 'new'],
    [
      'an opaque folder hides what is below it',
      [{ 'd/a': 'old' }, { 'd/b': 'new', 'd/.wh..wh..opq': '' }],
      'd/a',
      undefined,
    ],
    ['an opaque folder keeps its own files', [{ 'd/a': 'old' }, { 'd/b': 'new', 'd/.wh..wh..opq': '' }], 'd/b', 'new'],
    ['a file takes the place of a folder', [{ 'd/a': 'old' }, { d: 'new' }], 'd/a', undefined],
    ['a link is followed', [{ 'usr/bin/a': 'x', bin: { link: '/usr/bin' } }], 'bin/a', 'x'],
    [
      'a file goes where a link leads',
      [{ 'usr/bin/': '', bin: { link: 'usr/bin' } }, { 'bin/a': 'x' }],
      'usr/bin/a',
      'x',
    ],
    ['a hard link is the same file', [{ a: 'x', b: { hardlink: 'a' } }], 'b', 'x'],
    ['links in a circle lead nowhere', [{ a: { link: 'b' }, b: { link: 'a' } }], 'a', undefined],
    ['a link does not lead out', [{ a: { link: '../../../../etc/hostname' } }], 'a', undefined],
  ])('%s', async (_name, layers, path, expected) => {
    expect(textOf(await filesOf(...layers), path)).toBe(expected);
  });

  it('that are not packed are read too', async () => {
    expect(textOf(await ImageFiles.ofLayers([layerOf({ a: 'x' })]), 'a')).toBe('x');
  });

  it.each([
    ['text', Buffer.from('no archive'.repeat(100))],
    ['a path that leads out', layerOf({ '../a': 'x' })],
  ])('that are %s are refused', async (_name, layer) => {
    await expect(ImageFiles.ofLayers([layer])).rejects.toThrow();
  });
});

describe('written to a folder', () => {
  async function written(layer: Layer, look: (folder: string) => void): Promise<void> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'aws-deploy-files-')));
    try {
      await (await filesOf(layer)).writeTo(folder);
      look(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('files have their content and mode, without the bits that change the user', () =>
    written({ 'd/a': { text: 'x', mode: 0o4751 } }, (folder) => {
      expect([readFileSync(join(folder, 'd/a'), 'utf8'), statSync(join(folder, 'd/a')).mode & 0o7777]).toEqual([
        'x',
        0o751,
      ]);
    }));

  it.each([
    ['an absolute link', '/d/a', 'e/link'],
    ['a relative link', '../d/a', 'e/link'],
    ['a link that leads out', '../../../../d/a', 'e/link'],
  ])('%s leads to where it does in the image', (_name, link, path) =>
    written({ 'd/a': 'x', [path]: { link } }, (folder) => {
      expect(realpathSync(join(folder, path))).toBe(join(folder, 'd/a'));
    }),
  );

  it('nothing is written through a link', () =>
    written({ out: { link: '/tmp' }, 'out/a': 'x' }, (folder) => {
      expect(readFileSync(join(folder, 'tmp/a'), 'utf8')).toBe('x');
      expect(readlinkSync(join(folder, 'out'))).toBe('tmp');
    }));
});
