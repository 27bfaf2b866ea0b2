import { endsLine } from './scan/characters.ts';

/** A part of what was being read when an error was found: `while parsing a block mapping`, and where that began. */
export interface ErrorContext {
  readonly text: string;
  /** Absent where the place of the error is all that there is to say. */
  readonly index?: number;
}

/** What is wrong with a YAML text, in SnakeYAML's words. Never leaves this folder. */
export class YamlError extends Error {
  /** Where in the text, in UTF-16 units. */
  readonly index: number;
  readonly context: ErrorContext | undefined;
  /** Says that SnakeYAML gives the words alone, without the lines that show the place. */
  readonly bare: boolean;

  constructor(
    problem: string,
    index: number,
    { context, bare = false }: { context?: ErrorContext; bare?: boolean } = {},
  ) {
    super(problem);
    this.index = index;
    this.context = context;
    this.bare = bare;
  }
}

interface LineOf {
  /** Counted from 1. */
  readonly line: number;
  readonly lineStart: number;
}

/** The line that an index is in. */
export function lineOf(text: string, index: number): LineOf {
  let line = 1;
  let lineStart = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let at = lineStart; at < index; at++) {
    const code = text.charCodeAt(at);
    if (!endsLine(code)) continue;
    // A carriage return before a line feed ends nothing, nor does, for SnakeYAML, one that is the last character.
    if (code === 0x0d && (text.charCodeAt(at + 1) === 0x0a || at + 1 === text.length)) continue;
    line++;
    lineStart = at + 1;
  }
  return { line, lineStart };
}

/** The error as SnakeYAML prints it: what was read and where, what is wrong and where, with the lines in question. */
export function yamlErrorText(error: YamlError, text: string): string {
  if (error.bare) return error.message;
  const parts: string[] = [];
  if (error.context) parts.push(error.context.text);
  if (error.context?.index !== undefined) parts.push(markText(text, error.context.index));
  parts.push(error.message, markText(text, error.index));
  return parts.join('\n');
}

// SnakeYAML shows up to 75 characters of a line, around the place.
const HALF_SNIPPET = 36;

function markText(text: string, index: number): string {
  const { line, lineStart } = lineOf(text, index);
  // A character may be two UTF-16 units; no more is looked at, as a line may be very long.
  const most = 2 * HALF_SNIPPET + 2;
  let start = index;
  while (start > 0 && start > index - most && !endsLine(text.charCodeAt(start - 1))) start--;
  const before = [...text.slice(start, index)];
  let end = index;
  while (end < index + most && end < text.length && !endsLine(text.charCodeAt(end))) end++;
  const after = [...text.slice(index, end)];
  const column = lengthOf(text, lineStart, index) + 1;
  const head = before.length > HALF_SNIPPET ? ` ... ${before.slice(5 - HALF_SNIPPET - 1).join('')}` : before.join('');
  const tail = after.length > HALF_SNIPPET ? `${after.slice(0, HALF_SNIPPET + 1 - 5).join('')} ... ` : after.join('');
  const caret = ' '.repeat([...head].length);
  return ` in 'string', line ${line}, column ${column}:\n    ${head}${tail}\n    ${caret}^`;
}

/** In characters, of which one may be two UTF-16 units. */
function lengthOf(text: string, start: number, end: number): number {
  let length = end - start;
  for (let at = start; at < end; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) length--;
  return length;
}

/** A character as SnakeYAML names it in a message: itself and its number. */
export function characterText(text: string, index: number): string {
  const code = text.codePointAt(index) ?? 0;
  return `${String.fromCodePoint(code)}(${code})`;
}
