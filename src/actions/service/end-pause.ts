import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import { deployError, errorName, isAmbiguous } from '../../aws/errors.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { LifecycleHook } from '../../plan/rollout/observation.ts';
import { choosePause } from '../../plan/rollout/pause.ts';
import type { ActionContext } from '../context.ts';

const MOST_ATTEMPTS = 4;

/** AWS may show a pause for a moment after it was ended: so often it is looked again, and so long apart, in milliseconds. */
const MOST_LOOKS = 10;
const LOOK_MS = 1000;

/**
 * Ends a pause once, and gives whether it was this call that did. When the answer is lost, or when AWS says that nothing
 * waits, the hook is looked at. Comes back when AWS shows that it does not wait any more, so that the pause is not taken for
 * one further on.
 */
export async function endPause(
  arn: string,
  { id }: LifecycleHook,
  action: 'CONTINUE' | 'ROLLBACK',
  session: AwsSession,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<boolean> {
  const { services } = ecsOf(session);
  const waits = async (): Promise<boolean> => {
    const deployment = await services.deployment(arn);
    return deployment?.status === 'IN_PROGRESS' && choosePause(deployment, id).kind === 'end';
  };
  for (let attempt = 1; ; attempt++) {
    try {
      await services.continueDeployment(arn, id, action);
      break;
    } catch (error) {
      const isLost = isAmbiguous(error);
      if (isLost)
        progress.warn('The answer to ContinueServiceDeployment was lost; looking whether the pause still waits');
      if (!isLost && errorName(error) === 'AccessDeniedException') throw failed(error, arn);
      if (!(await waits())) {
        if (!isLost) progress.warn(`The pause ${id} was ended by somebody else, or by its time, meanwhile`);
        return isLost;
      }
      if (!isLost || attempt === MOST_ATTEMPTS) throw failed(error, arn);
      await clock.sleep(200 * 2 ** attempt * (0.5 + Math.random()), signal);
    }
  }
  for (let look = 1; look <= MOST_LOOKS && (await waits()); look++) await clock.sleep(LOOK_MS, signal);
  return true;
}

function failed(error: unknown, arn: string): ReturnType<typeof deployError> {
  return deployError(error, 'ecs:ContinueServiceDeployment', arn);
}
