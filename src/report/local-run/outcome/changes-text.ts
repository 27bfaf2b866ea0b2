import { printable } from '../terminal-text.ts';

/** What a run changed in the local AWS, a line each. */
export function changesText(changes: readonly string[]): string {
  if (changes.length === 0) return 'Nothing changed in the local AWS.\n';
  return `Changed in the local AWS:\n${changes.map((line) => `  ${printable(line)}\n`).join('')}`;
}
