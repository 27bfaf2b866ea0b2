import { DeployError } from '../core/errors.ts';

/** What the machine itself refuses, in words that follow `the machine …`. Anything else of that kind is a bug. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: 'has no space left on the disk',
  EDQUOT: 'has no space left for this user',
  EROFS: 'does not let this folder be written',
  EACCES: 'does not let this user do that',
  EPERM: 'does not let this user do that',
  EMFILE: 'lets no more files be open',
  ENFILE: 'lets no more files be open',
  EIO: 'has a broken disk',
};

/** Is this what the system said of a file or folder, and no fault of ours: a full disk, a TMPDIR that is not there? */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === 'mkdtemp' || (syscall !== undefined && code !== undefined && Object.hasOwn(REFUSALS, code));
}

export function systemError(error: NodeJS.ErrnoException): DeployError {
  const refusal = REFUSALS[error.code ?? ''];
  return new DeployError({
    code: 'system.refused',
    title: refusal === undefined ? 'a temporary folder can not be made' : `the machine ${refusal}`,
    message: error.message,
    hints: ['Make room, or set TMPDIR and HOME to folders that can be written. Then run it again.'],
    cause: error,
  });
}
