import { appendFile } from 'node:fs/promises';
import { DeployError } from '../core/errors.ts';

/**
 * Lines that set variables in the following steps of a job. Values are quoted so that bash takes every byte of them
 * literally, line breaks included.
 */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join('');
}

/** Appends to the file that CircleCI names in BASH_ENV; does nothing where there is none. Throws (exit code 1) when it can't. */
export async function exportVariables(
  env: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const file = env['BASH_ENV'];
  if (!file || Object.keys(variables).length === 0) return;
  // An earlier step may have left its last line open.
  await appendFile(file, `\n${exportLines(variables)}`).catch((cause: unknown) => {
    throw new DeployError({
      code: 'bash_env.unwritable',
      title: `BASH_ENV can not be written: ${file}`,
      message: String(cause),
      hints: ['Later steps would not get what this one found. CircleCI sets BASH_ENV by itself; leave it as it is.'],
      cause,
    });
  });
}
