import { posix } from 'node:path';

import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { ImageFiles } from './image-files.ts';

/** A program of this machine that runs a script of an image. Words in `args` that are paths of the image are marked so. */
export interface Script {
  interpreter: string;
  args: readonly (string | { inImage: string })[];
  /** Of the image, relative to its root. */
  workingDir: string;
  /** The image's variables. */
  environment: Readonly<Record<string, string>>;
}

/** What stands at the start of a script, and can run one that is named as its argument. */
const INTERPRETER = /^(?:(?:ba|da|z|k|a)?sh|node|python(?:\d(?:\.\d+)?)?|perl|ruby|php)$/;
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The script that the image's entry point, or `command` in place of its Cmd, comes down to; or why it comes down to none.
 * `findProgram` gives the path of a program of this machine.
 */
export function scriptOf(
  files: ImageFiles,
  config: JsonObject,
  command: readonly string[],
  findProgram: (name: string) => string | undefined,
): Script | { why: string } | { refused: string } {
  const words = [...texts(config['Entrypoint']), ...(command.length > 0 ? command : texts(config['Cmd']))];
  const [program, ...args] = words;
  if (program === undefined) return { refused: 'CannotStartContainerError: no command specified' };
  const environment = variables(config['Env']);
  const workingDir = posix.join('/', typeof config['WorkingDir'] === 'string' ? config['WorkingDir'] : '/');
  const inImage = (word: string): { inImage: string } | undefined => {
    const real = word === '' ? undefined : files.resolve(posix.resolve(workingDir, word));
    return real === undefined || real === '' ? undefined : { inImage: real };
  };
  /** A word that names a file of the image by its whole path means that file. */
  const mapped = (word: string): string | { inImage: string } => (word.startsWith('/') && inImage(word)) || word;
  const base = { workingDir: files.resolve(workingDir) ?? workingDir.slice(1), environment };

  const file = program.includes('/') ? inImage(program) : onPath(program, environment['PATH'], inImage);
  const found = file && files.get(file.inImage);
  const shebang = found?.kind === 'file' ? shebangOf(found.content) : undefined;
  if (file !== undefined && found?.kind === 'file' && shebang !== undefined) {
    if ((found.mode & 0o111) === 0)
      return { refused: `CannotStartContainerError: exec: "${program}": permission denied` };
    const interpreter = findProgram(shebang.name);
    if (interpreter === undefined) return { why: `${program} wants ${shebang.name}, which this machine does not have` };
    return { ...base, interpreter, args: [...shebang.args, file, ...args.map(mapped)] };
  }
  const name = posix.basename(program);
  const scriptAt = args.findIndex((word) => !word.startsWith('-'));
  const script = scriptAt < 0 ? undefined : inImage(args[scriptAt]!);
  if (!INTERPRETER.test(name) || script === undefined || files.get(script.inImage)?.kind !== 'file') {
    return { why: `${words.slice(0, 3).join(' ')} is not a script of the image` };
  }
  const interpreter = findProgram(name);
  if (interpreter === undefined) return { why: `this machine has no ${name}` };
  return {
    ...base,
    interpreter,
    args: [...args.slice(0, scriptAt), script, ...args.slice(scriptAt + 1).map(mapped)],
  };
}

/** `#!/usr/bin/env -S python3 -u` → python3, -u. */
function shebangOf(content: Buffer): { name: string; args: string[] } | undefined {
  const line = /^#!\s*(\S.*?)\s*\r?(?:\n|$)/.exec(content.toString('utf8', 0, 512))?.[1];
  if (line === undefined) return undefined;
  const [path = '', ...rest] = line.split(/\s+/);
  if (posix.basename(path) !== 'env') return { name: posix.basename(path), args: rest };
  const [name, ...args] = rest.filter((word, index) => !(index === 0 && word === '-S'));
  return name === undefined ? undefined : { name: posix.basename(name), args };
}

function onPath(
  program: string,
  path: string | undefined,
  inImage: (word: string) => { inImage: string } | undefined,
): { inImage: string } | undefined {
  for (const folder of (path ?? DEFAULT_PATH).split(':')) {
    const found = folder.startsWith('/') ? inImage(posix.join(folder, program)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function variables(env: JsonValue | undefined): Record<string, string> {
  return Object.fromEntries(
    texts(env).map((line) => {
      const equals = line.indexOf('=');
      return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
}

function texts(value: JsonValue | undefined): string[] {
  if (!Array.isArray(value) || isJsonObject(value)) return [];
  return value.filter((item) => typeof item === 'string');
}
