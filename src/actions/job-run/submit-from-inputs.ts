import { randomUUID } from 'node:crypto';
import type { BatchJobOperations, QueueDescription, SubmittedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { RESERVED_PREFIX } from '../../plan/job-definition/container-checks.ts';
import { baseName, submittedName } from '../../plan/job-run/job-name.ts';
import { changesAsJson, jobRequest, type JobChanges, type JobRequest } from '../../plan/job-run/job-request.ts';
import { requestLines } from '../../plan/job-run/request-lines.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { SubmitInputs, SubmitOutputs } from '../submit-job.ts';
import { askedDefinition, chooseDefinition, type AskedDefinition, type ChosenDefinition } from './choose-definition.ts';
import { markVerified } from './mark-verified.ts';
import { followAndJudge, runJob, type FollowRequest, type JobRun } from './run-job.ts';
import { findJob, submitOnce } from './submit-once.ts';

/** The work of submit-job. */
export async function submitFromInputs(inputs: SubmitInputs, context: ActionContext): Promise<Outcome<SubmitOutputs>> {
  checkInputs(inputs);
  const { job, progress } = context;
  const asked = askedDefinition(inputs, await context.readRecord(inputs.record), context);
  const key = inputs.idempotencyKey ?? job.workflowJobId;
  const request = followRequest(inputs, asked, key ?? randomUUID());

  const session = await context.openSession(inputs);
  const batch = await session.batchJobs();
  const queue = await findQueue(batch, inputs.jobQueue, session);
  const existing = key === undefined ? undefined : await findJob(batch, request.name, inputs.jobQueue, context);
  const planned = existing ? undefined : await plan(asked, queue, request, session);
  if (inputs.dryRun) return dryRun(existing, planned, request, asked, context);

  const submit = async (): Promise<SubmittedJob> => {
    if (existing) progress.step(`Job ${request.name} was submitted before (${existing.id}); following it`);
    if (existing || !planned) return existing ?? notPlanned();
    progress.step(`Submitting ${request.name} to ${queue.name} with ${planned.definition.nameAndRevision}`);
    const submitted = await submitOnce(batch, planned.input, context);
    progress.info(`Submitted: ${submitted.id}`);
    return submitted;
  };
  return runJob(
    request,
    submit,
    async (submitted) => {
      const run = inputs.wait ? await followAndJudge(submitted, request, session, context) : undefined;
      const failure = run?.failure ?? (await verifyIfAsked(inputs, asked, planned?.definition, run, session, context));
      const kind = existing ? 'unchanged' : 'created';
      return {
        component: asked.name,
        status: 'changed',
        changes: [{ resource: submitted.arn, kind }],
        outputs: outputsOf(submitted, request.name, run, existing === undefined),
        ...(failure ? { failure } : {}),
      };
    },
    session,
    context,
  );
}

/** A second below is a flood of calls that AWS answers by refusing them. */
const SHORTEST_POLL_MS = 1000;

/** Throws (exit code 2) for what AWS would refuse, or what contradicts itself. */
function checkInputs({ environment, pollInterval, markVerified: mark, wait }: SubmitInputs): void {
  const reserved = Object.keys(environment ?? {}).find((name) => name.startsWith(RESERVED_PREFIX));
  if (reserved !== undefined) {
    throw badArgument(`environment must not set ${reserved}`, [
      `Names that begin with ${RESERVED_PREFIX} belong to AWS Batch itself.`,
    ]);
  }
  if (pollInterval < SHORTEST_POLL_MS) throw badArgument('poll_interval must be at least 1s');
  if (mark && !wait) {
    throw badArgument('mark_verified needs wait', ['Only a job that was seen to succeed proves its revision.']);
  }
}

function followRequest(inputs: SubmitInputs, asked: AskedDefinition, key: string): FollowRequest {
  const changes: JobChanges = {
    container: inputs.container,
    command: inputs.command,
    environment: inputs.environment,
    parameters: inputs.parameters,
    arraySize: inputs.arraySize,
    shareIdentifier: inputs.shareIdentifier,
  };
  const base = inputs.jobName ?? baseName(asked.name);
  // The parameter, and not what the record says: it is what a person would have to type to find the job again.
  const { name: definitionName, revision } = asked;
  const definition = revision === undefined ? definitionName : `${definitionName}:${revision}`;
  return {
    name: submittedName(base, { key, definition, queue: inputs.jobQueue, request: changesAsJson(changes) }),
    submission: { definitionName, revision, queue: inputs.jobQueue, baseName: base, key, changes },
    limits: { timeout: inputs.timeout, runnableTimeout: inputs.runnableTimeout },
    pollInterval: inputs.pollInterval,
    onCancel: inputs.onCancel,
  };
}

/** Throws (exit code 5) when there is no such queue. */
async function findQueue(batch: BatchJobOperations, name: string, session: AwsSession): Promise<QueueDescription> {
  const queue = await batch.queue(name);
  if (queue) return queue;
  throw new DeployError({
    code: 'batch.queue_not_found',
    title: `there is no job queue ${name}`,
    message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
    hints: ['Check job_queue and the region ("aws batch describe-job-queues" lists them). Nothing was submitted.'],
    exitCode: EXIT.notFound,
  });
}

interface Planned {
  definition: ChosenDefinition;
  /** Of SubmitJob. */
  input: JobRequest;
}

/** What is to be submitted. Throws when the queue takes no jobs, or the definition can't be used. */
async function plan(
  asked: AskedDefinition,
  queue: QueueDescription,
  { name: jobName, submission }: FollowRequest,
  session: AwsSession,
): Promise<Planned> {
  const definition = await chooseDefinition(asked, session);
  if (!queue.enabled) throw queueDisabled(queue);
  const identity = { jobName, jobQueue: submission.queue, jobDefinition: definition.nameAndRevision };
  return { definition, input: jobRequest(identity, definition.described, submission.changes) };
}

function queueDisabled({ name, statusReason }: QueueDescription): DeployError {
  return new DeployError({
    code: 'batch.queue_disabled',
    title: `job queue ${name} is DISABLED and takes no jobs`,
    ...(statusReason ? { message: statusReason } : {}),
    hints: [
      'Enable it ("aws batch update-job-queue --state ENABLED"), or give another job_queue. Nothing was submitted.',
    ],
    exitCode: EXIT.awsApi,
  });
}

function notPlanned(): never {
  throw new Error('a job that does not exist was not planned');
}

function dryRun(
  existing: SubmittedJob | undefined,
  planned: Planned | undefined,
  { name }: FollowRequest,
  asked: AskedDefinition,
  { progress }: ActionContext,
): Outcome<SubmitOutputs> {
  const lines = planned ? requestLines(planned.input) : [];
  progress.step(existing ? `Would follow job ${existing.id}, which was submitted before` : `Would submit ${name}`);
  for (const line of lines) progress.info(`  ${line}`);
  const kind = existing ? 'unchanged' : 'created';
  return {
    component: asked.name,
    status: 'planned',
    changes: [{ resource: existing?.arn ?? name, kind, diff: lines.map((line) => `+ ${line}`) }],
    outputs: { jobName: name, jobId: existing?.id, jobArn: existing?.arn },
  };
}

async function verifyIfAsked(
  inputs: SubmitInputs,
  asked: AskedDefinition,
  chosen: ChosenDefinition | undefined,
  run: JobRun | undefined,
  session: AwsSession,
  context: ActionContext,
): Promise<DeployError | undefined> {
  if (!inputs.markVerified || !run?.job || !run.verdict?.succeeded) return undefined;
  const expected =
    chosen?.nameAndRevision ?? (asked.revision === undefined ? undefined : `${asked.name}:${asked.revision}`);
  return markVerified(run.job, expected, await session.batch(), context);
}

function outputsOf(
  { id, arn }: SubmittedJob,
  jobName: string,
  run: JobRun | undefined,
  isNew: boolean,
): Outcome<SubmitOutputs>['outputs'] {
  return {
    jobId: id,
    jobArn: arn,
    jobName,
    jobStatus: run ? run.job?.status : isNew ? 'SUBMITTED' : undefined,
    exitCode: run?.verdict?.exitCode,
    attempts: run?.verdict?.attempts,
    queuedSeconds: run?.verdict?.queuedSeconds,
    runSeconds: run?.verdict?.runSeconds,
    logLink: run?.logLink,
    failedIndexes: run?.failedIndexes?.map(String),
  };
}
