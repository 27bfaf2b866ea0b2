import type { Report } from '../../problem.ts';
import type { Place } from '../../source.ts';
import { dependentsOf } from './dependents.ts';
import type { Dependencies, Invocation } from '../invocations/invocation.ts';
import { noStartJob, unreachableJobs } from '../workflow-texts.ts';

/**
 * Reports jobs that can never start, since they wait for each other or for such jobs. That no job can start at all is said
 * as well, as CircleCI does.
 * @param at where the jobs of the workflow are written
 */
export function checkReachability(dependencies: Dependencies, { at, report }: { at: Place; report: Report }): void {
  const reached = reachable(dependencies);
  const unreachable = [...dependencies.keys()].filter((invocation) => !reached.has(invocation));
  const [first] = unreachable;
  if (!first) return;
  if (reached.size === 0) report.error(noStartJob(), at);
  const names = unreachable.map(({ name }) => name);
  report.error(unreachableJobs(names, cycleFrom(first, dependencies, reached)), first.at);
}

function reachable(dependencies: Dependencies): ReadonlySet<Invocation> {
  const dependents = dependentsOf(dependencies);
  const waiting = new Map([...dependencies].map(([invocation, awaited]) => [invocation, awaited.length]));
  const reached = new Set<Invocation>();
  const ready = [...waiting].flatMap(([invocation, count]) => (count === 0 ? [invocation] : []));
  for (let next = ready.pop(); next; next = ready.pop()) {
    reached.add(next);
    for (const dependent of dependents.get(next) ?? []) {
      const left = (waiting.get(dependent) ?? 0) - 1;
      waiting.set(dependent, left);
      if (left === 0) ready.push(dependent);
    }
  }
  return reached;
}

/** Following what was not reached leads into a cycle: every such job waits for another one. */
function cycleFrom(start: Invocation, dependencies: Dependencies, reached: ReadonlySet<Invocation>): string[] {
  const path = new Map<Invocation, number>();
  let current: Invocation | undefined = start;
  while (current && !path.has(current)) {
    path.set(current, path.size);
    current = dependencies.get(current)?.find(({ on }) => !reached.has(on))?.on;
  }
  const from = (current && path.get(current)) ?? 0;
  return [...path.keys()].slice(from).map(({ name }) => name);
}
