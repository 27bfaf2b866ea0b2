import type { TarEntry, TarKind } from '../../../src/core/tar-format.ts';
import { paddingOf } from '../../../src/core/tar-format.ts';
import { TAR_END, tarHeader } from '../../../src/core/tar-writer.ts';

/** Text is an executable file; the rest says what it is. */
export type LayerFile = string | { text: string; mode: number } | { link: string } | { hardlink: string };

/** A tar archive with these files by their paths; a path that ends with a slash is a folder. */
export function layerOf(files: Readonly<Record<string, LayerFile>>): Buffer {
  const parts = Object.entries(files).flatMap(([path, file]) => {
    const isText = typeof file === 'string' || 'text' in file;
    const content = Buffer.from(typeof file === 'string' ? file : 'text' in file ? file.text : '');
    const isFolder = path.endsWith('/');
    const kind: TarKind = isFolder ? 'directory' : isText ? 'file' : 'link' in file ? 'symlink' : 'hardlink';
    const entry: TarEntry = {
      kind,
      path: path.replace(/\/$/, ''),
      mode: typeof file !== 'string' && 'mode' in file ? file.mode : 0o755,
      uid: 0,
      gid: 0,
      size: kind === 'file' ? content.length : 0,
      linkTarget: isText ? '' : 'link' in file ? file.link : file.hardlink,
    };
    if (kind !== 'file') return [tarHeader(entry, 0)];
    return [tarHeader(entry, 0), content, Buffer.alloc(paddingOf(content.length))];
  });
  return Buffer.concat([...parts, TAR_END]);
}
