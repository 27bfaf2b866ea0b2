import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import type { Change } from '../../core/result.ts';
import type { OutputValues } from '../../params/declaration.ts';
import type { ActionContext } from '../context.ts';
import type { RunTaskOutputs } from '../run-task.ts';
import type { TaskRunPlan } from './plan-task-run.ts';
import type { TaskRunRequest } from './task-run-request.ts';

export interface TaskRun {
  taskArns: readonly string[];
  taskDefinitionArn: string;
  /** Of the container that counts: the first that is not 0; undefined when none is known. */
  exitCode: number | undefined;
  outputs: OutputValues<RunTaskOutputs>;
  changes: readonly Change[];
  /** Undefined when all that was asked for was reached. */
  failure: DeployError | undefined;
}

/**
 * Runs a task once: starts it, or finds the one that an earlier run of the same step started, and follows it to its end.
 * When the action is canceled meanwhile, it is stopped or left, as was chosen, before the process goes. Throws what
 * `planTaskRun` throws, and when AWS refuses the task.
 * @param planned what `planTaskRun` gave for the same request, when it was asked already
 */
export async function runTask(
  _request: TaskRunRequest,
  _session: AwsSession,
  _context: ActionContext,
  _planned?: TaskRunPlan,
): Promise<TaskRun> {
  throw new Error('not there yet');
}
