import type { StepRecord } from '../../../runner/run-record.ts';
import { LIMITS } from '../limits.ts';
import { beginning } from '../text/short-text.ts';

/** How a step ended, where that is more than success: where it ran, its reason, exit code and reruns. */
export function stepNote({ exitCode, reason, reruns, background }: StepRecord): string {
  const code = exitCode === undefined || exitCode === 0 ? '' : `exit code ${exitCode}`;
  const again = reruns === 0 ? '' : `run again ${reruns === 1 ? 'once' : `${reruns} times`}`;
  const where = background ? 'in the background' : '';
  return [where, reason === undefined ? '' : beginning(reason, LIMITS.reason), code, again]
    .filter((part) => part !== '')
    .join(', ');
}
