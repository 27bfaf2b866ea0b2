import { badArgument } from '../../core/errors.ts';
import { waitGoal } from '../../plan/rollout/wait-goal.ts';
import type { FollowInputs } from '../ecs-params.ts';
import type { JudgeRequest } from '../ecs/judge-deployment.ts';

const SHORTEST_POLL_MS = 1000;

/** How a deployment is to be followed. Throws (exit code 2) for looks that would come too often. */
export function followRequest({
  waitUntil,
  timeout,
  pollInterval,
}: FollowInputs): Pick<JudgeRequest, 'goal' | 'timeout' | 'pollInterval'> {
  if (pollInterval !== undefined && pollInterval < SHORTEST_POLL_MS) {
    throw badArgument('poll_interval must be at least 1s', [
      'ECS limits how often it may be asked, for the whole account.',
    ]);
  }
  return { goal: waitGoal(waitUntil), timeout, pollInterval };
}
