import type { BatchJobOperations, SubmittedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { within } from '../../core/within.ts';
import type { ActionContext } from '../context.ts';
import type { JobRunRequest } from './job-run-request.ts';
import { leaveJob } from './leave-job.ts';

/** A submission that is under way may still reach AWS. */
const SUBMISSION_MS = 3000;

/**
 * Does work with a job that it submits. When the action is canceled meanwhile, the job is ended or left, as was chosen,
 * also when the answer to its submission is still on the way.
 * @param work tells by `begun` that it submits
 */
export async function finishWhenCanceled<T>(
  request: JobRunRequest,
  session: AwsSession,
  context: ActionContext,
  work: (begun: (submitting: Promise<SubmittedJob>) => Promise<SubmittedJob>) => Promise<T>,
): Promise<T> {
  const batch = await session.batchJobs();
  let submitting: Promise<SubmittedJob> | undefined;
  const done = context.whenCanceled(async () => {
    const job = submitting && (await submittedYet(submitting, request, batch));
    if (!job) return canceled('canceled before a job was submitted', []);
    const left = await leaveJob(job, 'the step that waits for it was canceled', request, session);
    return canceled(`canceled; job ${request.name}: ${left.fate}`, left.hints);
  });
  try {
    return await work((begun) => (submitting = begun));
  } finally {
    // After a cancel it is what the run ends with.
    if (!context.signal.aborted) done();
  }
}

/** The job, when the answer comes in time, or when it is there without an answer. */
async function submittedYet(
  submitting: Promise<SubmittedJob>,
  { name, submission }: JobRunRequest,
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

function canceled(title: string, hints: readonly string[]): DeployError {
  return new DeployError({ code: 'canceled', title, hints, exitCode: EXIT.canceled });
}
