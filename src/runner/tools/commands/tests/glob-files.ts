import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { goPatternSource, hasWildcard, withoutEscapes } from '../../../../core/go-path-match.ts';

/** A pattern that can't be read. */
export class GlobError extends Error {}

/**
 * The files that any of the patterns fits, each once, in the order of the patterns and of their paths. A pattern is one
 * of Go's doublestar: `*` and `?` within a folder or name, `**` as a whole part for any folders, `[a-z]`, `[^a]`, and
 * `{a,b}` also over several folders; a backslash takes the meaning of what follows. Names that begin with a dot are
 * names as any other. Paths are written as the pattern begins. Throws a GlobError for a bracket that is not closed.
 */
export function globFiles(patterns: readonly string[], cwd: string): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const files = alternatives(pattern).flatMap((plain) => filesOf(plain, cwd));
    for (const file of files.toSorted(byBytes)) found.add(file);
  }
  return [...found];
}

/** `a{b,c}d` as `abd` and `acd`, braces in braces too. */
function alternatives(pattern: string): string[] {
  const open = findUnescaped(pattern, 0, (character) => character === '{');
  if (open === -1) return [pattern];
  const starts = [open + 1];
  let depth = 1;
  let at = open;
  while (depth > 0) {
    at = findUnescaped(pattern, at + 1, (character) => '{},'.includes(character));
    if (at === -1) throw new GlobError(`syntax error in pattern: "${pattern}" has a "{" that is not closed`);
    if (pattern[at] === '{') depth++;
    else if (pattern[at] === '}') depth--;
    else if (depth === 1) starts.push(at + 1);
  }
  const [before, after] = [pattern.slice(0, open), pattern.slice(at + 1)];
  const ends = [...starts.slice(1).map((start) => start - 1), at];
  return starts.flatMap((start, index) => alternatives(`${before}${pattern.slice(start, ends[index])}${after}`));
}

/** The place of the first such character that is neither escaped nor in a class. */
function findUnescaped(pattern: string, from: number, fits: (character: string) => boolean): number {
  for (let at = from; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '\\') at++;
    else if (character === '[') at = endOfClass(pattern, at);
    else if (fits(character)) return at;
  }
  return -1;
}

function endOfClass(pattern: string, open: number): number {
  for (let at = open + 1; at < pattern.length; at++) {
    if (pattern[at] === '\\') at++;
    else if (pattern[at] === ']') return at;
  }
  throw new GlobError(`syntax error in pattern: "${pattern}" has a "[" that is not closed`);
}

function filesOf(pattern: string, cwd: string): string[] {
  const isAbsolute = pattern.startsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  return walk(isAbsolute ? '/' : '', parts, cwd);
}

/** `prefix` is empty, or ends with a slash. */
function walk(prefix: string, parts: readonly string[], cwd: string): string[] {
  const [part, ...rest] = parts;
  if (part === undefined) return [];
  if (part === '**') {
    const entries = list(prefix, cwd);
    const below = entries
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => walk(`${prefix}${name}/`, parts, cwd));
    const here =
      rest.length > 0 ? walk(prefix, rest, cwd) : entries.flatMap(({ name }) => fileAt(`${prefix}${name}`, cwd));
    return [...here, ...below];
  }
  const matching = hasWildcard(part) ? matchingNames(prefix, part, cwd) : [withoutEscapes(part)];
  return matching.flatMap((name) =>
    rest.length === 0 ? fileAt(`${prefix}${name}`, cwd) : walk(`${prefix}${name}/`, rest, cwd),
  );
}

function matchingNames(prefix: string, part: string, cwd: string): string[] {
  const pattern = nameExpression(part);
  return list(prefix, cwd)
    .map(({ name }) => name)
    .filter((name) => pattern.test(name));
}

function list(prefix: string, cwd: string): Dirent[] {
  try {
    return readdirSync(place(prefix, cwd), { withFileTypes: true });
  } catch {
    return [];
  }
}

/** A link to a file is a file. */
function fileAt(path: string, cwd: string): string[] {
  return statSync(place(path, cwd), { throwIfNoEntry: false })?.isFile() === true ? [path] : [];
}

function place(path: string, cwd: string): string {
  return path.startsWith('/') ? path : join(cwd, path);
}

/** Go's patterns for a name turn a class round with `^` alone, doublestar's with `!` too. */
function nameExpression(part: string): RegExp {
  const pattern = part.replace(/\\.|\[!/gs, (found) => (found === '[!' ? '[^' : found));
  try {
    return new RegExp(`^${goPatternSource(pattern)}$`, 'u');
  } catch (error) {
    throw new GlobError(`syntax error in pattern: ${(error as Error).message}`);
  }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
