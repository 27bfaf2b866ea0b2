import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Source } from '../../config/source.ts';
import { badArgument, DeployError, invalidFile } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';

/** Reads a file as a source of the compiler, named as the user named it. Exit code 5 when it is not there, 7 when it is no text. */
export function readSource(path: string, cwd: string, hints: readonly string[] = []): Source {
  if (path === '') throw badArgument('the name of the file is empty', hints);
  if (path === '-') return { name: 'standard input', text: decoded('standard input', readFileSync(0)) };
  try {
    return { name: path, text: decoded(path, readFileSync(resolve(cwd, path))) };
  } catch (error) {
    if (error instanceof DeployError) throw error;
    throw unreadable(path, error as NodeJS.ErrnoException, hints);
  }
}

function decoded(name: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalidFile(`${name} is no text`, `${name}: not UTF-8`, ['A config is a text file in UTF-8.']);
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException, hints: readonly string[]): DeployError {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') {
    return new DeployError({
      code: 'file.not_found',
      title: `there is no file ${path}`,
      hints,
      exitCode: EXIT.notFound,
      cause,
    });
  }
  if (cause.code === 'EISDIR') return invalidFile(`${path} is a folder`, `${path}: a file was expected`, hints);
  return invalidFile(`${path} can not be read`, cause.message, hints);
}
