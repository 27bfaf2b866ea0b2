import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidFile } from '../../core/errors.ts';
import { ignoreAll } from '../storage/run-folder.ts';
import { hasCode } from '../storage/storage-error.ts';
import { pathSegment } from '../storage/files/path-segment.ts';
import { readEnvFile, type Variables } from './env-file.ts';
import { checkKeptFromGit, quotedPath } from './kept-from-git.ts';

/** The variables that CircleCI keeps for a project, as files on this machine have them. */
export interface Contexts {
  /** Of all jobs: CircleCI's project settings, here `project.env`. */
  readonly project: Variables;
  /** By name, those that there is a file for. */
  readonly named: ReadonlyMap<string, Variables>;
  readonly warnings: readonly string[];
}

/**
 * Reads the contexts of these names, and the variables of the project. A context without a file is just not there.
 * Throws (exit code 7) for a file that can't be read, has a wrong line, or is not kept from git; no message has a value.
 * @param localFolder `.circleci/local` of the user's checkout, absolute
 */
export async function readContexts(localFolder: string, names: readonly string[]): Promise<Contexts> {
  const project = await readVariables(join(localFolder, 'project.env'), localFolder);
  const named = await Promise.all(
    [...new Set(names)].map(
      async (name) => [name, await readVariables(contextFile(localFolder, name), localFolder)] as const,
    ),
  );
  const found = named.flatMap(([name, file]) => (file ? [[name, file] as const] : []));
  return {
    project: project?.variables ?? {},
    named: new Map(found.map(([name, { variables }]) => [name, variables])),
    warnings: [project, ...found.map(([, file]) => file)].flatMap((file) => file?.warnings ?? []),
  };
}

/** Where the variables of a context are; what a file name can't hold stands there as `%2F`. */
export function contextFile(localFolder: string, name: string): string {
  return join(localFolder, 'contexts', `${pathSegment(name)}.env`);
}

/**
 * What a job gets from its contexts, in the order of its `context:`. Of several that have a variable the last one counts
 * (CircleCI docs: Combine contexts).
 */
export function contextsOfJob(contexts: Contexts, names: readonly string[]): Variables[] {
  return names.flatMap((name) => {
    const variables = contexts.named.get(name);
    return variables ? [variables] : [];
  });
}

interface VariablesFile {
  readonly variables: Variables;
  readonly warnings: readonly string[];
}

async function readVariables(file: string, localFolder: string): Promise<VariablesFile | undefined> {
  const bytes = await bytesOf(file);
  if (bytes === undefined) return undefined;
  // The file may be there before the first run.
  await ignoreAll(localFolder);
  await checkKeptFromGit(file);
  return { variables: readEnvFile(textOf(bytes, file), file), warnings: await permissionWarnings(file) };
}

async function bytesOf(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw invalidFile('a file of variables can not be read', `${file}: ${(error as Error).message}`);
  }
}

function textOf(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidFile('a file of variables is no text', `${file} is not UTF-8.`);
  }
}

/** Other users of this machine have no business in it. */
const OTHERS = 0o077;

async function permissionWarnings(file: string): Promise<string[]> {
  const { mode } = await stat(file);
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return [];
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  return [`${file} can be read by other users of this machine (mode ${shown}): \`chmod 600 ${quotedPath(file)}\`.`];
}
