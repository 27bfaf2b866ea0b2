import type { Dependencies, Invocation } from '../invocations/invocation.ts';

/** The other way round: which jobs wait for a job. Those that nobody waits for are not in it. */
export function dependentsOf(dependencies: Dependencies): ReadonlyMap<Invocation, readonly Invocation[]> {
  const dependents = new Map<Invocation, Invocation[]>();
  for (const [invocation, awaited] of dependencies) {
    for (const { on } of awaited) {
      const known = dependents.get(on);
      if (known) known.push(invocation);
      else dependents.set(on, [invocation]);
    }
  }
  return dependents;
}
