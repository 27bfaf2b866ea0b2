import type { BatchJobOperations, SubmittedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { within } from '../../core/within.ts';
import type { FailedChild } from '../../plan/job-run/array-failures.ts';
import { attachCommand, terminateCommand, type Submission } from '../../plan/job-run/follow-up-commands.ts';
import type { JobDescription } from '../../plan/job-run/job-description.ts';
import { logLink } from '../../plan/job-run/log-link.ts';
import type { Limits } from '../../plan/job-run/patience.ts';
import { judge, type JobVerdict } from '../../plan/job-run/verdict.ts';
import type { ActionContext } from '../context.ts';
import { followJob, type Followed } from './follow-job.ts';
import { LogFollower } from './follow-log.ts';
import { jobFailure } from './job-failure.ts';
import { leaveJob, type LeftJob, type OnCancel } from './stop-job.ts';
import { canceled, timedOut } from './unfinished.ts';

/** How a job is followed. */
export interface FollowRequest {
  name: string;
  submission: Submission;
  limits: Limits;
  /** Milliseconds. */
  pollInterval: number;
  onCancel: OnCancel;
}

/** What a job that was followed came to. */
export interface JobRun {
  job: JobDescription | undefined;
  verdict: JobVerdict | undefined;
  logLink: string | undefined;
  failedIndexes: readonly number[] | undefined;
  /** Undefined when the job succeeded. */
  failure: DeployError | undefined;
}

/** A submission that is under way may still reach AWS. */
const SUBMISSION_MS = 3000;

/**
 * Submits a job, or finds one, and follows it to its end if that is wanted. When the step is canceled meanwhile, the job
 * is ended or left, as was chosen, before the process goes.
 * @param submit gives the job; it is called once
 */
export async function runJob<T>(
  request: FollowRequest,
  submit: () => Promise<SubmittedJob>,
  then: (job: SubmittedJob) => Promise<T>,
  session: AwsSession,
  context: ActionContext,
): Promise<T> {
  const batch = await session.batchJobs();
  let submitting: Promise<SubmittedJob> | undefined;
  const done = context.whenCanceled(async () => {
    const job = submitting && (await submittedYet(submitting, request, batch));
    return canceled(
      job,
      job && (await leave(job, 'the CircleCI step that waits for it was canceled', request, session, batch)),
    );
  });
  try {
    submitting = submit();
    return await then(await submitting);
  } finally {
    // After a cancel it is what the run ends with.
    if (!context.signal.aborted) done();
  }
}

/** The answer to a submission that is under way; when it does not come, the job is looked for. */
async function submittedYet(
  submitting: Promise<SubmittedJob>,
  { name, submission }: FollowRequest,
  batch: BatchJobOperations,
): Promise<SubmittedJob | undefined> {
  const submitted = await within(
    SUBMISSION_MS,
    submitting.catch(() => undefined),
  );
  if (submitted) return submitted;
  const [found] = await batch.jobsCalled(name, submission.queue).catch(() => []);
  return found;
}

/** Follows a job and judges it. */
export async function followAndJudge(
  submitted: SubmittedJob,
  request: FollowRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JobRun> {
  const log = new LogFollower(session, context.progress);
  const { limits, pollInterval, submission } = request;
  const wait = { jobId: submitted.id, queue: submission.queue, limits, pollInterval };
  const followed = await followJob(wait, log, session, context).catch((error: unknown) =>
    lostSight(error, submitted, request, session),
  );
  if (followed instanceof DeployError) return { ...UNKNOWN, failure: followed };
  const verdict = followed.job && judge(followed.job);
  if (!followed.job || !verdict) return unfinished(followed, submitted, request, session, log);
  const { job } = followed;
  const failedChildren = job.array && !verdict.succeeded ? await readFailedChildren(job, log, session, context) : [];
  const link = linkOf(log, session);
  return {
    job,
    verdict,
    logLink: link,
    failedIndexes: job.array && failedChildren.map(({ index }) => index),
    failure: verdict.succeeded
      ? undefined
      : jobFailure({ job, failedChildren, lastLines: log.lastLines, logLink: link }),
  };
}

const UNKNOWN: Omit<JobRun, 'failure'> = {
  job: undefined,
  verdict: undefined,
  logLink: undefined,
  failedIndexes: undefined,
};

/** A job that can't be seen any more goes on, and somebody has to know that. */
function lostSight(
  error: unknown,
  { id }: SubmittedJob,
  { submission }: FollowRequest,
  { region }: AwsSession,
): DeployError {
  if (!(error instanceof DeployError)) throw error;
  const { code, title, message, hints, exitCode, cause } = error;
  const goesOn = [
    `The job ${id} was left as it is. To follow it again: ${attachCommand(submission, region)}`,
    `To end it: ${terminateCommand(id, region)}`,
  ];
  return new DeployError({ code, title, message, exitCode, cause, hints: [...hints, ...goesOn] });
}

async function unfinished(
  followed: Followed,
  submitted: SubmittedJob,
  request: FollowRequest,
  session: AwsSession,
  log: LogFollower,
): Promise<JobRun> {
  const left = await leave(
    submitted,
    'aws-deploy waited as long as it may',
    request,
    session,
    await session.batchJobs(),
  );
  return {
    job: followed.job,
    verdict: undefined,
    logLink: linkOf(log, session),
    failedIndexes: undefined,
    failure: timedOut(followed, submitted, left),
  };
}

function leave(
  job: SubmittedJob,
  reason: string,
  { onCancel, submission }: FollowRequest,
  { region }: AwsSession,
  batch: BatchJobOperations,
): Promise<LeftJob> {
  return leaveJob(job, { onCancel, reason: `aws-deploy: ${reason}`, submission, region }, batch);
}

/** Which children failed and why, and the log of the first of them. */
async function readFailedChildren(
  { id }: JobDescription,
  log: LogFollower,
  session: AwsSession,
  { progress }: ActionContext,
): Promise<FailedChild[]> {
  const batch = await session.batchJobs();
  const children = await batch.failedChildren(id);
  const [first] = children;
  const child = first && (await batch.describe(first.jobId).catch(() => undefined));
  if (child) {
    progress.step(`The log of index ${first.index}, the first that failed`);
    await log.show(child);
    log.sayMissing();
  }
  return children;
}

function linkOf({ lastStream }: LogFollower, session: AwsSession): string | undefined {
  return lastStream && logLink({ ...lastStream, region: lastStream.region ?? session.region });
}
