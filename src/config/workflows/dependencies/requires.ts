import { nearestName } from '../../../core/nearest-name.ts';
import type { Budget } from '../../budget.ts';
import { isLeftOver, reportForm } from '../../expand/follow-up.ts';
import type { Node } from '../../node.ts';
import type { Report } from '../../problem.ts';
import type { Dependency, Invocation, JobList, JobSet, Requirement } from '../invocations/invocation.ts';
import { requiresAmbiguous, requiresNotNames, requiresNothing, unknownStatus } from '../workflow-texts.ts';

/** What a job can end as; `terminal` stands for all of them. */
export const TERMINAL_STATUSES: readonly string[] = ['success', 'failed', 'canceled', 'unauthorized', 'not_run'];

/** What is printed of a dependency besides the name of the job, which is printed twice, in characters. */
const AROUND_DEPENDENCY = 36;

/** @param node what stands under `requires` or `upstream`, its templates replaced */
export function readRequirements(node: Node | undefined, report: Report): Requirement[] {
  if (!node) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => readItem(item, report));
  return readItem(node, report);
}

function readItem(item: Node, report: Report): Requirement[] {
  if (item.kind === 'map') {
    return [...item.entries].map(([name, { keyAt, value }]) => ({
      name,
      statuses: readStatuses(value, report),
      at: keyAt,
    }));
  }
  if (item.kind === 'scalar' && item.value === null) return [];
  if (item.kind === 'scalar') return [{ name: String(item.value), statuses: ['success'], at: item.at }];
  reportForm(requiresNotNames(), item.at, report);
  return [];
}

function readStatuses(node: Node, report: Report): string[] {
  const items = node.kind === 'list' ? node.items : [node];
  const statuses = items.flatMap((item) => {
    const status = item.kind === 'scalar' ? String(item.value) : '';
    if (status === 'terminal') return TERMINAL_STATUSES;
    if (TERMINAL_STATUSES.includes(status)) return [status];
    report.error(unknownStatus(status, [...TERMINAL_STATUSES, 'terminal']), item.at);
    return [];
  });
  return [...new Set(statuses)];
}

/**
 * Finds the jobs that each job requires, and reports names that mean no job or more than one.
 * @param where how messages call the list: `workflow 'deploy'`
 * @returns for each job what it waits for, every job once; and whether all names were found
 */
export function resolveRequirements(
  list: JobList,
  { where, report, budget }: { where: string; report: Report; budget: Budget },
): { dependencies: Map<Invocation, readonly Dependency[]>; complete: boolean } {
  const { names, setOf } = indexNames(list);
  const dependencies = new Map<Invocation, readonly Dependency[]>();
  let complete = true;
  for (const invocation of list.invocations) {
    const found = new Map<Invocation, readonly string[]>();
    for (const { name, statuses, at } of invocation.requirements) {
      const meant = whatIsMeant(names.get(name), { by: invocation, within: setOf.get(invocation) });
      if (meant.jobs + meant.sets !== 1) {
        complete = false;
        if (isLeftOver(name, report)) continue;
        report.error(
          meant.jobs + meant.sets === 0
            ? requiresNothing(invocation.name, name, where, nearest(name, names, report))
            : requiresAmbiguous(invocation.name, name, where, meant),
          at,
        );
        continue;
      }
      for (const on of meant.found) {
        budget.spend(2 * on.name.length + AROUND_DEPENDENCY, at);
        const before = found.get(on);
        found.set(on, before ? [...new Set([...before, ...statuses])] : statuses);
      }
    }
    dependencies.set(
      invocation,
      [...found].map(([on, statuses]) => ({ on, statuses })),
    );
  }
  return { dependencies, complete };
}

/** Looking for the nearest name takes time; who has so many problems or names is not helped with all of them. */
function nearest(name: string, names: ReadonlyMap<string, unknown>, report: Report): string | undefined {
  if (report.problems.length > 100 || names.size > 1000 || name.length > 100) return undefined;
  return nearestName(
    name,
    [...names.keys()].filter(({ length }) => length <= 100),
  );
}

/** All that one name means in a list of jobs. */
interface Named {
  readonly jobs: Set<Invocation>;
  readonly sets: Set<JobSet>;
}

function indexNames({ invocations, sets }: JobList): {
  names: ReadonlyMap<string, Named>;
  setOf: ReadonlyMap<Invocation, JobSet>;
} {
  const names = new Map<string, Named>();
  const setOf = new Map<Invocation, JobSet>();
  const named = (name: string): Named => {
    const known = names.get(name) ?? { jobs: new Set(), sets: new Set() };
    names.set(name, known);
    return known;
  };
  for (const set of sets) {
    named(set.name).sets.add(set);
    for (const invocation of set.own) setOf.set(invocation, set);
  }
  for (const invocation of invocations) {
    if (setOf.get(invocation)?.name !== invocation.name) named(invocation.name).jobs.add(invocation);
  }
  return { names, setOf };
}

/** In its own `requires`, a name means neither the job itself nor the matrix that it belongs to. */
function whatIsMeant(
  named: Named | undefined,
  { by, within }: { by: Invocation; within: JobSet | undefined },
): { jobs: number; sets: number; found: readonly Invocation[] } {
  if (!named) return { jobs: 0, sets: 0, found: [] };
  const jobs = named.jobs.size - (named.jobs.has(by) ? 1 : 0);
  const sets = named.sets.size - (within && named.sets.has(within) ? 1 : 0);
  const set = sets > 0 ? firstOther(named.sets, within) : undefined;
  const job = jobs > 0 ? firstOther(named.jobs, by) : undefined;
  return { jobs, sets, found: set?.members ?? (job ? [job] : []) };
}

function firstOther<T>(items: Iterable<T>, not: T | undefined): T | undefined {
  for (const item of items) if (item !== not) return item;
  return undefined;
}
