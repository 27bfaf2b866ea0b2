import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOOL_ARGUMENT } from './tool-argument.ts';

/** What CircleCI puts on the PATH of every job; both names take the same commands. */
export const TOOL_NAMES = ['circleci', 'circleci-agent'] as const;

export interface ToolProgram {
  /** Absolute path of Node.js. */
  readonly node: string;
  /** Absolute path of the program that hands its arguments to `runTool`. */
  readonly program: string;
}

/** Writes the tools into a folder for the job's PATH, created when it isn't there. Arguments pass through them as they are. */
export async function writeToolShims(folder: string, { node, program }: ToolProgram): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    TOOL_NAMES.map(async (name) => {
      const command = [node, program, TOOL_ARGUMENT, name].map(quoted).join(' ');
      await writeFile(join(folder, name), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
    }),
  );
}

/** One word for a shell, whatever is in it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
