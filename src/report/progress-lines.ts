import type { ResultEvent } from '../core/result.ts';
import { colouredText, indented, plainText } from './plain-text.ts';

/** One line of progress: a step stands out, what belongs to it is indented, a warning says that it is one. */
export function progressLine({ level, text }: Pick<ResultEvent, 'level' | 'text'>): string {
  const plain = indented(plainText(text), '    ');
  switch (level) {
    case 'step':
      return `==> ${plain}\n`;
    case 'info':
      return `    ${plain}\n`;
    case 'warn':
      return `warning: ${plain}\n`;
  }
}

/** A line of somebody else's output, told apart from ours. */
export function outputLine(line: string): string {
  return `    | ${indented(colouredText(line), '    | ')}\n`;
}
