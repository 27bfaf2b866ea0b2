import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RegisterTaskInputs, RegisterTaskOutputs } from '../register-task-definition.ts';

/** The work of register-task-definition. */
export async function registerFromInputs(
  _inputs: RegisterTaskInputs,
  _context: ActionContext,
): Promise<Outcome<RegisterTaskOutputs>> {
  throw new Error('not there yet');
}
