import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import { judgeTaskRun, taskProblems } from '../../plan/task-run/verdict.ts';
import type { ActionContext } from '../context.ts';
import { LogFollower } from '../job-run/follow-log.ts';
import { followTasks, type FollowedTasks } from './follow-tasks.ts';
import { goesOnHints, leaveTasks } from './leave-tasks.ts';
import type { TaskRunPlan } from './plan-task-run.ts';
import type { StartedTasks } from './start-once.ts';
import { notStarted, partlyStarted, taskFailure, taskTimeout } from './task-failure.ts';
import type { TaskRunRequest } from './task-run-request.ts';

/** What of a run is known when it is no longer waited for. */
export interface JudgedRun {
  /** GOING when it was not seen to end. */
  status: 'SUCCEEDED' | 'FAILED' | 'GOING';
  /** Of the container that counts: the first that is not 0. */
  exitCode?: number | undefined;
  stoppedReason?: string | undefined;
  logLink?: string | undefined;
  /** Undefined when all that was asked for was reached. */
  failure: DeployError | undefined;
}

/** Follows tasks to their end, or as long as they may take, and judges them; without waiting, how they were started. */
export async function judgeRun(
  plan: TaskRunPlan,
  started: StartedTasks,
  request: TaskRunRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedRun> {
  const { arns, failures } = started;
  if (arns.length === 0) return { status: 'FAILED', failure: notStarted(plan.family, failures) };
  if (!request.wait) return { status: 'GOING', failure: notAll(plan, started, request) };
  const log = new LogFollower(session, context.progress, 'task');
  let followed: FollowedTasks;
  try {
    followed = await followTasks(arns, plan, request, log, session, context);
  } catch (error) {
    return { status: 'GOING', logLink: log.link, failure: lostSight(error, arns, plan, session) };
  }
  if (followed.isOver) return ended(followed, plan, started, request, log);
  const left = await leaveTasks(followed.going, 'its time is over', request.onTimeout, plan, session);
  return { status: 'GOING', logLink: log.link, failure: taskTimeout(plan.family, followed, left) };
}

function notAll(
  { family }: TaskRunPlan,
  { arns, failures }: StartedTasks,
  { count: wanted = 1 }: TaskRunRequest,
): DeployError | undefined {
  return arns.length < wanted ? partlyStarted(family, { started: arns.length, wanted }, failures) : undefined;
}

function ended(
  { tasks }: FollowedTasks,
  { family, container }: TaskRunPlan,
  { failures }: StartedTasks,
  { count: wanted = 1 }: TaskRunRequest,
  log: LogFollower,
): JudgedRun {
  const verdict = judgeTaskRun({ wanted, failures, tasks, deciding: [container] });
  const isSuccess = verdict.state === 'SUCCEEDED';
  const parts = { family, wanted, verdict, failures, lastLines: log.lastLines, logLink: log.link };
  const failed = tasks.find((task) => taskProblems(task, [container]).length > 0);
  return {
    status: isSuccess ? 'SUCCEEDED' : 'FAILED',
    exitCode: verdict.exitCode,
    stoppedReason: (failed ?? tasks[0])?.stoppedReason,
    logLink: log.link,
    failure: isSuccess ? undefined : taskFailure(parts),
  };
}

/** A task that can't be seen any more goes on, and somebody has to know that. */
function lostSight(error: unknown, arns: readonly string[], plan: TaskRunPlan, session: AwsSession): DeployError {
  if (!(error instanceof DeployError)) throw error;
  const left = arns.length === 1 ? 'The task was left as it is.' : 'The tasks were left as they are.';
  return retold(error, { hints: [...error.hints, left, ...goesOnHints(arns, plan, session)] });
}
