/** Tasks of a rollout that nobody has asked to stop, and how many of them count as healthy. */
export interface Counts {
  active: number;
  ready: number;
}

export interface RollingSituation {
  desired: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
  /** False for a rollout that has failed: it starts no tasks any more. */
  mayStart: boolean;
  primary: Counts;
  /** All rollouts before, together. */
  old: Counts;
}

export interface Moves {
  /** Tasks to start for the primary rollout. */
  start: number;
  stopPrimary: number;
  /** Healthy tasks of old rollouts to stop; those that are not healthy are stopped anyway. */
  stopOldReady: number;
  stopOldUnready: number;
}

/**
 * What a rolling update does next (API reference, DeploymentConfiguration): never more tasks than the maximum, rounded
 * down, and never fewer healthy ones than the minimum, rounded up. An old task goes when a new one stands in for it, or
 * earlier when the maximum leaves no room for a new one.
 */
export function rollingMoves(situation: RollingSituation): Moves {
  const { desired, minimumHealthyPercent, maximumPercent, mayStart, primary, old } = situation;
  const most = Math.floor((desired * maximumPercent) / 100);
  const fewest = Math.ceil((desired * minimumHealthyPercent) / 100);
  const missing = Math.max(0, desired - primary.active);
  const room = Math.max(0, most - primary.active - old.active);
  const start = mayStart ? Math.min(missing, room) : 0;
  const healthy = primary.ready + old.ready;
  const replaced = healthy - desired;
  const inTheWay = mayStart && start === 0 ? Math.min(missing, healthy - fewest) : 0;
  return {
    start,
    stopPrimary: Math.max(0, primary.active - desired),
    stopOldReady: Math.min(old.ready, Math.max(0, replaced, inTheWay)),
    stopOldUnready: mayStart || desired === 0 ? old.active - old.ready : 0,
  };
}

/** Waiting grows with every failure in a row, up to 27 minutes (developer guide, Amazon ECS service throttle logic). */
export function restartDelayMs(failuresInARow: number): number {
  return Math.min(failuresInARow * 10_000, 27 * 60_000);
}
