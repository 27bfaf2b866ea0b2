/** An instruction's flags (`--chown=1:1`) and what follows them. */
export interface FlaggedText {
  flags: { name: string; value: string | undefined }[];
  rest: string;
}

/** Takes the leading `--name=value` words off; quotes around a value go away. */
export function takeFlags(text: string, escape: string): FlaggedText {
  const flags: FlaggedText['flags'] = [];
  let rest = text;
  while (rest.startsWith('--')) {
    const { word, length } = readWord(rest, escape, false);
    rest = rest.slice(length).trimStart();
    if (word === '--') break;
    const equals = word.indexOf('=');
    flags.push(
      equals === -1
        ? { name: word.slice(2), value: undefined }
        : { name: word.slice(2, equals), value: word.slice(equals + 1) },
    );
  }
  return { flags, rest };
}

/** Splits at white space outside quotes. Quotes and escapes stay in the words. */
export function splitQuoted(text: string, escape: string): string[] {
  const words: string[] = [];
  for (let rest = text.trimStart(); rest !== '';) {
    const { word, length } = readWord(rest, escape, true);
    words.push(word);
    rest = rest.slice(length).trimStart();
  }
  return words;
}

export function splitPlain(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/**
 * A JSON array of strings; undefined when the text is something else, which then is not the exec form.
 * An array that holds anything but strings throws an Error, because nobody means that as a shell command.
 */
export function jsonWords(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  if (!parsed.every((part) => typeof part === 'string')) throw new Error('the array may hold strings only');
  return parsed;
}

function readWord(text: string, escape: string, keepMarks: boolean): { word: string; length: number } {
  let word = '';
  let quote: string | undefined;
  let index = 0;
  for (; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote === undefined && /\s/.test(character)) break;
    if (character === escape && quote !== "'") {
      word += (keepMarks ? character : '') + text.charAt(index + 1);
      index += 1;
    } else if (quote === undefined && (character === '"' || character === "'")) {
      quote = character;
      if (keepMarks) word += character;
    } else if (character === quote) {
      quote = undefined;
      if (keepMarks) word += character;
    } else {
      word += character;
    }
  }
  return { word, length: Math.min(index, text.length) };
}
