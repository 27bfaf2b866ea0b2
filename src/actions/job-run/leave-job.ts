import type { SubmittedJob } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { attachCommand, terminateCommand } from '../../plan/job-run/follow-up-commands.ts';
import type { JobDescription } from '../../plan/job-run/job-description.ts';
import type { Cancelable } from '../waiting/finish-when-canceled.ts';
import type { JobRunRequest } from './job-run-request.ts';

/** What became of a job that is no longer waited for. */
export interface LeftJob {
  /** Ends a sentence about the job: `it was told to end`. */
  fate: string;
  hints: readonly string[];
}

/** What the reasons begin with that AWS keeps of jobs which were ended here. */
const OUR_REASON = 'aws-deploy: ';

/** Whether a job was ended because it was no longer waited for. */
export function wasEndedByUs({ status, statusReason }: JobDescription): boolean {
  return status === 'FAILED' && (statusReason ?? '').startsWith(OUR_REASON);
}

/** Ends a job that is no longer waited for, or lets it run, as was chosen. Does not reject. */
export async function leaveJob(
  job: SubmittedJob,
  reason: string,
  { onCancel, submission }: Pick<JobRunRequest, 'onCancel' | 'submission'>,
  session: AwsSession,
): Promise<LeftJob> {
  const attach = attachCommand(submission, session.region);
  const goesOn = goesOnHints(job, submission, session);
  if (onCancel === 'detach') return { fate: 'it goes on', hints: goesOn };
  try {
    // Ends a job in whatever state: CancelJob would do nothing to one that starts just now.
    await (await session.batchJobs()).terminate(job.id, `${OUR_REASON}${reason}`);
    return { fate: 'it was told to end', hints: [`To see how it ended: ${attach}`] };
  } catch (error) {
    const why = error instanceof DeployError ? error.title : String(error);
    return { fate: `it could not be ended and goes on (${why})`, hints: goesOn };
  }
}

/** A job that is submitted, for a cancel that comes meanwhile. */
export function cancelableJob(request: JobRunRequest, session: AwsSession): Cancelable<SubmittedJob> {
  const { name, submission } = request;
  return {
    before: 'canceled before a job was submitted',
    async find() {
      const [found] = await (await session.batchJobs()).jobsCalled(name, submission.queue);
      return found;
    },
    async leave(job) {
      const { fate, hints } = await leaveJob(job, 'the step that waits for it was canceled', request, session);
      return { title: `canceled; job ${name}: ${fate}`, hints };
    },
  };
}

/** What to type to go on with a job that was left alone. */
export function goesOnHints(
  { id }: SubmittedJob,
  submission: JobRunRequest['submission'],
  { region }: AwsSession,
): string[] {
  return [`To follow it again: ${attachCommand(submission, region)}`, `To end it: ${terminateCommand(id, region)}`];
}
