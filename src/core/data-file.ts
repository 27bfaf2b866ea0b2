import { readFile } from 'node:fs/promises';
import { DeployError, invalidFile } from './errors.ts';
import { EXIT } from './exit-codes.ts';
import { readJson } from './json-text.ts';
import type { JsonValue } from './json.ts';

/** A JSON or YAML file that was read, and where its parts stand in it. */
export interface DataFile {
  /** As it was asked for. */
  path: string;
  value: JsonValue;
  /** `file:line:column` of the part at a path, or of the nearest part around it. */
  locate(path: readonly (string | number)[]): string;
}

/**
 * Reads a JSON or YAML file. Throws when it is not there (exit code 5) or when it can't be parsed (7, with line and
 * column).
 * @param path as the user wrote it, for messages
 * @param absolute the same file, from where the process stands
 */
export async function readDataFile(path: string, absolute: string): Promise<DataFile> {
  const text = await readFile(absolute, 'utf8').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const at = (offset: number): string => placeIn(text, offset, path);
  // JSON is YAML, and the YAML reader would do; but loading it and starting it up takes 14 ms of every action.
  const json = readJson(text);
  if (json) return { path, value: json.value, locate: (parts) => at(json.offsetOf(parts)) };
  // Most broken JSON is YAML of some other meaning.
  const inJson = path.endsWith('.json') ? jsonError(text) : undefined;
  if (inJson) throw unparsable(path, at(inJson.offset), inJson.message);
  const { readYaml } = await import('./yaml-text.ts');
  const yaml = readYaml(text, (offset, message) => unparsable(path, offset === undefined ? path : at(offset), message));
  return { path, value: yaml.value, locate: (parts) => at(yaml.offsetOf(parts)) };
}

/** `file:line:column`, both from 1. */
function placeIn(text: string, offset: number, path: string): string {
  const before = text.slice(0, offset);
  return `${path}:${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

function unparsable(path: string, place: string, message: string): DeployError {
  return invalidFile(`${path} can not be parsed`, `${place}: ${message.split('\n', 1)[0]}`);
}

/** What is wrong with a text as JSON, said as JSON's own parser says it; undefined when nothing is. */
function jsonError(text: string): { offset: number; message: string } | undefined {
  const json = text.replace(/^\uFEFF/, '');
  try {
    JSON.parse(json);
    return undefined;
  } catch (error) {
    // `… in JSON at position 12 (line 2 column 3)`, or `Unexpected token 'a', ..."type": a ..." is not valid JSON`
    const { message } = error as Error;
    const position = / in JSON at position (\d+).*$/.exec(message);
    const offset = text.length - json.length + (position ? Number(position[1]) : unexpectedAt(json));
    return { offset, message: message.slice(0, position?.index).replace(/, (\.\.\.)?".*$/s, '') };
  }
}

/** Where the token stands that was not expected: the shortest beginning that is refused for it ends with it. */
function unexpectedAt(text: string): number {
  let [accepted, refused] = [0, text.length + 1];
  while (refused - accepted > 1) {
    const length = (accepted + refused) >> 1;
    if (hasUnexpectedToken(text.slice(0, length))) refused = length;
    else accepted = length;
  }
  return refused - 1;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as Error).message.startsWith('Unexpected token');
  }
}

/** Says why a file that the user named can't be read: not there (exit code 5), a folder, or not allowed (7). */
export function unreadable(path: string, cause: unknown): DeployError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new DeployError({
      code: 'file.not_found',
      title: `file not found: ${path}`,
      hints: [
        'Paths are relative to the working directory. In a job: does it check out the code, or attach the workspace?',
      ],
      exitCode: EXIT.notFound,
      cause,
    });
  }
  const why = code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission denied' : String(cause);
  return new DeployError({
    code: 'file.unreadable',
    title: `${path} can not be read: ${why}`,
    exitCode: EXIT.invalidFile,
    cause,
  });
}
