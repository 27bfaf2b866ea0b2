import { describe, expect, it } from '@jest/globals';
import { DockerIgnore } from '../../../src/image/files/dockerignore.ts';

describe('DockerIgnore', () => {
  it.each([
    ['a', 'a', true],
    ['a', 'b/a', false],
    ['a', 'a/b', true],
    ['/a', 'a', true],
    ['a/', 'a/b', true],
    ['./a/../b', 'b', true],
    ['*.md', 'x.md', true],
    ['*.md', 'd/x.md', false],
    ['*/x', 'd/x', true],
    ['*/x', 'd/e/x', false],
    ['**/x', 'x', true],
    ['**/x', 'd/e/x', true],
    ['**/x', 'd/x/y', true],
    ['**/*.md', 'x.md', true],
    ['d/**', 'd/e/f', true],
    ['d/**', 'd', false],
    ['d/**/f', 'd/f', true],
    ['**', 'anything/at/all', true],
    ['a?', 'ab', true],
    ['a?', 'a/b', false],
    ['[a-c]x', 'bx', true],
    ['[^a-c]x', 'bx', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['  a  ', 'a', true],
    ['# a', '# a', false],
    ['a.b', 'axb', false],
    ['*\n!a', 'a', false],
    ['*\n!a', 'b', true],
    ['!a\n*', 'a', true],
    ['*\n!a\na/b', 'a/b', true],
    ['*\n!a\na/b', 'a/c', false],
    ['a\n!a/b', 'a/b', false],
    ['a\n!a/b', 'a/c', true],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-1.md', false],
    ['\uFEFFa', 'a', true],
    ['a\r\nb\r\n', 'b', true],
    // The third rule was never asked about the folder x, which was out already, and does not name x/y itself.
    ['x\n!x/y\nx*', 'x/y', false],
  ])('%j and %s: %s', (text, path, excluded) => {
    expect(new DockerIgnore(text).excludes(path)).toBe(excluded);
  });

  it('names the line that decides', () => {
    expect(new DockerIgnore('# comment\n\n*\n!a\na/b\n').decidingLine('a/b')).toBe(5);
  });

  it.each([
    ['d\n!d/e/f', 'd', true],
    ['d\n!d/e/f', 'd/e', true],
    ['d\n!d/e/f', 'd/x', false],
    ['d\n!other', 'd', false],
    ['d\n!**/f', 'd/x', true],
    ['d\n!d/*/f', 'd/x', true],
    ['d', 'd', false],
  ])('%j: below %s there may be an exception: %s', (text, folder, expected) => {
    expect(new DockerIgnore(text).mayContainExceptions(folder)).toBe(expected);
  });

  it.each([
    ['a\n!', 'line 2: "!" stands there without a pattern'],
    ['a\n\n[b', 'line 3: a "[" is not closed in the pattern "[b"'],
  ])('%j is malformed', (text, why) => {
    expect(() => new DockerIgnore(text)).toThrow(why);
  });
});
