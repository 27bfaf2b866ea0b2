import type { TaskOperations } from '../../aws/ecs/tasks.ts';
import { errorName, isAmbiguous } from '../../aws/errors.ts';
import { DeployError, retold } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { findCommand } from '../../plan/task-run/follow-up-commands.ts';
import type { PlacementFailure } from '../../plan/task-run/placement-failure.ts';
import type { ActionContext } from '../context.ts';
import type { TaskRunPlan } from './plan-task-run.ts';

/** What a run consists of, and what AWS had no place for. */
export interface StartedTasks {
  arns: readonly string[];
  failures: readonly PlacementFailure[];
  /** False when an earlier run of the same step had started them. */
  isNew: boolean;
}

const MOST_ATTEMPTS = 4;

/** A task that was started a moment ago may not be listed yet: so often it is looked for, with these pauses before. */
const PAUSES_MS = [0, 1000, 3000];

/**
 * Starts tasks exactly once: when the answer is lost, they are looked for by who started them, and the call is repeated
 * with the same token, which AWS answers with the same tasks.
 */
export async function startOnce(
  tasks: TaskOperations,
  plan: Pick<TaskRunPlan, 'input' | 'key'>,
  region: string,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<StartedTasks> {
  const { input } = plan;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await tasks.run(input);
      return { arns: answer.tasks.map(({ arn }) => arn), failures: answer.failures, isNew: true };
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      if (errorName(error.cause) === 'ConflictException') {
        const known = tasksOfToken(error.cause);
        if (known.length === 0) throw usedKey(error, plan);
        progress.warn('An earlier run has used this idempotency key, with another request; following its task');
        return { arns: known, failures: [], isNew: false };
      }
      if (!isAmbiguous(error.cause)) throw error;
      progress.warn('The answer to RunTask was lost; looking whether the task was started');
      for (const pause of PAUSES_MS) {
        if (pause > 0) await clock.sleep(pause, signal);
        const found = await tasks.startedBy(input.cluster, input.startedBy).catch(() => []);
        if (found.length > 0) return { arns: found.map(({ arn }) => arn), failures: [], isNew: true };
      }
      if (attempt === MOST_ATTEMPTS) throw notKnown(error, plan, region);
    }
  }
}

/** The tasks that a token stands for, as AWS tells them when it comes with another request. */
function tasksOfToken(cause: unknown): string[] {
  const { resourceIds } = cause as { resourceIds?: unknown };
  return Array.isArray(resourceIds) ? resourceIds.filter((id) => typeof id === 'string') : [];
}

function usedKey({ message, cause }: DeployError, { key }: Pick<TaskRunPlan, 'key'>): DeployError {
  return new DeployError({
    code: 'ecs.key_used',
    title: `ECS has run something else under the idempotency key ${key}`,
    message,
    hints: ['Give another idempotency_key. Nothing was started now.'],
    exitCode: EXIT.awsApi,
    cause,
  });
}

function notKnown(
  error: DeployError,
  { input: { cluster, startedBy }, key }: Pick<TaskRunPlan, 'input' | 'key'>,
  region: string,
): DeployError {
  return retold(error, {
    hints: [
      ...error.hints,
      `Whether a task was started after all: ${findCommand(cluster, startedBy, region)}`,
      `To find it again, or start it, run the same with idempotency_key ${key}`,
    ],
  });
}
