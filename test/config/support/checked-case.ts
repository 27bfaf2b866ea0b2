import { compile, type Compilation } from '../../../src/config/compile.ts';
import { renderConfig } from '../../../src/config/render/render-config.ts';
import { problemsAsHead, readCase, writeCase, writesAnew, type ConfigCase } from './case-file.ts';

export interface CheckedCase {
  readonly expected: Pick<ConfigCase, 'told' | 'becomes'>;
  readonly found: Pick<ConfigCase, 'told' | 'becomes'>;
  readonly compilation: Compilation;
}

/** Compiles a case, and writes what came out into its file where that is asked for. */
export function checkCase(folder: string, name: string): CheckedCase {
  const asked = readCase(folder, name);
  const outcome = outcomeOf(asked);
  if (!writesAnew) return { expected: asked, ...outcome };
  // More lines at the head move all places: the second time they are right.
  for (const _ of [1, 2]) {
    const read = readCase(folder, name);
    writeCase(folder, { ...read, ...outcomeOf(read).found });
  }
  const written = readCase(folder, name);
  return { expected: written, ...outcomeOf(written) };
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
