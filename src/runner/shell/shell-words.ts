import { badArgument } from '../../core/errors.ts';

/**
 * Splits what `shell:` says (`/bin/bash -eo pipefail`) into program and arguments. Quotes and backslashes mean what they
 * mean to a POSIX shell; nothing is expanded. Throws (exit code 2) for an open quote, and for a text without words.
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quote === '' && /\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === quote) {
      quote = '';
    } else if (quote === '' && (char === "'" || char === '"')) {
      quote = char;
      word ??= '';
    } else if (char === '\\' && next !== '' && isEscape(next, quote)) {
      word = (word ?? '') + next;
      at++;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') throw badShell(text, `the quote ${quote} is not closed`);
  if (word !== undefined) words.push(word);
  if (words.length === 0) throw badShell(text, 'it names no program');
  return words;
}

/** Does a backslash take away the meaning of this character here? (POSIX, Shell Command Language, 2.2) */
function isEscape(char: string, quote: string): boolean {
  if (quote === "'") return false;
  return quote === '' || '$`"\\'.includes(char);
}

function badShell(text: string, why: string): Error {
  return badArgument(`the shell ${JSON.stringify(text)} can not be used: ${why}`, [
    'CircleCI\'s default is "/bin/bash -eo pipefail".',
  ]);
}
