import { classesOf, PLAIN, styleAfter } from './ansi-style.ts';
import { markup, type Markup } from '../text/markup.ts';

/**
 * What a terminal takes for itself, and plain text between. In this order: control sequences (ESC [ … final byte), strings
 * for the terminal (titles, links; they end on their line), other sequences, ends and returns of lines.
 */
const TOKEN =
  /\u001b\[([0-?]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|\u001b[ -/]+[0-~]|\u001b[0-Z\\^-~]|(\r*\n)|(\r+)|[^\u001b\r\n]+|\u001b/g;

interface Run {
  readonly classes: string;
  text: string;
}

/**
 * The text of a log as a terminal would show it at the end: colours as spans, progress bars (a line that returns to its
 * beginning and is written again) only in their last state, no other control sequences.
 */
export function terminalText(text: string): Markup {
  const runs: Run[] = [];
  let style = PLAIN;
  let classes = '';
  let lineStart = 0;
  let returned = false;
  const put = (added: string): void => {
    const last = runs.length > lineStart ? runs.at(-1) : undefined;
    if (last?.classes === classes) last.text += added;
    else runs.push({ classes, text: added });
  };
  for (const { 0: token, 1: parameters, 2: final, 3: lineEnd, 4: lineReturn } of text.matchAll(TOKEN)) {
    if (lineEnd !== undefined) {
      put('\n');
      lineStart = runs.length;
      returned = false;
    } else if (lineReturn !== undefined) {
      returned = true;
    } else if (final !== undefined) {
      if (final === 'm') {
        style = styleAfter(style, parameters ?? '');
        classes = classesOf(style);
      }
    } else if (token === '\u001b' || !token.startsWith('\u001b')) {
      if (returned) runs.length = lineStart;
      returned = false;
      put(token);
    }
  }
  return markup`${joined(runs).map(({ classes: names, text: shown }) => (names === '' ? shown : markup`<span class="${names}">${shown}</span>`))}`;
}

/** Without this every line would have a span of its own. */
function joined(runs: readonly Run[]): Run[] {
  const together: Run[] = [];
  for (const run of runs) {
    const last = together.at(-1);
    if (last?.classes === run.classes) last.text += run.text;
    else together.push({ ...run });
  }
  return together;
}
