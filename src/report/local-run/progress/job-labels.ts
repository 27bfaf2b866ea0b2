import type { Pipeline } from '../../../runner/pipeline/pipeline.ts';
import { jobKey } from '../../../runner/run-keys.ts';
import { printable } from '../terminal-text.ts';

/** What a job, or one node of it, is called among all jobs of a run. */
export type JobLabel = (workflow: string, job: string, node?: number) => string;

/** `test`, `test[1]` for a node of several, `release/test` where several workflows have a `test`. */
export function jobLabels({ workflows }: Pipeline): JobLabel {
  const names = workflows.flatMap(({ jobs }) => jobs.map(({ name }) => name));
  const several = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const parallel = new Set(
    workflows.flatMap(({ name, jobs }) =>
      jobs.filter(({ job }) => (job?.parallelism ?? 1) > 1).map((job) => jobKey(name, job.name)),
    ),
  );
  return (workflow, job, node) => {
    const isNode = node !== undefined && parallel.has(jobKey(workflow, job));
    return printable(`${several.has(job) ? `${workflow}/` : ''}${job}${isNode ? `[${node}]` : ''}`);
  };
}

/** Columns of the longest label, that of a node included. */
export function labelWidth(pipeline: Pipeline): number {
  const label = jobLabels(pipeline);
  const lengths = pipeline.workflows.flatMap(({ name, jobs }) =>
    jobs.map(({ name: job, job: body }) => label(name, job, Math.max(0, (body?.parallelism ?? 1) - 1)).length),
  );
  return Math.max(0, ...lengths);
}
