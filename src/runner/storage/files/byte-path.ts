/**
 * A path as its bytes, one character from U+0000 to U+00FF for each. File names need not be UTF-8, and a string is handy
 * to compare and to look up. Parts are joined by `/`.
 */
export type BytePath = string;

export function bytePath(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** What the functions of node:fs take. */
export function onDisk(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1');
}

/** For messages and patterns. */
export function textOf(path: BytePath): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

export function joined(folder: BytePath, path: BytePath): BytePath {
  return folder === '' || folder.endsWith('/') ? folder + path : path === '' ? folder : `${folder}/${path}`;
}

/** The folder that a relative path lies in; empty for the top. */
export function parentOf(path: BytePath): BytePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
