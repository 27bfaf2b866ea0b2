import type { Plan, Task } from './task.ts';

/** Decides how a task is done. `ways`: which of `docker` and `host` may be used. */
export type PlanWork = (task: Task, ways: readonly string[]) => Promise<Plan>;

export function workPlanner(_world: import('../service.ts').World): PlanWork {
  return () => Promise.resolve({ kind: 'simulated', why: 'not yet' });
}
