import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { jobRequest, type JobChanges } from '../../plan/job-run/job-request.ts';
import type { ActionContext } from '../context.ts';
import { checkEnvironmentNames } from '../job-definition/register.ts';
import { jobRunRequest, type JobRunRequest } from '../job-run/job-run-request.ts';
import { wasEndedByUs } from '../job-run/leave-job.ts';
import { checkJobQueue } from '../job-run/plan-job.ts';
import { runJob, type JobRun } from '../job-run/run-job.ts';
import type { ReleaseInputs } from '../release-batch-job.ts';

/** A second below is a flood of calls that AWS answers by refusing them. */
const SHORTEST_POLL_MS = 1000;

/** Throws (exit code 2) when a smoke test is asked for and can't be made. */
export function checkSmokeInputs({ smokeTest, smokeEnvironment, jobQueue, pollInterval }: ReleaseInputs): void {
  if (!smokeTest) {
    if (smokeEnvironment !== undefined) throw badArgument('smoke_environment is for smoke_test, which is off');
    return;
  }
  if (jobQueue === undefined) {
    throw badArgument('smoke_test needs job_queue', ['Give the queue in which the new revision is to run once.']);
  }
  checkEnvironmentNames(smokeEnvironment, 'smoke_environment');
  if (pollInterval < SHORTEST_POLL_MS) throw badArgument('poll_interval must be at least 1s');
}

/**
 * Finds out before anything is changed that the smoke test can be submitted: its queue is there and takes jobs (exit codes
 * 5 and 4), and its environment has a container and is not too large (2).
 * @param base what is released, before the changes
 */
export async function checkSmokeTest(
  name: string,
  base: JsonObject,
  inputs: ReleaseInputs,
  session: AwsSession,
): Promise<void> {
  const { smokeTest, jobQueue } = inputs;
  if (!smokeTest || jobQueue === undefined) return;
  jobRequest({ jobName: name, jobQueue, jobDefinition: name }, base, changesOf(inputs));
  await checkJobQueue(jobQueue, session);
}

/**
 * Runs a revision once. A job that an earlier run of the same step has submitted is followed; one that such a run ended,
 * because it was canceled itself, says nothing about the revision, so that another one is run.
 */
export async function runSmokeTest(
  asked: { name: string; revision: number | undefined },
  inputs: ReleaseInputs,
  queue: string,
  session: AwsSession,
  context: ActionContext,
): Promise<JobRun> {
  const key = context.job.workflowJobId;
  for (let count = 1; ; count++) {
    const own = key === undefined || count === 1 ? key : `${key} ${count}`;
    const request = smokeRequest(asked, inputs, queue, own);
    const run = await runJob(request, { wait: true, markVerified: true }, session, context);
    // After a cancel a job ends because it was told to; nothing is to be concluded from that.
    context.signal.throwIfAborted();
    if (run.isNew || !run.judged?.job || !wasEndedByUs(run.judged.job)) return run;
    context.progress.info('That job was ended by an earlier run of this step, and proves nothing; running another');
  }
}

function smokeRequest(
  asked: { name: string; revision: number | undefined },
  inputs: ReleaseInputs,
  queue: string,
  key: string | undefined,
): JobRunRequest {
  return jobRunRequest({
    asked,
    queue,
    jobName: undefined,
    key,
    changes: changesOf(inputs),
    limits: { timeout: inputs.smokeTimeout, runnableTimeout: inputs.runnableTimeout },
    pollInterval: inputs.pollInterval,
    onCancel: 'terminate',
  });
}

function changesOf({ container, smokeEnvironment: environment }: ReleaseInputs): JobChanges {
  return {
    container,
    command: undefined,
    environment,
    parameters: undefined,
    arraySize: undefined,
    shareIdentifier: undefined,
  };
}
