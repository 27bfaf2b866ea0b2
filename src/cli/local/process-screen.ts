import { canShowLive, processTerminal } from '../../report/local-run/progress/terminal.ts';
import type { Screen } from '../world.ts';

/** The terminal of this process, if it has one that can show something live. */
export function processScreen(): Screen | undefined {
  if (!canShowLive(process.stdout, process.env)) return undefined;
  return {
    terminal: processTerminal(process.stdout, process.env),
    ...(process.stdin.isTTY ? { input: process.stdin } : {}),
  };
}
