import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { lastLinesOf } from '../../plan/failure-text.ts';
import { failuresText, type FailedChild } from '../../plan/job-run/array-failures.ts';
import { failureHints } from '../../plan/job-run/failure-reason.ts';
import { decisiveContainer, endText, type JobDescription } from '../../plan/job-run/job-description.ts';

export interface FailureParts {
  job: JobDescription;
  /** Of an array; empty otherwise. */
  failedChildren: readonly FailedChild[];
  lastLines: readonly string[];
  logLink: string | undefined;
}

/** A job that failed, told so that nobody has to look elsewhere: exit code 10. */
export function jobFailure({ job, failedChildren, lastLines, logLink }: FailureParts): DeployError {
  const ends = job.attempts.map(({ containers, statusReason }) => endText(containers, statusReason));
  const last = job.array
    ? `${failedChildren.length} of ${job.array.size} children failed`
    : (decisiveText(job) ?? job.statusReason ?? 'no reason given');
  const children = failuresText(failedChildren).map((line) => `  ${line}`);
  const message = [
    ...(job.statusReason ? [`Reason: ${job.statusReason}`] : []),
    ...(ends.length > 1
      ? ends.map((end, index) => `Attempt ${index + 1}: ${end}`)
      : ends.map((end) => `Ended: ${end}`)),
    ...(children.length > 0 ? ['Failed indexes:', ...children] : []),
    ...lastLinesOf('the log', lastLines),
  ].join('\n');
  return new DeployError({
    code: 'batch.job_failed',
    title: `job ${job.name} failed: ${last}`,
    message: message || 'AWS gives no reason.',
    hints: [...failureHints(reasonsOf(job, failedChildren)), ...(logLink ? [`The whole log: ${logLink}`] : [])],
    exitCode: EXIT.failedNotRolledBack,
  });
}

function decisiveText(job: JobDescription): string | undefined {
  const { exitCode, reason } = decisiveContainer(job.attempts.at(-1)?.containers ?? job.containers) ?? {};
  return exitCode === undefined ? reason : `exit code ${exitCode}`;
}

function reasonsOf(job: JobDescription, children: readonly FailedChild[]): (string | undefined)[] {
  const containers = [...job.attempts.flatMap((attempt) => attempt.containers), ...job.containers];
  return [
    job.statusReason,
    ...job.attempts.map(({ statusReason }) => statusReason),
    ...containers.map(({ reason }) => reason),
    ...children.map(({ reason }) => reason),
  ];
}
