import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold, textOf } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Change } from '../../core/result.ts';
import type { ActionContext } from '../context.ts';
import { rollbackKey } from '../rollback/from-inputs.ts';
import { rollBack } from '../rollback/roll-back.ts';

/** What was released, and did not prove itself. */
export interface Unproven {
  name: string;
  revision: number | undefined;
  /** Why. */
  failure: DeployError;
}

export interface AfterFailure {
  changes: readonly Change[];
  /** Number of the revision that is in its place now. */
  rolledBackTo?: number | undefined;
  failure: DeployError;
}

/** The job ran and failed, or took too long, and the revision stays: exit code 10, or 8. */
export function keepFailed({ name, revision, failure }: Unproven): AfterFailure {
  const kept = smokeFailed(
    failure,
    `revision ${revision} of ${name} is kept, unverified`,
    failure.exitCode === EXIT.timedOut ? EXIT.timedOut : EXIT.failedNotRolledBack,
    [`To go back later: aws-deploy rollback-job-definition --job-definition-name ${name}`],
  );
  return { changes: [], failure: kept };
}

/** The job ran and failed, or took too long, and the revision is to go: exit code 9, or 10 where it can't go. */
export async function rollBackFailed(
  unproven: Unproven,
  session: AwsSession,
  context: ActionContext,
): Promise<AfterFailure> {
  const { name, revision, failure } = unproven;
  context.progress.step(`The smoke test failed: ${failure.title}`);
  const request = { name, leaving: revision, repoint: true, dryRun: false, key: rollbackKey(context) };
  try {
    const rolled = await rollBack(request, session, context);
    const rolledBackTo = rolled.revision;
    if (rolled.failure) {
      return { changes: rolled.changes, rolledBackTo, failure: notRolledBack(unproven, rolled.failure) };
    }
    const then = `rolled back: revision ${rolledBackTo} of ${name} is revision ${rolled.restored} registered anew`;
    return { changes: rolled.changes, rolledBackTo, failure: smokeFailed(failure, then, EXIT.rolledBack) };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof DeployError)) throw error;
    const isFirst = error.code === 'batch.nothing_to_roll_back_to';
    return { changes: [], failure: isFirst ? nothingToGoBackTo(unproven, error) : notRolledBack(unproven, error) };
  }
}

/** Nothing is known about the job, or what it has proven could not be kept: that is no reason to go back. */
export function keepUnproven({ name, revision, failure }: Unproven): AfterFailure {
  return {
    changes: [],
    failure: retold(failure, {
      title: `revision ${revision} of ${name} is released, but unverified: ${failure.title}`,
      message: textOf(failure),
      hints: [...failure.hints, 'Run the release again: it goes on with the smoke test.'],
      cause: failure,
    }),
  };
}

function smokeFailed(
  failure: DeployError,
  then: string,
  exitCode: DeployError['exitCode'],
  hints: readonly string[] = [],
): DeployError {
  return new DeployError({
    code: 'batch.smoke_test_failed',
    title: `the smoke test failed; ${then}`,
    message: textOf(failure),
    hints: [...failure.hints, ...hints],
    exitCode,
    cause: failure,
  });
}

function nothingToGoBackTo({ name, revision, failure }: Unproven, rollback: DeployError): DeployError {
  return smokeFailed(
    failure,
    `there is nothing to go back to (${rollback.title}), so that revision ${revision} stays, unverified`,
    EXIT.failedNotRolledBack,
    [`Whatever submits ${name} by its name runs revision ${revision}. Correct the job and release it again.`],
  );
}

function notRolledBack({ failure }: Unproven, rollback: DeployError): DeployError {
  const told = [failure.title, failure.message, rollback.title, rollback.message];
  return new DeployError({
    code: 'batch.smoke_test_failed_not_rolled_back',
    title: `the smoke test failed, and it could not be rolled back: ${rollback.title}`,
    message: [...new Set(told)].join('\n'),
    hints: [...rollback.hints, ...failure.hints],
    exitCode: EXIT.failedNotRolledBack,
    cause: failure,
  });
}
