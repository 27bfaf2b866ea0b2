import type { BatchJobOperations, SubmittedJob } from '../../aws/batch-jobs.ts';
import { deployError, isAmbiguous } from '../../aws/errors.ts';
import type { JobRequest } from '../../plan/job-run/job-request.ts';
import type { ActionContext } from '../context.ts';

const MOST_ATTEMPTS = 4;

/** A job that was submitted a moment ago may not be listed yet: so often it is looked for, with these pauses before. */
const PAUSES_MS = [0, 1000, 3000];

/**
 * Submits a job exactly once, although SubmitJob has no token for that: when the connection broke or the server failed,
 * the job is looked for by its name, which no other job has, and the call is repeated only when it is not there.
 */
export async function submitOnce(
  batch: BatchJobOperations,
  request: JobRequest,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<SubmittedJob> {
  const { jobName, jobQueue } = request;
  for (let attempt = 1; ; attempt++) {
    try {
      return await batch.submit(request);
    } catch (error) {
      if (!isAmbiguous(error)) throw deployError(error, 'batch:SubmitJob', `${jobName} on ${jobQueue}`);
      progress.warn('The answer to SubmitJob was lost; looking whether the job exists');
      for (const pause of PAUSES_MS) {
        if (pause > 0) await clock.sleep(pause, signal);
        const found = await findJob(batch, jobName, jobQueue, { progress });
        if (found) return found;
      }
      if (attempt === MOST_ATTEMPTS) throw deployError(error, 'batch:SubmitJob', `${jobName} on ${jobQueue}`);
    }
  }
}

/** The job of that name, in whatever state; the newest when there are several. */
export async function findJob(
  batch: BatchJobOperations,
  name: string,
  queue: string,
  { progress }: Pick<ActionContext, 'progress'>,
): Promise<SubmittedJob | undefined> {
  const found = await batch.jobsCalled(name, queue);
  if (found.length > 1) {
    progress.warn(
      `There are ${found.length} jobs called ${name}: ${found.map(({ id }) => id).join(', ')}; the newest counts`,
    );
  }
  return found[0];
}
