import type { ResultEvent } from '../core/result.ts';

/** One line of progress: a step stands out, what belongs to it is indented, a warning says that it is one. */
export function progressLine({ level, text }: Pick<ResultEvent, 'level' | 'text'>): string {
  switch (level) {
    case 'step':
      return `==> ${text}\n`;
    case 'info':
      return `    ${text}\n`;
    case 'warn':
      return `warning: ${text}\n`;
  }
}

/** A line of somebody else's output, told apart from ours. */
export function outputLine(line: string): string {
  return `    | ${line}\n`;
}
