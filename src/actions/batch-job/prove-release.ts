import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Change } from '../../core/result.ts';
import { isVerified } from '../../plan/job-definition/rollback.ts';
import type { ActionContext } from '../context.ts';
import type { ReleasedDefinition } from '../job-definition/release-definition.ts';
import type { JobRun } from '../job-run/run-job.ts';
import type { ReleaseInputs } from '../release-batch-job.ts';
import { keepFailed, keepUnproven, rollBackFailed, type AfterFailure } from './smoke-failure.ts';
import { runSmokeTest } from './smoke-test.ts';

type Released = ReleasedDefinition & { name: string };

export interface ReleaseProof {
  changes: readonly Change[];
  outputs: {
    verified?: boolean;
    jobId?: string;
    exitCode?: number | undefined;
    logLink?: string | undefined;
    rolledBackTo?: number | undefined;
  };
  /** The revision was to be proven, and was not. */
  failure?: DeployError;
}

/** Runs the released revision once, if that is wanted and was not done before; a failure is rolled back, if that is wanted. */
export async function proveRelease(
  released: Released,
  inputs: ReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<ReleaseProof> {
  const { progress } = context;
  const { name, revision } = released;
  const { smokeTest, jobQueue: queue, dryRun } = inputs;
  if (await isVerifiedAlready(released, session)) {
    progress.info(`Revision ${revision} of ${name} was verified before`);
    return { changes: [], outputs: { verified: true } };
  }
  const label = `${released.status === 'planned' ? 'the new revision' : `revision ${revision}`} of ${name}`;
  if (!smokeTest || queue === undefined) {
    progress.warn(`${dryRun ? 'It would be' : 'It is'} unverified: no job of ${label} has succeeded yet (smoke_test)`);
    return { changes: [], outputs: { verified: false } };
  }
  if (dryRun) return planned(label, queue, inputs, context);
  const ran = await attemptRun(released, inputs, queue, session, context);
  const jobChange: Change[] = ran.run
    ? [{ resource: ran.run.submitted.arn, kind: ran.run.isNew ? 'created' : 'unchanged' }]
    : [];
  const outputs = { verified: ran.failure === undefined, ...(ran.run ? jobOutputs(ran.run) : {}) };
  if (!ran.failure) return { changes: jobChange, outputs };
  const unproven = { name, revision, failure: ran.failure };
  let after: AfterFailure;
  if (!ran.run || !saysThatItFailed(ran.run)) after = keepUnproven(unproven);
  else after = inputs.onFailure === 'keep' ? keepFailed(unproven) : await rollBackFailed(unproven, session, context);
  return {
    changes: [...jobChange, ...after.changes],
    outputs: { ...outputs, rolledBackTo: after.rolledBackTo },
    failure: after.failure,
  };
}

/** What is just being registered, or would be, can't be verified yet. */
async function isVerifiedAlready({ status, name, revision }: Released, session: AwsSession): Promise<boolean> {
  if (status !== 'unchanged' || revision === undefined) return false;
  const described = await (await session.batch()).revision(name, revision);
  return described !== undefined && isVerified(described);
}

function planned(
  label: string,
  queue: string,
  { smokeEnvironment, onFailure }: ReleaseInputs,
  { progress }: ActionContext,
): ReleaseProof {
  const names = Object.keys(smokeEnvironment ?? {});
  const setting = names.length > 0 ? `, with ${names.join(', ')} set for it` : '';
  progress.step(`Would run once in ${queue}${setting}: ${label}`);
  progress.info(`If that fails, it would be ${onFailure === 'keep' ? 'kept' : 'rolled back'}`);
  return { changes: [{ resource: `a job in ${queue}`, kind: 'created' }], outputs: {} };
}

/** A revision is registered by now: whatever keeps it from being run, what was released is to be told. */
async function attemptRun(
  { name, revision }: Released,
  inputs: ReleaseInputs,
  queue: string,
  session: AwsSession,
  context: ActionContext,
): Promise<{ run?: JobRun; failure: DeployError | undefined }> {
  try {
    const run = await runSmokeTest({ name, revision }, inputs, queue, session, context);
    return { run, failure: run.failure };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof DeployError)) throw error;
    return { failure: error };
  }
}

/** A job that failed, or did not come to its end in time; not one that was lost sight of, or whose success could not be kept. */
function saysThatItFailed({ judged }: JobRun): boolean {
  return judged?.verdict ? !judged.verdict.succeeded : judged?.failure?.exitCode === EXIT.timedOut;
}

function jobOutputs({ submitted, judged }: JobRun): ReleaseProof['outputs'] {
  return { jobId: submitted.id, exitCode: judged?.verdict?.exitCode, logLink: judged?.logLink };
}
