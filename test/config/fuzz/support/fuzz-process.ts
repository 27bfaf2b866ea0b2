/**
 * A process of its own, since what a case takes is bounded by what a process has: `bombs`, or `mutations FIRST COUNT`.
 * Prints a line of JSON before each case and one behind it, so that of a process that dies, the case is known.
 */
import { writeSync } from 'node:fs';
import { BOMBS } from './bombs.ts';
import { checkCompilation } from './check-compilation.ts';
import { readCorpus } from './corpus.ts';
import type { Input } from './input.ts';
import { mutation } from './mutation.ts';

export interface FuzzLine {
  readonly name: string;
  /** Absent in the line before a case. */
  readonly outcome?: 'compiled' | 'refused' | { readonly error: string; readonly text: string };
}

const LONGEST_SHOWN = 4000;

function run(name: string, make: () => Input): void {
  print({ name });
  const input = make();
  try {
    print({ name, outcome: checkCompilation(input) });
  } catch (error) {
    const stack = error instanceof Error ? String(error.stack) : String(error);
    print({ name, outcome: { error: stack, text: input.text.slice(0, LONGEST_SHOWN) } });
  }
}

function print(line: FuzzLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

const [kind, first, count] = process.argv.slice(2);
if (kind === 'bombs') for (const [name, make] of Object.entries(BOMBS)) run(name, make);
else {
  const corpus = readCorpus(process.cwd());
  for (let number = Number(first); number < Number(first) + Number(count); number++) {
    run(String(number), () => mutation(number, corpus));
  }
}
