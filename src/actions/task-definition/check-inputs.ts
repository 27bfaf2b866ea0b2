import { editTaskDefinition, type TaskDefinitionEdits } from '../../plan/task-definition/edit.ts';
import type { RecordedImage } from '../../plan/task-definition/images.ts';
import type { ActionContext } from '../context.ts';
import { recordedImages } from '../definition/recorded-images.ts';
import type { TaskDefinitionInputs } from '../register-task-definition.ts';
import { editsFor } from './apply-edits.ts';
import { checkTaskDefinition, readTaskDefinitionFile, type TaskDefinitionFile } from './definition-file.ts';
import { givenEdits } from './given-edits.ts';

/** What inputs ask of a task definition, as far as it can be checked without AWS. */
export interface CheckedTaskDefinition {
  /** The whole truth, as the file has it; undefined to carry the newest revision that was not rejected forward. */
  file: TaskDefinitionFile | undefined;
  /** By container name; the key '' stands for the only container. */
  edits: TaskDefinitionEdits;
  /** The container that is named for what says of none which it is for. */
  container: string | undefined;
  /** Images that earlier jobs of the workflow pushed. */
  recorded: readonly RecordedImage[];
  allowOlder: boolean;
}

/** Stands for a family that only the caller knows, while a file without one is checked. */
const FAMILY_TO_COME = 'to-come';

/**
 * Throws (exit code 2 or 7, or 5 for a file that is not there) for what is wrong whatever AWS has.
 * @param inputs with the family when it is known by now: a file of another one is refused
 */
export async function checkTaskDefinitionInputs(
  inputs: TaskDefinitionInputs & { record: boolean; family?: string | undefined },
  context: ActionContext,
): Promise<CheckedTaskDefinition> {
  const { taskDefinition, container, family, allowOlder } = inputs;
  const edits = givenEdits(inputs);
  const file = taskDefinition === undefined ? undefined : await readTaskDefinitionFile(taskDefinition, family, context);
  const images = recordedImages(await context.readRecord(inputs.record));
  const recorded = [...images].flatMap(([repository, image]) =>
    repository === undefined ? [] : [{ repository, image }],
  );
  if (file) {
    const definition = { family: family ?? FAMILY_TO_COME, ...file.definition };
    const edited = editTaskDefinition(definition, editsFor(definition, { edits, container, recorded }));
    checkTaskDefinition(edited, file.source);
  }
  return { file, edits, container, recorded, allowOlder };
}

/** Was anything said about the task definition at all, by inputs or by earlier jobs? */
export function asksForChanges({ file, edits, recorded }: CheckedTaskDefinition): boolean {
  const { containers = {}, tags = {}, cpu, memory } = edits;
  return (
    file !== undefined ||
    recorded.length > 0 ||
    cpu !== undefined ||
    memory !== undefined ||
    Object.keys(containers).length > 0 ||
    Object.keys(tags).length > 0
  );
}
