import { badArgument } from '../../core/errors.ts';
import { imagesByContainer } from '../../plan/task-definition/containers.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RegisterTaskInputs, RegisterTaskOutputs } from '../register-task-definition.ts';
import { checkTaskDefinitionInputs } from './check-inputs.ts';
import { releaseTaskDefinition } from './release-task-definition.ts';

/** The work of register-task-definition. */
export async function registerFromInputs(
  inputs: RegisterTaskInputs,
  context: ActionContext,
): Promise<Outcome<RegisterTaskOutputs>> {
  if (inputs.taskDefinition === undefined && inputs.family === undefined) {
    throw badArgument('neither task_definition nor family is given', [
      'Give task_definition (a file that is the whole truth), or family (its newest revision is carried forward).',
    ]);
  }
  const checked = await checkTaskDefinitionInputs(inputs, context);
  const family = inputs.family ?? checked.file?.definition['family'];
  if (typeof family !== 'string') {
    throw badArgument(`${inputs.taskDefinition} says no family`, ['Give family, or write it into the file.']);
  }
  const session = await context.openSession(inputs);
  const released = await releaseTaskDefinition({ family, checked, dryRun: inputs.dryRun }, session, context);
  return {
    component: family,
    status: released.status,
    changes: [released.change],
    outputs: {
      family,
      taskDefinitionArn: released.arn,
      revision: released.revision,
      images: imageTexts(released.definition),
      definitionHash: released.hash,
    },
  };
}

/** `CONTAINER=IMAGE` of every container. */
function imageTexts(definition: Parameters<typeof imagesByContainer>[0]): string[] {
  return Object.entries(imagesByContainer(definition)).map(([name, image]) => `${name}=${image}`);
}
