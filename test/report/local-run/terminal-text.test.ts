import { describe, expect, it } from '@jest/globals';
import { OutputLines } from '../../../src/report/local-run/progress/output-lines.ts';
import { clipped, padded, printable, textWidth } from '../../../src/report/local-run/terminal-text.ts';

describe('a line of a job', () => {
  it.each([
    ['colours', '\u001B[1;31mred\u001B[0m', 'red'],
    ['moves of the cursor', 'a\u001B[2J\u001B[10Ab\u001B[K', 'ab'],
    ['a title of the window', '\u001B]0;title\u0007a', 'a'],
    ['a link', '\u001B]8;;http://x.example\u001B\\a\u001B]8;;\u001B\\', 'a'],
    ['a bell and a backspace', 'a\u0007\bb', 'ab'],
    ['controls of eight bits', 'a\u009B31mb', 'ab'],
    ['half of an escape sequence', 'a\u001B', 'a'],
    ['a change of direction', 'a\u202Eb', 'ab'],
    ['tabs', 'a\tb', 'a    b'],
    ['text', 'Grüße 漢字 👩‍👩‍👧', 'Grüße 漢字 👩‍👩‍👧'],
  ])('can not steer the terminal with %s', (_name, line, text) => {
    expect(printable(line)).toBe(text);
  });
});

describe('the columns of a text', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['Grüße', 5],
    ['e\u0301', 1],
    ['漢字', 4],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['👍', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['✔️', 2],
    ['✔', 1],
    ['…', 1],
    ['a\u200B', 1],
  ])('%j has %d', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['漢字', 3, '漢…'],
    ['漢字', 2, '…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['x'.repeat(100_000), 4, 'xxx…'],
  ])('%.20j is clipped to %d', (text, columns, shown) => {
    expect(clipped(text, columns)).toBe(shown);
  });

  it('are filled up', () => {
    expect([padded('漢', 4), padded('abcde', 4)]).toEqual(['漢  ', 'abcde']);
  });
});

describe('output becomes lines', () => {
  function linesOf(...texts: string[]): string[] {
    const lines = new OutputLines();
    return [...texts.flatMap((text) => lines.push(text)), ...lines.end()];
  }

  it.each([
    ['lines', ['a\nb\n'], ['a', 'b']],
    ['parts of a line', ['a', 'b\nc'], ['ab', 'c']],
    ['an empty line', ['a\n\nb\n'], ['a', '', 'b']],
    ['lines of Windows', ['a\r\nb\r\n'], ['a', 'b']],
    ['the end of such a line later', ['a\r', '\nb\n'], ['a', 'b']],
    ['the last state of a progress bar', ['10%\r20%\r', '100%\n'], ['100%']],
    ['a progress bar without an end', ['10%\r', '20%\r'], ['20%']],
    ['nothing', [''], []],
  ])('%s', (_name, texts, lines) => {
    expect(linesOf(...texts)).toEqual(lines);
  });

  it('also when a line never ends', () => {
    expect(linesOf('x'.repeat(10_000)).map(({ length }) => length)).toEqual([4096, 4096, 1808]);
  });

  it('and the line that is not complete is known', () => {
    const lines = new OutputLines();
    lines.push('a\n10%\r20%\r');
    expect(lines.current).toBe('20%');
  });
});
