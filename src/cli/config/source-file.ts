import { constants, openSync, readFileSync, statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Source } from '../../config/source.ts';
import { badArgument, DeployError, invalidFile } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { World } from '../world.ts';

/**
 * Reads a file, a pipe such as `<(…)`, or for `-` standard input as a source of the compiler, named as the user named it.
 * Whoever writes into a pipe may take their time: that can be canceled.
 * Exit code 5 when it is not there, 7 when it is no text or nothing of these, 6 when it is canceled.
 */
export async function readSource(
  path: string,
  { cwd, signal }: Pick<World, 'cwd' | 'signal'>,
  hints: readonly string[] = [],
): Promise<Source> {
  if (path === '-') return readStream('standard input', process.stdin, signal);
  const file = resolve(cwd, path);
  if (path === '' || !statOf(file)?.isFIFO()) return readFile(path, cwd, hints);
  return readStream(path, await openPipe(file), signal);
}

/** Reads a regular file at once. Exit code 5 when it is not there, 7 when it is no text or no such file. */
export function readFile(path: string, cwd: string, hints: readonly string[] = []): Source {
  if (path === '') throw badArgument('the name of the file is empty', hints);
  const file = resolve(cwd, path);
  try {
    const stat = statSync(file);
    if (stat.isFile()) return { name: path, text: decoded(path, readFileSync(file)) };
    if (stat.isDirectory()) throw invalidFile(`${path} is a folder`, `${path}: a file was expected`, hints);
    // A pipe or a device may never end, and while it is read at once, no signal is heard.
    throw invalidFile(`${path} is no regular file`, `${path}: a pipe, a socket or a device`, hints);
  } catch (error) {
    if (error instanceof DeployError) throw error;
    throw unreadable(path, error as NodeJS.ErrnoException, hints);
  }
}

/** What is at a path; undefined when that can't be had, whatever the reason. */
export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Opening a pipe waits for its other end, where nothing can interrupt it, unless it is opened so; reading waits as well. */
async function openPipe(file: string): Promise<Readable> {
  const { Socket } = await import('node:net');
  return new Socket({ fd: openSync(file, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}

async function readStream(name: string, stream: Readable, signal: AbortSignal): Promise<Source> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, stream)) chunks.push(chunk as Buffer);
  } catch (error) {
    if (signal.aborted) throw new DeployError({ code: 'canceled', title: 'canceled', exitCode: EXIT.canceled });
    throw unreadable(name, error as NodeJS.ErrnoException, []);
  }
  return { name, text: decoded(name, Buffer.concat(chunks)) };
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
  return invalidFile(`${path} can not be read`, cause.message, hints);
}
