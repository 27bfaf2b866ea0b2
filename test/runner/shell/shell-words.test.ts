import { describe, expect, it } from '@jest/globals';
import { DeployError } from '../../../src/core/errors.ts';
import { shellWords } from '../../../src/runner/shell/shell-words.ts';

describe('shellWords', () => {
  it.each([
    ['/bin/bash -eo pipefail', ['/bin/bash', '-eo', 'pipefail']],
    ['  bash\t-e\n', ['bash', '-e']],
    [`'/opt/my shell' "-c d"`, ['/opt/my shell', '-c d']],
    [`a'b c'"d e"f`, ['ab cd ef']],
    [`bash ''`, ['bash', '']],
    [String.raw`my\ shell \"x`, ['my shell', '"x']],
    [String.raw`'a\b' "c\d" "\"\$\\"`, [String.raw`a\b`, String.raw`c\d`, String.raw`"$\ `.trim()]],
    ['$SHELL ~/x *', ['$SHELL', '~/x', '*']],
  ])('splits %j', (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });

  it.each([
    ['bash "-e', 'the quote " is not closed'],
    ["bash 'x", "the quote ' is not closed"],
    ['', 'it names no program'],
    ['  ', 'it names no program'],
  ])('says what is wrong with %j', (text, why) => {
    expect(() => shellWords(text)).toThrow(DeployError);
    expect(() => shellWords(text)).toThrow(why);
  });
});
