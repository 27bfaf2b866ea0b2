import type { SubmittedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import type { FailedChild } from '../../plan/job-run/array-failures.ts';
import type { JobDescription } from '../../plan/job-run/job-description.ts';
import { judge, type JobVerdict } from '../../plan/job-run/verdict.ts';
import type { ActionContext } from '../context.ts';
import { followJob, type Followed } from './follow-job.ts';
import { LogFollower } from './follow-log.ts';
import { jobFailure } from './job-failure.ts';
import type { JobRunRequest } from './job-run-request.ts';
import { jobTimeout } from './job-timeout.ts';
import { goesOnHints, leaveJob } from './leave-job.ts';

/** What a job that was followed came to. */
export interface JudgedJob {
  /** As it was seen last; undefined when it could not be seen. */
  job: JobDescription | undefined;
  /** Undefined when it was not seen to end. */
  verdict: JobVerdict | undefined;
  logLink: string | undefined;
  /** Children of an array. */
  failedIndexes: readonly number[];
  /** Undefined when the job succeeded. */
  failure: DeployError | undefined;
}

/** Follows a job to its end, or as long as it may take, and judges it. */
export async function followAndJudge(
  submitted: SubmittedJob,
  request: JobRunRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedJob> {
  const log = new LogFollower(session, context.progress);
  let followed: Followed;
  try {
    followed = await followJob(submitted.id, request, log, session, context);
  } catch (error) {
    return { ...NOTHING_KNOWN, logLink: log.link, failure: lostSight(error, submitted, request, session) };
  }
  const { job } = followed;
  const verdict = job && judge(job);
  if (!job || !verdict) {
    const left = await leaveJob(submitted, 'its time is over', request, session);
    return { ...NOTHING_KNOWN, job, logLink: log.link, failure: jobTimeout(followed, request.name, left) };
  }
  const failedChildren = job.array && !verdict.succeeded ? await readFailedChildren(job, log, session, context) : [];
  return {
    job,
    verdict,
    logLink: log.link,
    failedIndexes: failedChildren.map(({ index }) => index),
    failure: verdict.succeeded
      ? undefined
      : jobFailure({ job, failedChildren, lastLines: log.lastLines, logLink: log.link }),
  };
}

const NOTHING_KNOWN = { job: undefined, verdict: undefined, failedIndexes: [] };

/** A job that can't be seen any more goes on, and somebody has to know that. */
function lostSight(error: unknown, job: SubmittedJob, { submission }: JobRunRequest, session: AwsSession): DeployError {
  if (!(error instanceof DeployError)) throw error;
  const left = `The job ${job.id} was left as it is.`;
  return retold(error, { hints: [...error.hints, left, ...goesOnHints(job, submission, session)] });
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
