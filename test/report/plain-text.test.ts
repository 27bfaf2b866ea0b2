import { expect, it } from '@jest/globals';
import { DeployError } from '../../src/core/errors.ts';
import { errorText } from '../../src/report/error-text.ts';
import { colouredText, plainText } from '../../src/report/plain-text.ts';

it.each([
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['what clears the screen', '\u001b[2J\u001b[Hgone', 'gone'],
  ['what sets the title of a window', '\u001b]0;title\u0007text', 'text'],
  ['what links', '\u001b]8;;https://example.org\u001b\\here\u001b]8;;\u001b\\', 'here'],
  ['a return to the begin of the line', 'error: real\rfine', 'error: realfine'],
  ['control characters of one byte', 'a\u0000\u0008\u007f\u009bb', 'ab'],
])('%s are taken out', (_what, text, plain) => {
  expect(plainText(text)).toBe(plain);
});

it.each(['two\nlines\tand a tab', 'ä 漢 🙂 [31m'])('ordinary text stays: %j', (text) => {
  expect([plainText(text), colouredText(text)]).toEqual([text, text]);
});

it('an error quotes nothing that steers a terminal, and no line that looks like one of ours', () => {
  const error = new DeployError({ code: 'x', title: 'failed: a\u001b[2J\nerror: b', message: 'c\rd', hints: ['e\nf'] });
  expect(errorText(error)).toBe('error: failed: a\n  error: b\n  cd\n\nSuggestions:\n  e\n  f\n');
});
