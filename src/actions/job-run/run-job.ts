import type { SubmittedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import type { ActionContext } from '../context.ts';
import { finishWhenCanceled } from '../waiting/finish-when-canceled.ts';
import { followAndJudge, type JudgedJob } from './follow-and-judge.ts';
import type { JobRunRequest } from './job-run-request.ts';
import { cancelableJob } from './leave-job.ts';
import { markVerified } from './mark-verified.ts';
import { planJob, type JobPlan } from './plan-job.ts';
import { submitOnce } from './submit-once.ts';

export interface JobRunOptions {
  /** Follow the job to its end. */
  wait: boolean;
  /** Tag the revision after success. */
  markVerified: boolean;
}

export interface JobRun {
  submitted: SubmittedJob;
  /** False when an earlier run of the same step had submitted it. */
  isNew: boolean;
  /** Undefined when it was not waited for. */
  judged: JudgedJob | undefined;
  /** Undefined when all that was asked for was reached. */
  failure: DeployError | undefined;
}

/**
 * Runs a job: submits it, or finds the one that an earlier run of the same step submitted, and follows it to its end.
 * When the action is canceled meanwhile, the job is ended or left, as was chosen, before the process goes.
 * @param planned what `planJob` gave, when it was asked already
 */
export async function runJob(
  request: JobRunRequest,
  options: JobRunOptions,
  session: AwsSession,
  context: ActionContext,
  planned?: JobPlan,
): Promise<JobRun> {
  const plan = planned ?? (await planJob(request, session, context));
  return finishWhenCanceled(cancelableJob(request, session), context, async (begun) => {
    const submitted = await begun(submit(plan, request, session, context));
    const isNew = plan.kind === 'submit';
    if (!options.wait) return { submitted, isNew, judged: undefined, failure: undefined };
    const judged = await followAndJudge(submitted, request, session, context);
    const failure =
      judged.failure ?? (options.markVerified ? await verify(judged, plan, request, session, context) : undefined);
    return { submitted, isNew, judged, failure };
  });
}

async function submit(
  plan: JobPlan,
  { name, submission }: JobRunRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<SubmittedJob> {
  const { progress } = context;
  if (plan.kind === 'follow') {
    progress.step(`Job ${name} was submitted before (${plan.job.id}); following it`);
    return plan.job;
  }
  progress.step(`Submitting ${name} to ${submission.queue} with ${plan.nameAndRevision}`);
  const submitted = await submitOnce(await session.batchJobs(), plan.input, context);
  progress.info(`Submitted: ${submitted.id}`);
  return submitted;
}

async function verify(
  { job }: JudgedJob,
  plan: JobPlan,
  { asked: { name, revision } }: JobRunRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<DeployError | undefined> {
  const wanted = revision === undefined ? undefined : `${name}:${revision}`;
  const expected = plan.kind === 'submit' ? plan.nameAndRevision : wanted;
  return job && markVerified(job, expected, await session.batch(), context);
}
