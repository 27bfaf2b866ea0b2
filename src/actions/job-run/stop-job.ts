import type { BatchJobOperations, SubmittedJob } from '../../aws/batch-jobs.ts';
import { DeployError } from '../../core/errors.ts';
import { attachCommand, terminateCommand, type Submission } from '../../plan/job-run/follow-up-commands.ts';

export type OnCancel = 'terminate' | 'detach';

/** What became of a job that is no longer waited for. */
export interface LeftJob {
  /** Ends a sentence about the job: `it was told to end`. */
  fate: string;
  hints: readonly string[];
}

/** Ends a job that is no longer waited for, or lets it run, as was chosen. Does not throw. */
export async function leaveJob(
  job: SubmittedJob,
  {
    onCancel,
    reason,
    submission,
    region,
  }: { onCancel: OnCancel; reason: string; submission: Submission; region: string },
  batch: BatchJobOperations,
): Promise<LeftJob> {
  const [attach, terminate] = [attachCommand(submission, region), terminateCommand(job.id, region)];
  if (onCancel === 'detach') {
    return { fate: 'it goes on', hints: [`To follow it again: ${attach}`, `To end it: ${terminate}`] };
  }
  try {
    // Ends a job in whatever state, so that nothing is lost when it starts just now.
    await batch.terminate(job.id, reason);
    return { fate: 'it was told to end', hints: [`To see how it ended: ${attach}`] };
  } catch (error) {
    const why = error instanceof DeployError ? error.title : String(error);
    return {
      fate: `it could not be ended and goes on (${why})`,
      hints: [`To end it: ${terminate}`, `To follow it again: ${attach}`],
    };
  }
}
