import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { namesSecret } from '../../core/redact.ts';
import type { Change } from '../../core/result.ts';
import type { OutputValues } from '../../params/declaration.ts';
import { logLink } from '../../plan/job-run/log-link.ts';
import { overriddenVariables } from '../../plan/task-run/overrides.ts';
import { judgeTaskRun, taskProblems } from '../../plan/task-run/verdict.ts';
import type { ActionContext } from '../context.ts';
import { LogFollower } from '../job-run/follow-log.ts';
import type { RunTaskOutputs } from '../run-task.ts';
import { finishWhenCanceled } from './cancel-run.ts';
import { followTasks, type FollowedTasks } from './follow-tasks.ts';
import { goesOnHints, leaveTasks } from './leave-tasks.ts';
import { planTaskRun, type TaskRunPlan } from './plan-task-run.ts';
import { startOnce, type StartedTasks } from './start-once.ts';
import { notStarted, partlyStarted, taskFailure, taskTimeout } from './task-failure.ts';
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
  request: TaskRunRequest,
  session: AwsSession,
  context: ActionContext,
  planned?: TaskRunPlan,
): Promise<TaskRun> {
  const plan = planned ?? (await planTaskRun(request, session));
  context.hide(secretsOf(plan));
  return finishWhenCanceled(request, plan, session, context, async (begun) => {
    const started = await begun(start(plan, session, context));
    return taskRun(plan, started, await judge(plan, started, request, session, context));
  });
}

/** Values of the variables that are set for the run and whose names say secret: a task may write them. */
function secretsOf({ input: { overrides } }: TaskRunPlan): string[] {
  return overriddenVariables(overrides).flatMap(([name, value]) => (namesSecret(name) ? [value] : []));
}

async function start(plan: TaskRunPlan, session: AwsSession, context: ActionContext): Promise<StartedTasks> {
  const { progress } = context;
  const { running, input } = plan;
  if (running.length > 0) {
    const arns = running.map(({ arn }) => arn);
    progress.step(`Task ${plan.family} was started before (${arns.map(idOf).join(', ')}); following it`);
    return { arns, failures: [], isNew: false };
  }
  progress.step(`Running ${revisionOf(plan)} in ${input.cluster}`);
  const started = await startOnce(ecsOf(session).tasks, plan, session.region, context);
  if (started.arns.length > 0) progress.info(`Started: ${started.arns.map(idOf).join(', ')}`);
  return started;
}

/** What of a run is known when it is no longer waited for. */
interface JudgedRun {
  status: 'SUCCEEDED' | 'FAILED' | 'GOING';
  exitCode?: number | undefined;
  stoppedReason?: string | undefined;
  logLink?: string | undefined;
  failure: DeployError | undefined;
}

async function judge(
  plan: TaskRunPlan,
  started: StartedTasks,
  request: TaskRunRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedRun> {
  const { family } = plan;
  const { arns, failures } = started;
  const wanted = request.count ?? 1;
  if (arns.length === 0) return { status: 'FAILED', failure: notStarted(family, failures) };
  if (!request.wait) {
    const isPart = arns.length < wanted;
    const failure = isPart ? partlyStarted(family, { started: arns.length, wanted }, failures) : undefined;
    return { status: 'GOING', failure };
  }
  const log = new LogFollower(session, context.progress, 'task');
  let followed: FollowedTasks;
  try {
    followed = await followTasks(arns, plan, request, log, session, context);
  } catch (error) {
    return { status: 'GOING', logLink: linkOf(log, session), failure: lostSight(error, arns, plan, session) };
  }
  const link = linkOf(log, session);
  const { tasks, isOver } = followed;
  if (!isOver) {
    const going = arns.filter((arn) => !tasks.some((task) => task.arn === arn && task.lastStatus === 'STOPPED'));
    const left = await leaveTasks(going, 'its time is over', request.onTimeout, plan, session);
    return { status: 'GOING', logLink: link, failure: taskTimeout(family, followed, left) };
  }
  const verdict = judgeTaskRun({ wanted, failures, tasks, deciding: [plan.container] });
  const isSuccess = verdict.state === 'SUCCEEDED';
  const parts = { family, wanted, verdict, failures, lastLines: log.lastLines, logLink: link };
  const failed = tasks.find((task) => taskProblems(task, [plan.container]).length > 0);
  return {
    status: isSuccess ? 'SUCCEEDED' : 'FAILED',
    exitCode: verdict.exitCode,
    stoppedReason: (failed ?? tasks[0])?.stoppedReason,
    logLink: link,
    failure: isSuccess ? undefined : taskFailure(parts),
  };
}

/** A task that can't be seen any more goes on, and somebody has to know that. */
function lostSight(error: unknown, arns: readonly string[], plan: TaskRunPlan, session: AwsSession): DeployError {
  if (!(error instanceof DeployError)) throw error;
  const { code, title, message, exitCode, cause } = error;
  const left = arns.length === 1 ? 'The task was left as it is.' : 'The tasks were left as they are.';
  const hints = [...error.hints, left, ...goesOnHints(arns, plan, session)];
  return new DeployError({ code, title, message, exitCode, cause, hints });
}

function taskRun(plan: TaskRunPlan, { arns, isNew }: StartedTasks, judged: JudgedRun): TaskRun {
  const taskDefinitionArn = plan.taskDefinitionArn ?? '';
  const { status, exitCode, stoppedReason, failure } = judged;
  return {
    taskArns: arns,
    taskDefinitionArn,
    exitCode,
    outputs: {
      taskArns: arns,
      taskDefinitionArn,
      taskStatus: status,
      exitCode,
      stoppedReason,
      logLink: judged.logLink,
    },
    changes: arns.map((resource) => ({ resource, kind: isNew ? 'created' : 'unchanged' })),
    failure,
  };
}

function revisionOf({ taskDefinitionArn, family }: TaskRunPlan): string {
  return taskDefinitionArn === undefined ? family : idOf(taskDefinitionArn);
}

function idOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}

function linkOf({ lastStream }: LogFollower, session: AwsSession): string | undefined {
  return lastStream && logLink({ ...lastStream, region: lastStream.region ?? session.region });
}
