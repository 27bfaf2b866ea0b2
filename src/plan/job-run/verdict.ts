import { decisiveContainer, isFinished, type Attempt, type JobDescription } from './job-description.ts';

/** What a finished job came to. Times are in whole seconds. */
export interface JobVerdict {
  succeeded: boolean;
  /** Of the last attempt; undefined for arrays, and where no container ran. */
  exitCode: number | undefined;
  /** Attempts that were made; the parent of an array makes none of its own. */
  attempts: number;
  /** From the submission until something ran first. */
  queuedSeconds: number | undefined;
  /** The running times of all attempts together. */
  runSeconds: number | undefined;
}

/** Undefined as long as the job is not finished. */
export function judge(job: JobDescription): JobVerdict | undefined {
  if (!isFinished(job)) return undefined;
  const attempts = attemptsOf(job);
  const starts = [job.startedAt, ...attempts.map(({ startedAt }) => startedAt)].filter((time) => time !== undefined);
  const started = starts.length === 0 ? undefined : Math.min(...starts);
  return {
    succeeded: job.status === 'SUCCEEDED',
    exitCode: job.array ? undefined : decisiveContainer(attempts.at(-1)?.containers ?? job.containers)?.exitCode,
    attempts: attempts.length,
    queuedSeconds: seconds(job.createdAt, started),
    runSeconds:
      attempts.length === 0
        ? seconds(job.startedAt, job.stoppedAt)
        : sum(attempts.map(({ startedAt, stoppedAt }) => seconds(startedAt, stoppedAt))),
  };
}

/** An attempt that was ended before its container started is one too, if AWS lists it; a job that ran has at least one. */
function attemptsOf(job: JobDescription): readonly Attempt[] {
  if (job.attempts.length > 0 || job.array || job.startedAt === undefined) return job.attempts;
  const { startedAt, stoppedAt, statusReason, containers } = job;
  return [{ startedAt, stoppedAt, statusReason, containers }];
}

function seconds(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, Math.round((to - from) / 1000));
}

function sum(parts: readonly (number | undefined)[]): number | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, part) => total + part, 0);
}
