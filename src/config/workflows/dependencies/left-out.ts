import { dependentsOf } from './dependents.ts';
import type { Dependencies, Dependency, Invocation } from '../invocations/invocation.ts';

/**
 * What is left of a workflow when filters take jobs out of it: a job no longer waits for one that is not there, and a job
 * that would have waited for nothing else is not there either (configuration reference, `requires`).
 */
export function withoutLeftOut(dependencies: Dependencies, leftOut: readonly Invocation[]): Dependencies {
  if (leftOut.length === 0) return dependencies;
  const gone = allLeftOut(dependencies, leftOut);
  const left = new Map<Invocation, readonly Dependency[]>();
  for (const [invocation, awaited] of dependencies) {
    if (!gone.has(invocation)) {
      left.set(
        invocation,
        awaited.filter(({ on }) => !gone.has(on)),
      );
    }
  }
  return left;
}

function allLeftOut(dependencies: Dependencies, leftOut: readonly Invocation[]): ReadonlySet<Invocation> {
  const dependents = dependentsOf(dependencies);
  const waitingFor = new Map([...dependencies].map(([invocation, awaited]) => [invocation, awaited.length]));
  const gone = new Set<Invocation>();
  const pending = [...leftOut];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (gone.has(next)) continue;
    gone.add(next);
    for (const dependent of dependents.get(next) ?? []) {
      const count = (waitingFor.get(dependent) ?? 0) - 1;
      waitingFor.set(dependent, count);
      if (count === 0) pending.push(dependent);
    }
  }
  return gone;
}
