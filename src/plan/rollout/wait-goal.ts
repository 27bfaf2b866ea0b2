import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import type { Stage } from './stage.ts';
import type { ServiceSnapshot } from './observation.ts';
import type { OurDeployment } from './started-deployment.ts';
import { hasReached, type Rollout } from './track.ts';
import { isFinal, ROLLOUT_EXIT, type FinalState } from './verdict.ts';

/** Until when a deployment is waited for. With `tasks`, so many have to run then. */
export type WaitGoal =
  | { kind: 'stable'; tasks?: number | undefined }
  | { kind: 'stage'; stage: Stage }
  | { kind: 'paused' }
  | { kind: 'none' };

/** @param until as wait_until says it */
export function waitGoal(until: 'stable' | 'paused' | 'none' | Stage): WaitGoal {
  return until === 'stable' || until === 'paused' || until === 'none'
    ? { kind: until }
    : { kind: 'stage', stage: until };
}

export interface WaitEnd {
  exitCode: ExitCode;
  /** Was what was asked for reached? */
  reached: boolean;
}

/** Undefined while there is more to wait for. */
export function waitEnd(rollout: Pick<Rollout, 'verdict' | 'reached'>, goal: WaitGoal): WaitEnd | undefined {
  const { verdict } = rollout;
  if (isFinal(verdict)) {
    const exitCode = ROLLOUT_EXIT[verdict.state as FinalState];
    return { exitCode, reached: exitCode === EXIT.ok };
  }
  if (goal.kind === 'none') return { exitCode: EXIT.ok, reached: true };
  // What is taken back has not stayed where it was.
  if (verdict.state === 'ROLLING_BACK' || verdict.state === 'STOPPING') return undefined;
  if (goal.kind === 'stage' && hasReached(rollout, goal.stage)) return { exitCode: EXIT.ok, reached: true };
  if (verdict.state !== 'PAUSED') return undefined;
  return goal.kind === 'paused'
    ? { exitCode: EXIT.ok, reached: true }
    : { exitCode: ROLLOUT_EXIT.PAUSED, reached: false };
}

/** What a count of tasks that was asked for still lacks: an update of the count alone starts no deployment. */
export function missingTasks(
  goal: WaitGoal,
  { id }: Pick<OurDeployment, 'id'>,
  service: ServiceSnapshot | undefined,
): string | undefined {
  const own = service?.deployments.find((deployment) => deployment.id === id);
  if (goal.kind !== 'stable' || goal.tasks === undefined || !own) return undefined;
  const { desiredCount, runningCount, pendingCount } = own;
  if (desiredCount === goal.tasks && runningCount === desiredCount && pendingCount === 0) return undefined;
  return `${runningCount} tasks run and ${pendingCount} are pending, of ${goal.tasks}`;
}
