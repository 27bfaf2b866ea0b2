import { describe, expect, it } from '@jest/globals';
import { expandWord, expandWords } from '../../../src/image/dockerfile/expand.ts';

const variables = new Map([
  ['x', 'value'],
  ['empty', ''],
  ['path', '/a/b/c.tar.gz'],
  ['words', 'one two'],
]);
const expand = (text: string): string => expandWord(text, variables, { escape: '\\' });

describe('expandWord', () => {
  it.each([
    ['plain', 'plain'],
    ['$x', 'value'],
    ['${x}s', 'values'],
    ['a$x-$unset.', 'avalue-.'],
    ['$', '$'],
    ['$.', '$.'],
    ['\\$x', '$x'],
    ["'$x'", '$x'],
    ['"$x y"', 'value y'],
    ['"\\$x \\"q\\" \\n"', '$x "q" \\n'],
    ['a\\ b', 'a b'],
    ['${x:-d}', 'value'],
    ['${empty:-d}', 'd'],
    ['${empty-d}', ''],
    ['${unset-d}', 'd'],
    ['${unset:-$x}', 'value'],
    ['${unset:-"a } b"}', 'a } b'],
    ['${x:+d}', 'd'],
    ['${empty:+d}', ''],
    ['${empty+d}', 'd'],
    ['${unset+d}', ''],
    ['${x:?wrong}', 'value'],
    ['${path##*/}', 'c.tar.gz'],
    ['${path#*/}', 'a/b/c.tar.gz'],
    ['${path%.*}', '/a/b/c.tar'],
    ['${path%%.*}', '/a/b/c'],
    ['${path%/c?tar*}', '/a/b'],
    ['${path/b/X}', '/a/X/c.tar.gz'],
    ['${path//a/X}', '/X/b/c.tXr.gz'],
    ['${path//\\//-}', '-a-b-c.tar.gz'],
    ['${path/.*/}', '/a/b/c'],
  ])('%s is "%s"', (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  it.each([
    ["'a", 'a single quote is not closed'],
    ['"a', 'a double quote is not closed'],
    ['${x', 'bad substitution'],
    ['${}', 'a name is missing'],
    ['${x:-y', '"}" is missing'],
    ['${x:=y}', 'bad substitution: "${x:=" is not known'],
    ['${x^^}', 'is not known'],
    ['${unset:?give it}', 'unset: give it'],
    ['${empty:?}', 'empty: is not allowed to be empty'],
  ])('%s is an error', (text, why) => {
    expect(() => expand(text)).toThrow(why);
  });

  it('takes the backtick as escape when the file says so', () => {
    expect(expandWord('C:\\$x`$x', variables, { escape: '`' })).toBe('C:\\value$x');
  });

  it('leaves quotes alone in a heredoc', () => {
    expect(expandWord(`"$x" '$x' it's`, variables, { escape: '\\', quotes: false })).toBe(`"value" 'value' it's`);
  });
});

describe('expandWords', () => {
  it.each([
    ['$words', ['one', 'two']],
    ['"$words"', ['one two']],
    ['a$words', ['aone', 'two']],
    ['$unset', []],
  ])('%s', (text, expected) => {
    expect(expandWords(text, variables, { escape: '\\' })).toEqual(expected);
  });
});
