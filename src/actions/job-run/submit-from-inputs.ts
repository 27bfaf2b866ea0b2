import { badArgument } from '../../core/errors.ts';
import { RESERVED_PREFIX } from '../../plan/job-definition/container-checks.ts';
import { requestLines } from '../../plan/job-run/request-lines.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { SubmitInputs, SubmitOutputs } from '../submit-job.ts';
import { askedDefinition } from './choose-definition.ts';
import { jobRunRequest, type JobRunRequest } from './job-run-request.ts';
import { planJob, type JobPlan } from './plan-job.ts';
import { runJob, type JobRun } from './run-job.ts';

/** The work of submit-job. */
export async function submitFromInputs(inputs: SubmitInputs, context: ActionContext): Promise<Outcome<SubmitOutputs>> {
  checkInputs(inputs);
  const request = requestFrom(inputs, await context.readRecord(inputs.record), context);
  const session = await context.openSession(inputs);
  const plan = await planJob(request, session, context);
  if (inputs.dryRun) return dryRun(plan, request, context);
  const run = await runJob(request, inputs, session, context, plan);
  return {
    component: request.asked.name,
    status: 'changed',
    changes: [{ resource: run.submitted.arn, kind: run.isNew ? 'created' : 'unchanged' }],
    outputs: outputsOf(run, request.name),
    ...(run.failure ? { failure: run.failure } : {}),
  };
}

/** A second below is a flood of calls that AWS answers by refusing them. */
const SHORTEST_POLL_MS = 1000;

/** Throws (exit code 2) for what AWS would refuse, or what contradicts itself. */
function checkInputs({ environment, pollInterval, markVerified, wait }: SubmitInputs): void {
  const reserved = Object.keys(environment ?? {}).find((name) => name.startsWith(RESERVED_PREFIX));
  if (reserved !== undefined) {
    throw badArgument(`environment must not set ${reserved}`, [
      `Names that begin with ${RESERVED_PREFIX} belong to AWS Batch itself.`,
    ]);
  }
  if (pollInterval < SHORTEST_POLL_MS) throw badArgument('poll_interval must be at least 1s');
  if (markVerified && !wait) {
    throw badArgument('mark_verified needs wait', ['Only a job that was seen to succeed proves its revision.']);
  }
}

function requestFrom(
  inputs: SubmitInputs,
  record: Parameters<typeof askedDefinition>[1],
  context: ActionContext,
): JobRunRequest {
  const { container, command, environment, parameters, arraySize, shareIdentifier } = inputs;
  return jobRunRequest({
    asked: askedDefinition(inputs, record, context),
    queue: inputs.jobQueue,
    jobName: inputs.jobName,
    key: inputs.idempotencyKey ?? context.job.workflowJobId,
    changes: { container, command, environment, parameters, arraySize, shareIdentifier },
    limits: { timeout: inputs.timeout, runnableTimeout: inputs.runnableTimeout },
    pollInterval: inputs.pollInterval,
    onCancel: inputs.onCancel,
  });
}

function dryRun(plan: JobPlan, { asked, name }: JobRunRequest, { progress }: ActionContext): Outcome<SubmitOutputs> {
  const common = { component: asked.name, status: 'planned' } as const;
  if (plan.kind === 'follow') {
    const { id: jobId, arn: jobArn } = plan.job;
    progress.step(`Would follow job ${jobId}, which was submitted before`);
    return { ...common, changes: [{ resource: jobArn, kind: 'unchanged' }], outputs: { jobName: name, jobId, jobArn } };
  }
  const lines = requestLines(plan.input);
  progress.step(`Would submit ${name}`);
  for (const line of lines) progress.info(`  ${line}`);
  const diff = lines.map((line) => `+ ${line}`);
  return { ...common, changes: [{ resource: name, kind: 'created', diff }], outputs: { jobName: name } };
}

function outputsOf({ submitted, isNew, judged }: JobRun, jobName: string): Outcome<SubmitOutputs>['outputs'] {
  const { job, verdict, failedIndexes = [] } = judged ?? {};
  return {
    jobId: submitted.id,
    jobArn: submitted.arn,
    jobName,
    jobStatus: judged ? job?.status : isNew ? 'SUBMITTED' : undefined,
    exitCode: verdict?.exitCode,
    attempts: job?.array ? undefined : verdict?.attempts,
    queuedSeconds: verdict?.queuedSeconds,
    runSeconds: verdict?.runSeconds,
    logLink: judged?.logLink,
    failedIndexes: failedIndexes.length > 0 ? failedIndexes.map(String) : undefined,
  };
}
