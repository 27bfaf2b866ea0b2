import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { within } from '../../core/within.ts';
import type { ActionContext } from '../context.ts';
import { leaveTasks } from './leave-tasks.ts';
import type { TaskRunPlan } from './plan-task-run.ts';
import type { StartedTasks } from './start-once.ts';
import type { TaskRunRequest } from './task-run-request.ts';

/** A RunTask that is under way may still reach AWS. */
const START_MS = 3000;

/**
 * Does work with tasks that it starts. When the action is canceled meanwhile, they are stopped or left, as was chosen,
 * also when the answer to RunTask is still on the way.
 * @param work tells by `begun` that it starts them
 */
export async function finishWhenCanceled<T>(
  { onCancel }: TaskRunRequest,
  plan: TaskRunPlan,
  session: AwsSession,
  context: ActionContext,
  work: (begun: (starting: Promise<StartedTasks>) => Promise<StartedTasks>) => Promise<T>,
): Promise<T> {
  let starting: Promise<StartedTasks> | undefined;
  const done = context.whenCanceled(async () => {
    const arns = starting ? await startedYet(starting, plan, session) : [];
    if (arns.length === 0) return canceled('canceled before a task was started', []);
    const left = await leaveTasks(arns, 'the step that waits for it was canceled', onCancel, plan, session);
    return canceled(`canceled; task ${plan.family}: ${left.fate}`, left.hints);
  });
  try {
    return await work((begun) => (starting = begun));
  } finally {
    // After a cancel it is what the run ends with.
    if (!context.signal.aborted) done();
  }
}

/** The tasks, when the answer comes in time, or when they are there without an answer. */
async function startedYet(
  starting: Promise<StartedTasks>,
  { input: { cluster, startedBy } }: TaskRunPlan,
  session: AwsSession,
): Promise<readonly string[]> {
  const started = await within(
    START_MS,
    starting.catch(() => undefined),
  );
  if (started) return started.arns;
  const found = await ecsOf(session)
    .tasks.startedBy(cluster, startedBy)
    .catch(() => []);
  return found.map(({ arn }) => arn);
}

function canceled(title: string, hints: readonly string[]): DeployError {
  return new DeployError({ code: 'canceled', title, hints, exitCode: EXIT.canceled });
}
