import { durationText } from '../../core/duration-text.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { stateText } from '../../plan/job-run/progress-text.ts';
import { waitingReason, type WaitingReason } from '../../plan/job-run/waiting-reason.ts';
import type { Followed } from './follow-job.ts';
import type { LeftJob } from './leave-job.ts';

/** The time was over before the job: exit code 8. */
export function jobTimeout({ job, waited, limit }: Followed, name: string, left: LeftJob): DeployError {
  const isNotStarted = limit === 'runnableTimeout';
  const [did, time] = isNotStarted ? ['start', waited.idle] : ['end', waited.total];
  const reason = job?.statusReason === undefined ? undefined : waitingReason(job.statusReason);
  return new DeployError({
    code: isNotStarted ? 'batch.job_not_started' : 'batch.job_timeout',
    title: `job ${name} did not ${did} in ${durationText(time)}: it is ${job ? stateText(job) : 'not to be seen'}`,
    message: `${why(reason, isNotStarted)}\nThe time is over, and ${left.fate}.`,
    hints: [
      ...(reason?.todo ? [reason.todo] : []),
      `To wait longer, raise ${isNotStarted ? 'runnable_timeout' : 'timeout'}.`,
      ...left.hints,
    ],
    exitCode: EXIT.timedOut,
  });
}

function why(reason: WaitingReason | undefined, isNotStarted: boolean): string {
  if (reason) return `AWS says: ${reason.reason}${reason.means ? `; that is, ${reason.means}` : ''}.`;
  if (!isNotStarted) return 'It was still at work.';
  return 'AWS gives no reason. The queue may be full, or its compute environments disabled or too small.';
}
