import type { JsonObject } from '../../core/json.ts';
import type { TaskDefinitionEdits } from '../../plan/task-definition/edit.ts';
import type { RecordedImage } from '../../plan/task-definition/images.ts';
import type { ActionContext } from '../context.ts';
import type { TaskDefinitionInputs } from '../register-task-definition.ts';

/** What inputs ask of a task definition, as far as it can be checked without AWS. */
export interface CheckedTaskDefinition {
  /** The whole truth, as the file has it; undefined to carry the newest revision that was not rejected forward. */
  file: { path: string; definition: JsonObject } | undefined;
  /** By container name; the key '' stands for the only container, or the one that `container` names. */
  edits: TaskDefinitionEdits;
  /** Images that earlier jobs of the workflow pushed. */
  recorded: readonly RecordedImage[];
  allowOlder: boolean;
}

/** Throws (exit code 2 or 7) for what is wrong whatever AWS has. */
export async function checkTaskDefinitionInputs(
  _inputs: TaskDefinitionInputs & { record: boolean },
  _context: ActionContext,
): Promise<CheckedTaskDefinition> {
  throw new Error('not there yet');
}

/** Was anything said about the task definition at all, by inputs or by earlier jobs? */
export function asksForChanges(_checked: CheckedTaskDefinition): boolean {
  throw new Error('not there yet');
}
