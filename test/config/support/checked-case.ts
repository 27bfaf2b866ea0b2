import { compile, type Compilation } from '../../../src/config/compile.ts';
import { renderConfig } from '../../../src/config/render/render-config.ts';
import { problemsAsHead, readCase, writeCase, writesAnew, type ConfigCase, type Outcome } from './case-file.ts';

export interface CheckedCase {
  readonly expected: Outcome;
  readonly found: Outcome;
  readonly compilation: Compilation;
}

/** Compiles a case, and writes what came out into its file where that is asked for. */
export function checkCase(folder: string, name: string): CheckedCase {
  const asked = readCase(folder, name);
  const outcome = outcomeOf(asked);
  if (!writesAnew) return { expected: asked, ...outcome };
  // More lines at the head move all places, and other places have more digits: the third time they are right.
  for (let time = 1; time <= 3; time++) {
    const read = readCase(folder, name);
    writeCase(folder, read, outcomeOf(read).found);
  }
  const written = readCase(folder, name);
  return { expected: written, ...outcomeOf(written) };
}

/** What a case is told, without looking at what it expects. */
export function toldByCase(folder: string, name: string): string {
  return outcomeOf(readCase(folder, name)).found.told;
}

function outcomeOf({ source, options, becomes }: ConfigCase): Omit<CheckedCase, 'expected'> {
  const compilation = compile(source, options);
  const { config, problems } = compilation;
  const compiled = config === undefined ? undefined : renderConfig(config);
  return {
    found: { told: problemsAsHead(problems), becomes: becomes === undefined ? undefined : compiled },
    compilation,
  };
}
