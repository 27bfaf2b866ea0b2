import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';

/**
 * The error (exit code 10) for a revision that is not what was asked for: what starts from it is not what was released.
 * @param lost lines of a diff
 */
export function notAsAsked(
  code: string,
  title: string,
  lost: readonly string[],
  hints: readonly string[],
): DeployError {
  const message = lost.length > 0 ? `Asked for, but not there as asked:\n${lost.join('\n')}` : title;
  return new DeployError({ code, title, message, hints, exitCode: EXIT.failedNotRolledBack });
}
