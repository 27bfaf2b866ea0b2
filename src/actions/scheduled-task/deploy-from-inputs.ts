import { DeployError, retold, textOf } from '../../core/errors.ts';
import { isRejected } from '../../plan/service-rollback/candidates.ts';
import { taskDefinitionOf } from '../../plan/scheduled-task/ecs-target.ts';
import { imagesByContainer } from '../../plan/task-definition/containers.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { ScheduledTaskInputs, ScheduledTaskOutputs } from '../deploy-scheduled-task.ts';
import { targetOf, type Converged } from '../schedule/converge.ts';
import { checkTaskDefinitionInputs } from '../task-definition/check-inputs.ts';
import { checkPlace } from './check-inputs.ts';
import { checkOneWay, chooseDestination, type Chosen } from './choose-destination.ts';
import { repoint } from './repoint.ts';
import { openScheduledTask, type FoundTask } from './scheduled-task.ts';

/** The work of deploy-scheduled-task. */
export async function deployScheduledFromInputs(
  inputs: ScheduledTaskInputs,
  context: ActionContext,
): Promise<Outcome<ScheduledTaskOutputs>> {
  const place = checkPlace(inputs);
  const checked = await checkTaskDefinitionInputs(inputs, context);
  checkOneWay(inputs, checked);
  const record = await context.readRecord(inputs.record);
  const session = await context.openSession(inputs);
  const task = await openScheduledTask(place, session);
  const found = await task.read();
  const chosen = await chooseDestination({ inputs, checked, record, task, found }, session, context);
  const { family, age } = chosen.to;
  if (inputs.pin === 'family' && isRejected(chosen.to)) {
    context.progress.warn(`${family}:${age.revision}, which runs by its family, is tagged as rejected`);
  }
  const before = outcomeBefore(place.id.name, found, chosen);
  const { allowOlder, dryRun } = inputs;
  try {
    const put = await repoint({ task, to: chosen.to, allowOlder, dryRun }, session, context);
    return outcomeAfter(before, put);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof DeployError) || chosen.release?.status !== 'changed') throw error;
    return { ...before, failure: notRepointed(error, task.label, chosen.release) };
  }
}

/** As far as it is known before the schedule is touched: what was registered. */
function outcomeBefore(name: string, { arn, reference }: FoundTask, { to, release }: Chosen): ScheduledOutcome {
  const images = Object.entries(imagesByContainer(to.definition)).map(([container, image]) => `${container}=${image}`);
  return {
    component: name,
    status: release?.status ?? 'unchanged',
    changes: release && release.status !== 'unchanged' ? [release.change] : [],
    outputs: { scheduleArn: arn, scheduleName: name, previousTaskDefinitionArn: reference, images },
  };
}

type ScheduledOutcome = Outcome<ScheduledTaskOutputs>;

function outcomeAfter(before: ScheduledOutcome, put: Converged<FoundTask>): ScheduledOutcome {
  return {
    ...before,
    status: before.status === 'unchanged' ? put.status : before.status,
    changes: [...before.changes, put.change],
    outputs: { ...before.outputs, taskDefinitionArn: taskDefinitionOf(targetOf(put.whole)) },
  };
}

function notRepointed(
  error: DeployError,
  label: string,
  { family, revision }: NonNullable<Chosen['release']>,
): DeployError {
  return retold(error, {
    title: `${family}:${revision} is registered, and ${label} was not moved to it: ${error.title}`,
    message: textOf(error),
    cause: error,
  });
}
