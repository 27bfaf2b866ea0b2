import type { RecordEntry } from '../../circleci/release-record.ts';
import { withoutValues } from '../../plan/task-run/overrides.ts';
import { requestLines } from '../../plan/job-run/request-lines.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RunTaskInputs, RunTaskOutputs } from '../run-task.ts';
import { checkTaskRunRequest } from './check-request.ts';
import { registeredRevision } from './choose-task-definition.ts';
import { planTaskRun, type TaskRunPlan } from './plan-task-run.ts';
import { runTask } from './run-task.ts';
import type { TaskRunRequest } from './task-run-request.ts';

/** The work of run-task. */
export async function runFromInputs(inputs: RunTaskInputs, context: ActionContext): Promise<Outcome<RunTaskOutputs>> {
  const request = requestFrom(inputs, await context.readRecord(inputs.record), context);
  await checkTaskRunRequest(request);
  const session = await context.openSession(inputs);
  const plan = await planTaskRun(request, session);
  if (inputs.dryRun) return dryRun(plan, context);
  const { outputs, changes, failure } = await runTask(request, session, context, plan);
  return { component: plan.family, status: 'changed', changes, outputs, ...(failure ? { failure } : {}) };
}

function requestFrom(inputs: RunTaskInputs, record: readonly RecordEntry[], context: ActionContext): TaskRunRequest {
  const { region: _region, expectedAccountId: _account, dryRun: _dryRun, record: _record, ...asked } = inputs;
  const { idempotencyKey, taskDefinition, ...request } = asked;
  return {
    ...request,
    taskDefinition: taskDefinition ?? registeredRevision(record, context),
    key: idempotencyKey ?? context.job.workflowJobId,
  };
}

function dryRun(plan: TaskRunPlan, { progress }: ActionContext): Outcome<RunTaskOutputs> {
  const { family, running, taskDefinitionArn } = plan;
  const common = { component: family, status: 'planned' } as const;
  if (running.length > 0) {
    const taskArns = running.map(({ arn }) => arn);
    progress.step(`Would follow ${taskArns.join(', ')}, which was started before`);
    const changes = taskArns.map((resource) => ({ resource, kind: 'unchanged' }) as const);
    return { ...common, changes, outputs: { taskArns, taskDefinitionArn } };
  }
  const lines = requestLines({ ...plan.input, overrides: withoutValues(plan.input.overrides) });
  progress.step(`Would run ${family}`);
  for (const line of lines) progress.info(`  ${line}`);
  const diff = lines.map((line) => `+ ${line}`);
  return { ...common, changes: [{ resource: family, kind: 'created', diff }], outputs: { taskDefinitionArn } };
}
