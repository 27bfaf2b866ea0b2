import type { BatchOperations } from '../../aws/batch.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { newTag } from '../../plan/job-definition/our-tags.ts';
import type { JobDescription } from '../../plan/job-run/job-description.ts';
import type { ActionContext } from '../context.ts';

/**
 * Tags the revision that a job has proven. Gives the error when that can't be done: the job has succeeded all the same,
 * and what came of it is to be told.
 * @param expected `name:revision` that was to be proven; undefined: whichever the job ran
 */
export async function markVerified(
  job: JobDescription,
  expected: string | undefined,
  batch: BatchOperations,
  { clock, progress }: Pick<ActionContext, 'clock' | 'progress'>,
): Promise<DeployError | undefined> {
  const ran = job.definitionArn.split('/').at(-1);
  if (expected !== undefined && ran !== expected) return otherRevision(job, expected);
  const provenAt = job.stoppedAt === undefined ? clock.now() : new Date(job.stoppedAt);
  try {
    await batch.tagRevision(job.definitionArn, newTag('verified', provenAt.toISOString()));
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
  progress.info(`Revision ${ran} is verified`);
  return undefined;
}

function otherRevision({ id, definitionArn }: JobDescription, expected: string): DeployError {
  return new DeployError({
    code: 'batch.other_revision',
    title: `job ${id} succeeded, but it did not run ${expected}, so that this revision is not verified`,
    message: `It ran ${definitionArn}.`,
    hints: ['Run it again with another idempotency_key, so that a new job is submitted.'],
    exitCode: EXIT.failedNotRolledBack,
  });
}
