import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { ScheduledTaskInputs, ScheduledTaskOutputs } from '../deploy-scheduled-task.ts';

/** The work of deploy-scheduled-task. */
export async function deployScheduledFromInputs(
  _inputs: ScheduledTaskInputs,
  _context: ActionContext,
): Promise<Outcome<ScheduledTaskOutputs>> {
  throw new Error('not there yet');
}
