import type { AwsSession } from '../../aws/session.ts';
import type { JsonObject } from '../../core/json.ts';
import type { TaskSnapshot } from '../../plan/rollout/observation.ts';
import type { TaskRunWish } from './task-run-request.ts';

/** What is to be done for a task. */
export interface TaskRunPlan {
  /** Of an earlier run of the same step; empty when they are to be started. */
  running: readonly TaskSnapshot[];
  family: string;
  /** What runs; undefined when it is not registered yet. */
  taskDefinitionArn: string | undefined;
  definition: JsonObject;
  /** Whose exit code counts. */
  container: string;
  /** Containers whose output is shown. */
  logs: readonly string[];
  /** The input of RunTask. */
  input: JsonObject & { cluster: string; startedBy: string; clientToken: string };
}

/**
 * What is to be done for a task, before anything is. Throws when cluster, service or task definition are not there (exit
 * code 5), or when it could not run as it is asked for (2).
 */
export async function planTaskRun(_wish: TaskRunWish, _session: AwsSession): Promise<TaskRunPlan> {
  throw new Error('not there yet');
}
