import { DeployError } from '../../core/errors.ts';

const HINT_OF_CODE: Readonly<Record<string, { what: string; hint: string }>> = {
  ENOSPC: {
    what: 'no space is left on the disk',
    hint: 'Free some space, then run again. What earlier runs left is in .circleci/local/runs and .circleci/local/cache, and can be deleted.',
  },
  EDQUOT: {
    what: 'the disk quota is used up',
    hint: 'Free some space, then run again. What earlier runs left is in .circleci/local/runs and .circleci/local/cache, and can be deleted.',
  },
  EACCES: {
    what: 'permission denied',
    hint: 'Files that a container or sudo made may belong to another user: let the job change their owner or mode first.',
  },
  EPERM: {
    what: 'permission denied',
    hint: 'Files that a container or sudo made may belong to another user: let the job change their owner or mode first.',
  },
  ENOENT: {
    what: 'a file went away while it was copied',
    hint: 'Does a background step still write there? Let it end first, or leave these files out.',
  },
  ENOTEMPTY: { what: 'a folder is where a file has to go', hint: 'Let the job remove the folder first.' },
  ENOTDIR: { what: 'a file is where a folder has to go', hint: 'Let the job remove the file first.' },
  EROFS: { what: 'the disk is read-only', hint: 'Run in a checkout, and with a TMPDIR, that can be written to.' },
  EMFILE: { what: 'too many files are open', hint: 'Raise the limit (`ulimit -n`), or run fewer jobs at once.' },
  ENAMETOOLONG: { what: 'a path is too long', hint: 'Use a shorter TMPDIR, or shorter names.' },
};

/** Runs what a step does with files; what the operating system says against it becomes an error that names the step. */
export async function asStep<T>(step: { readonly name: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isErrno(error) ? storageError(step.name, error) : error;
  }
}

/** Tells what went wrong with a file, for the step or work of that name. */
export function storageError(name: string, cause: NodeJS.ErrnoException): DeployError {
  const known = HINT_OF_CODE[cause.code ?? ''];
  return new DeployError({
    code: 'run.storage_failed',
    title: `${name}: ${known?.what ?? cause.message}`,
    message:
      cause.path === undefined ? (known?.what ?? cause.message) : `${cause.path}: ${known?.what ?? cause.message}`,
    hints: known ? [known.hint] : [],
    cause,
  });
}

/** An error of the operating system, not one of this program. */
export function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && typeof (error as NodeJS.ErrnoException).code === 'string';
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');
}
