import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import { namesSecret } from '../../core/redact.ts';
import type { Change } from '../../core/result.ts';
import type { OutputValues } from '../../params/declaration.ts';
import { secretValues } from '../../plan/task-definition/secret-values.ts';
import { overriddenVariables } from '../../plan/task-run/overrides.ts';
import type { ActionContext } from '../context.ts';
import type { RunTaskOutputs } from '../run-task.ts';
import { finishWhenCanceled } from '../waiting/finish-when-canceled.ts';
import { judgeRun, type JudgedRun } from './judge-run.ts';
import { cancelableTasks } from './leave-tasks.ts';
import { planTaskRun, type TaskRunPlan } from './plan-task-run.ts';
import { startOnce, type StartedTasks } from './start-once.ts';
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
  return finishWhenCanceled(cancelableTasks(request.onCancel, plan, session), context, async (begun) => {
    const started = await begun(start(plan, session, context));
    return taskRun(plan, started, await judgeRun(plan, started, request, session, context));
  });
}

/** Values of the variables of the definition and of the run whose names say secret: a task may write them. */
function secretsOf({ definition, input: { overrides } }: TaskRunPlan): string[] {
  const given = overriddenVariables(overrides).flatMap(([name, value]) => (namesSecret(name) ? [value] : []));
  return [...secretValues(definition), ...given];
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
