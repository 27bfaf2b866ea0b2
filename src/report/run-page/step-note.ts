import type { StepRecord } from '../../runner/run-record.ts';
import { LIMITS } from './limits.ts';
import { beginning } from './short-text.ts';

/** How a step ended, where that is more than success: its reason, exit code and reruns. */
export function stepNote({ exitCode, reason, reruns }: StepRecord): string {
  const code = exitCode === undefined || exitCode === 0 ? '' : `exit code ${exitCode}`;
  const again = reruns === 0 ? '' : `run again ${reruns === 1 ? 'once' : `${reruns} times`}`;
  return [reason === undefined ? '' : beginning(reason, LIMITS.reason), code, again]
    .filter((part) => part !== '')
    .join(', ');
}
