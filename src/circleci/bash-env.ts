import { appendFile } from 'node:fs/promises';

/**
 * Lines that set variables in the following steps of a job. Values are quoted so that bash takes every byte of them
 * literally, line breaks included.
 */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join('');
}

/** Appends to the file that CircleCI names in BASH_ENV; does nothing where there is none. */
export async function exportVariables(
  env: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const file = env['BASH_ENV'];
  if (!file || Object.keys(variables).length === 0) return;
  // An earlier step may have left its last line open.
  await appendFile(file, `\n${exportLines(variables)}`);
}
