import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { LifecycleHook } from '../../plan/rollout/observation.ts';
import { continueCommand, rollbackCommand, watchCommand } from '../../plan/rollout/telling/follow-up-commands.ts';
import { rolloutFailure } from '../../plan/rollout/telling/rollout-failure.ts';
import { explainFailure } from './explain-failure.ts';
import type { LeftOrEnded } from './follow-or-leave.ts';
import type { JudgeRequest } from './judge-deployment.ts';

/** The error for a deployment that did not come to what was asked for, with why, and what to do next. */
export async function deploymentFailure(
  ended: LeftOrEnded,
  { place }: Pick<JudgeRequest, 'place'>,
  session: AwsSession,
): Promise<DeployError> {
  const { rollout, left } = ended;
  const { state } = rollout.verdict;
  const isItsOwn = state !== 'PAUSED' && state !== 'SUPERSEDED';
  const digest = isItsOwn ? await explainFailure(ended, place, session) : [];
  const pause = rollout.verdict.hook ? [pauseText(rollout.verdict.hook)] : [];
  const failure = rolloutFailure({
    service: place.service,
    rollout,
    digest: [...(left ? [left.text] : []), ...pause, ...digest],
    hints: [...(left?.hints ?? []), ...nextSteps(ended, place, session)],
  });
  if (!failure) throw new Error(`a deployment that is ${state} is no failure`);
  return failure;
}

function nextSteps({ rollout, service }: LeftOrEnded, place: JudgeRequest['place'], { region }: AwsSession): string[] {
  const { ours, verdict } = rollout;
  const at = { ...place, region };
  switch (verdict.state) {
    case 'ROLLED_BACK':
      // AWS may show the service as it was for a moment.
      return service && service.taskDefinition !== ours.taskDefinition
        ? [`The service is back at ${service.taskDefinition.split('/').at(-1)}.`]
        : [];
    case 'FAILED':
      return verdict.cause?.kind === 'service-deleted'
        ? []
        : [`Nothing was rolled back. To take the service back: ${rollbackCommand(at)}`];
    case 'STOPPED':
      return [`What was started so far is left as it is. To take the service back: ${rollbackCommand(at)}`];
    case 'SUPERSEDED':
      return [`To follow what is deployed now: ${watchCommand(at, undefined)}`];
    case 'TIMED_OUT':
      return ['To wait longer, raise timeout.'];
    case 'PAUSED':
      return [
        `To let it go on: ${continueCommand(at, ours.id, 'continue')}`,
        `To reject it: ${continueCommand(at, ours.id, 'reject')}`,
        'To wait for the pause only, give wait_until paused.',
      ];
    default:
      return [];
  }
}

function pauseText({ id, expiresAt, timeoutAction }: LifecycleHook): string {
  const then = timeoutAction === 'CONTINUE' ? 'goes on by itself' : 'is rolled back';
  const until =
    expiresAt === undefined ? '' : ` until ${new Date(expiresAt).toISOString()}; then the deployment ${then}`;
  return `The pause ${id} waits for somebody to continue or reject${until}.`;
}

/** The error for a deployment that was to be taken back and came out all the same: exit code 10. */
export function notRolledBack(
  { rollout }: LeftOrEnded,
  { place }: Pick<JudgeRequest, 'place'>,
  { region }: AwsSession,
): DeployError {
  return new DeployError({
    code: 'ecs.not_rolled_back',
    title: `the deployment of ${place.service} was not rolled back: it had succeeded before`,
    message: rollout.verdict.evidence.join('\n'),
    hints: [`To go back to the last verified revision: ${rollbackCommand({ ...place, region })}`],
    exitCode: EXIT.failedNotRolledBack,
  });
}
