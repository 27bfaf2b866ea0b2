import type { SubmittedJob } from '../../aws/batch-jobs.ts';
import { durationText } from '../../core/duration-text.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { stateText } from '../../plan/job-run/progress-text.ts';
import { waitingReason } from '../../plan/job-run/waiting-reason.ts';
import type { Followed } from './follow-job.ts';
import type { LeftJob } from './stop-job.ts';

/** The time was over before the job: exit code 8. */
export function timedOut({ job, waited, limit }: Followed, { id }: SubmittedJob, left: LeftJob): DeployError {
  const state = job ? stateText(job) : 'not to be seen';
  const reason = job?.statusReason === undefined ? undefined : waitingReason(job.statusReason);
  const title =
    limit === 'runnableTimeout'
      ? `job ${id} did not start in ${durationText(waited.idle)}: it is ${state}`
      : `job ${id} did not end in ${durationText(waited.total)}: it is ${state}`;
  const why = reason
    ? `AWS says: ${reason.reason}${reason.means ? `; that is, ${reason.means}` : ''}.`
    : limit === 'runnableTimeout'
      ? 'AWS gives no reason. The queue may be full, or its compute environments disabled or too small.'
      : 'It was still at work.';
  return new DeployError({
    code: limit === 'runnableTimeout' ? 'batch.job_not_started' : 'batch.job_timeout',
    title,
    message: `${why}\nThe time is over, and ${left.fate}.`,
    hints: [
      ...(reason?.todo ? [reason.todo] : []),
      `To wait longer, raise ${limit === 'runnableTimeout' ? 'runnable_timeout' : 'timeout'}.`,
      ...left.hints,
    ],
    exitCode: EXIT.timedOut,
  });
}

/** The step was told to end: exit code 6. */
export function canceled(job: SubmittedJob | undefined, left: LeftJob | undefined): DeployError {
  return new DeployError({
    code: 'canceled',
    title: job && left ? `canceled; job ${job.id}: ${left.fate}` : 'canceled before a job was submitted',
    hints: left?.hints ?? [],
    exitCode: EXIT.canceled,
  });
}
