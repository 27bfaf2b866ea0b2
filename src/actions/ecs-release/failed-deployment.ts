import { DeployError, retold } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JudgedDeployment } from '../ecs/judge-deployment.ts';

/**
 * Has a deployment failed, and does the service still have it? Not when ECS has rolled it back itself; when it was stopped
 * on request, by somebody or because its time was over, or the service was deleted, for that was a decision; when another
 * deployment took its place; and when it has not ended.
 */
export function isLeftFailed({ rollout, proof }: Pick<JudgedDeployment, 'rollout' | 'proof'>): boolean {
  const { state, cause } = rollout.verdict;
  switch (state) {
    case 'FAILED':
      return cause?.kind !== 'service-deleted';
    case 'STOPPED':
      return cause?.kind !== 'stop-request' && cause?.kind !== 'time-limit';
    case 'SUCCEEDED':
      return proof !== undefined && !proof.holds && proof.supersededBy === undefined;
    default:
      return false;
  }
}

/** The deployment failed, and the last verified revision is back: exit code 9. @param revision `web:7` */
export function rolledBackTo(failure: DeployError, revision: string): DeployError {
  return failed(failure, `rolled back to ${revision}`, EXIT.rolledBack);
}

/** The deployment failed, and could not be taken back: exit code 10, and both reasons. */
export function notRolledBack(failure: DeployError, rollback: DeployError): DeployError {
  const messages = [failure, rollback].filter(({ title, message }) => message !== title).map(({ message }) => message);
  return new DeployError({
    code: 'ecs.failed_and_not_rolled_back',
    title: `${failure.title}; it could not be rolled back: ${rollback.title}`,
    ...(messages.length === 0 ? {} : { message: messages.join('\n') }),
    hints: [...new Set([...withoutNothing(rollback.hints), ...failure.hints])],
    exitCode: EXIT.failedNotRolledBack,
    cause: failure,
  });
}

/** The deployment failed, and no revision was ever proven to which it could be taken back: exit code 10. */
export function nothingToGoBackTo(failure: DeployError, rollback: DeployError): DeployError {
  const then = `there is nothing to go back to (${rollback.title}), so that it stays as it is`;
  return failed(failure, then, EXIT.failedNotRolledBack, ['Correct it and release it again.']);
}

function failed(
  failure: DeployError,
  then: string,
  exitCode: DeployError['exitCode'],
  hints: readonly string[] = [],
): DeployError {
  return retold(failure, {
    title: `${failure.title}; ${then}`,
    // How to go back is no advice any more.
    hints: [...hints, ...failure.hints.filter((hint) => !hint.includes(' rollback-service '))],
    exitCode,
    cause: failure,
  });
}

/** The same error, with what the release had done before it, a sentence each. */
export function withDone(error: unknown, done: readonly string[]): unknown {
  if (!(error instanceof DeployError) || done.length === 0) return error;
  return retold(error, { hints: [...done, ...withoutNothing(error.hints)] });
}

/** Parts of a release say that nothing was changed, of themselves. */
function withoutNothing(hints: readonly string[]): string[] {
  return hints.map((hint) => hint.replace(/ ?Nothing was changed\.$/, '')).filter((hint) => hint !== '');
}
