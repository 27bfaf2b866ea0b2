import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { durationText } from '../../core/duration-text.ts';
import type { ToldEvents } from '../../plan/rollout/telling/service-events.ts';
import { beginRollout, type Rollout } from '../../plan/rollout/track.ts';
import type { ActionContext } from '../context.ts';
import { followDeployment, type FollowedDeployment, type FollowRequest } from './follow-deployment.ts';
import type { BegunDeployment, JudgeRequest } from './judge-deployment.ts';
import { leaveDeployment } from './leave-deployment.ts';

/** A deployment that was followed, and what became of it when the time was over first. */
export interface LeftOrEnded extends FollowedDeployment {
  /** A sentence on what was done when the time was over, and what to do next. */
  left: { text: string; hints: readonly string[] } | undefined;
}

/** So long the end of what was stopped or is rolled back is waited for, in milliseconds. */
const AFTERMATH_MS = 15 * 60_000;
const FIRST_LOOK_MS = 5000;

type Follow = (more: Pick<FollowRequest, 'goal' | 'timeout' | 'told'>) => Promise<FollowedDeployment>;

/**
 * Follows a deployment to its end, or as far as it is to be waited for. When the time is over first, it is left, stopped or
 * rolled back as chosen, and what was asked of ECS then is followed, too. Throws as followDeployment.
 */
export async function followOrLeave(
  begun: BegunDeployment,
  request: JudgeRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<LeftOrEnded> {
  const { place, goal, timeout, pollInterval, endedHookId } = request;
  const { ours, told } = begun;
  const follow: Follow = (more) =>
    followDeployment({ place, ours, pollInterval, endedHookId, ...more }, session, context);
  if (goal.kind === 'none') return { ...(await lookOnce(follow, begun, context)), left: undefined };
  context.progress.step(`Following deployment ${ours.id} of ${place.service}`);
  const followed = await follow({ goal, timeout, told });
  if (followed.rollout.verdict.state !== 'TIMED_OUT') return { ...followed, left: undefined };
  const ids = new Set([...told.ids, ...followed.events.map(({ id }) => id)]);
  return leaveLate(followed, { ...told, ids }, request, follow, session, context);
}

async function leaveLate(
  followed: FollowedDeployment,
  told: ToldEvents,
  { goal, place, onTimeout, pollInterval = FIRST_LOOK_MS }: JudgeRequest,
  follow: Follow,
  session: AwsSession,
  { clock, progress, signal }: ActionContext,
): Promise<LeftOrEnded> {
  const { requested, fate, hints } = await leaveDeployment(followed.rollout, onTimeout, place, session);
  const stillGoing = (then: string): LeftOrEnded => ({
    ...followed,
    left: { text: `The time is over, and ${fate}${then}.`, hints },
  });
  if (onTimeout === 'leave') return stillGoing('');
  if (requested) {
    progress.step(`The time is over, and ${fate}; following that`);
    // AWS may show the state before for a moment.
    await clock.sleep(pollInterval, signal);
  }
  let after: FollowedDeployment;
  try {
    // One that could not be stopped may have ended just then.
    after = await follow({
      goal: goal.kind === 'stable' ? goal : { kind: 'stable' },
      timeout: requested ? AFTERMATH_MS : 0,
      told,
    });
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    return stillGoing(`; what comes of it can not be seen (${error.title})`);
  }
  const { state } = after.rollout.verdict;
  if (state === 'TIMED_OUT' || state === 'PAUSED') {
    return stillGoing(requested ? `; that had not ended after ${durationText(after.waitedMs)}` : '');
  }
  const left = requested ? { text: `The time was over, and ${fate}.`, hints: [] } : undefined;
  return { ...after, rollout: becauseOfTime(after.rollout, followed.rollout), left };
}

/** That it was stopped on request is known; why it was is that its time was over. */
function becauseOfTime(after: Rollout, before: Rollout): Rollout {
  if (after.verdict.cause?.kind !== 'stop-request') return after;
  const failed = after.verdict.state === 'FAILED' ? ['; and the rollback failed, too'] : [];
  const text = `${before.verdict.cause?.text ?? 'its time was over'}${failed.join('')}`;
  return { ...after, verdict: { ...after.verdict, cause: { kind: 'time-limit', text } } };
}

/** Who does not wait does not need to see anything either. */
async function lookOnce(
  follow: Follow,
  { ours, told }: BegunDeployment,
  { progress }: ActionContext,
): Promise<FollowedDeployment> {
  try {
    return await follow({ goal: { kind: 'none' }, timeout: 0, told });
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    progress.warn(`The deployment was started and can not be looked at: ${error.title}`);
    return {
      rollout: beginRollout(ours),
      end: { exitCode: 0, reached: true },
      waitedMs: 0,
      events: [],
      service: undefined,
      deployment: undefined,
    };
  }
}
