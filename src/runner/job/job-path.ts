import { resolve } from 'node:path';

/** The working directory of a job: `~` is its HOME, and what is relative is relative to HOME. */
export function jobFolder(workingDirectory: string, home: string): string {
  return resolve(home, withoutTilde(workingDirectory, home));
}

/** A path in a step: `~` is the job's HOME, and what is relative is relative to the job's working directory. */
export function jobPath(path: string, { folder, home }: { folder: string; home: string }): string {
  return resolve(folder, withoutTilde(path, home));
}

/** Whether an absolute path is a folder, or below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** `~` as a shell has it: alone, or before a slash. `~user` is a name like any other. */
function withoutTilde(path: string, home: string): string {
  return path === '~' ? home : path.startsWith('~/') ? `${home}/${path.slice(2)}` : path;
}
