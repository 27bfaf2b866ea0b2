import type { AwsSession } from '../../aws/session.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Change } from '../../core/result.ts';
import { isVerified } from '../../plan/job-definition/rollback.ts';
import type { ActionContext } from '../context.ts';
import type { ReleasedDefinition } from '../job-definition/release-definition.ts';
import { jobRunRequest } from '../job-run/job-run-request.ts';
import { checkJobQueue } from '../job-run/plan-job.ts';
import { runJob, type JobRun } from '../job-run/run-job.ts';
import type { ReleaseInputs } from '../release-batch-job.ts';
import { rollbackKey } from '../rollback/from-inputs.ts';
import { rollBack } from '../rollback/roll-back.ts';

type Released = ReleasedDefinition & { name: string };

export interface ReleaseProof {
  /** A job was run. */
  ran: boolean;
  changes: readonly Change[];
  outputs: { verified?: boolean; jobId?: string; exitCode?: number | undefined; logLink?: string | undefined };
  failure?: DeployError;
}

/** Throws (exit code 2) when a smoke test is asked for and can't be made. */
export function checkSmokeTest({ smokeTest, smokeEnvironment, jobQueue }: ReleaseInputs): void {
  if (smokeTest && jobQueue === undefined) {
    throw badArgument('smoke_test needs job_queue', ['Give the queue in which the new revision is to run once.']);
  }
  if (!smokeTest && smokeEnvironment !== undefined)
    throw badArgument('smoke_environment is for smoke_test, which is off');
}

/** Finds out before anything is changed that the queue of the smoke test is there and takes jobs. */
export async function checkQueue({ jobQueue }: ReleaseInputs, session: AwsSession): Promise<void> {
  if (jobQueue !== undefined) await checkJobQueue(jobQueue, session);
}

/**
 * Runs the released revision once, if that is wanted and was not done before. A failure is rolled back, if that is wanted;
 * then, and only then, the run ends with exit code 9.
 */
export async function proveRelease(
  released: Released,
  inputs: ReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<ReleaseProof> {
  const { progress } = context;
  if (inputs.dryRun) {
    if (inputs.smokeTest) progress.step(`Would run the new revision once in ${inputs.jobQueue}`);
    return { ran: false, changes: [], outputs: {} };
  }
  if (await isVerifiedAlready(released, session)) {
    progress.info(`Revision ${released.revision} was verified before`);
    return { ran: false, changes: [], outputs: { verified: true } };
  }
  if (!inputs.smokeTest || inputs.jobQueue === undefined) {
    progress.warn(
      `Revision ${released.revision} of ${released.name} is unverified: no job of it has succeeded yet (smoke_test)`,
    );
    return { ran: false, changes: [], outputs: { verified: false } };
  }
  const run = await smokeTest(released, inputs, inputs.jobQueue, session, context);
  const outputs = outputsOf(run);
  const change: Change = { resource: run.submitted.arn, kind: run.isNew ? 'created' : 'unchanged' };
  if (!run.failure) return { ran: true, changes: [change], outputs };
  const failure = await afterFailure(run.failure, released, inputs, session, context);
  return { ran: true, changes: [change], outputs, failure };
}

async function isVerifiedAlready({ status, name, revision }: Released, session: AwsSession): Promise<boolean> {
  if (status !== 'unchanged' || revision === undefined) return false;
  const described = await (await session.batch()).revision(name, revision);
  return described !== undefined && isVerified(described);
}

async function smokeTest(
  { name, revision }: Released,
  { smokeEnvironment: environment, smokeTimeout: timeout, runnableTimeout, pollInterval }: ReleaseInputs,
  queue: string,
  session: AwsSession,
  context: ActionContext,
): Promise<JobRun> {
  const request = jobRunRequest({
    asked: { name, revision },
    queue,
    jobName: undefined,
    key: context.job.workflowJobId,
    changes: {
      container: undefined,
      command: undefined,
      environment,
      parameters: undefined,
      arraySize: undefined,
      shareIdentifier: undefined,
    },
    limits: { timeout, runnableTimeout },
    pollInterval,
    onCancel: 'terminate',
  });
  return runJob(request, { wait: true, markVerified: true }, session, context);
}

function outputsOf({ submitted, judged, failure }: JobRun): ReleaseProof['outputs'] {
  return {
    verified: failure === undefined,
    jobId: submitted.id,
    exitCode: judged?.verdict?.exitCode,
    logLink: judged?.logLink,
  };
}

async function afterFailure(
  failure: DeployError,
  { name, revision }: Released,
  { onFailure }: ReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<DeployError> {
  if (onFailure === 'keep')
    return smokeFailed(failure, `revision ${revision} is kept, unverified`, EXIT.failedNotRolledBack);
  context.progress.step(`The smoke test failed: ${failure.title}`);
  const request = { name, leaving: revision, repoint: true, dryRun: false, key: rollbackKey(context) };
  try {
    const rolled = await rollBack(request, session, context);
    if (rolled.failure) return notRolledBack(failure, rolled.failure);
    return smokeFailed(
      failure,
      `rolled back: revision ${rolled.revision} is revision ${rolled.restored} registered anew`,
      EXIT.rolledBack,
    );
  } catch (error) {
    if (error instanceof DeployError) return notRolledBack(failure, error);
    throw error;
  }
}

function smokeFailed(failure: DeployError, then: string, exitCode: DeployError['exitCode']): DeployError {
  const { title, message, hints } = failure;
  return new DeployError({
    code: 'batch.smoke_test_failed',
    title: `the smoke test failed; ${then}`,
    message: message === title ? title : `${title}\n${message}`,
    hints,
    exitCode,
    cause: failure,
  });
}

function notRolledBack(failure: DeployError, rollback: DeployError): DeployError {
  return new DeployError({
    code: 'batch.smoke_test_failed_not_rolled_back',
    title: `the smoke test failed, and it could not be rolled back: ${rollback.title}`,
    message: [failure.title, failure.message, rollback.message]
      .filter((text, index, all) => all.indexOf(text) === index)
      .join('\n'),
    hints: [...rollback.hints, ...failure.hints],
    exitCode: EXIT.failedNotRolledBack,
    cause: failure,
  });
}
