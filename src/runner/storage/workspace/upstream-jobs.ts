import type { Workflow } from '../../pipeline/pipeline.ts';

/** The jobs that a job requires, and those that they require: each after its own requirements, else in the config's order. */
export function upstreamJobs(workflow: Workflow, job: string): string[] {
  const requires = requirementsOf(workflow);
  const upstream = new Set<string>();
  const pending = [...(requires.get(job) ?? [])];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (upstream.has(name)) continue;
    upstream.add(name);
    pending.push(...(requires.get(name) ?? []));
  }
  return inOrder(
    workflow.jobs.map(({ name }) => name).filter((name) => upstream.has(name)),
    requires,
  );
}

/** Says that one job runs after the other in any case. */
export function isUpstream(workflow: Workflow, first: string, second: string): boolean {
  return upstreamJobs(workflow, second).includes(first);
}

function requirementsOf({ jobs }: Workflow): ReadonlyMap<string, readonly string[]> {
  const names = new Set(jobs.map(({ name }) => name));
  return new Map(
    jobs.map((job) => [job.name, job.requires.map((requirement) => requirement.job).filter((name) => names.has(name))]),
  );
}

function inOrder(names: readonly string[], requires: ReadonlyMap<string, readonly string[]>): string[] {
  const ordered: string[] = [];
  let left = [...names];
  while (left.length > 0) {
    const next = left.find((name) => !requires.get(name)?.some((required) => left.includes(required))) ?? left[0];
    if (next === undefined) break;
    ordered.push(next);
    left = left.filter((name) => name !== next);
  }
  return ordered;
}
