import type { Workflow, WorkflowJob } from '../../../runner/pipeline/pipeline.ts';

/** A job with what it comes after in its workflow. */
export interface PlacedJob {
  readonly job: WorkflowJob;
  /** 0 for a job that requires none; else one more than the deepest of what it requires. */
  readonly level: number;
  /** Of the jobs that it requires, one that is the deepest. */
  readonly parent?: string;
}

/** The jobs of a workflow in an order in which they can run. What a job requires and is not in the workflow counts for nothing. */
export function placedJobs({ jobs }: Workflow): PlacedJob[] {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const placed = new Map<string, PlacedJob>();
  const place = (job: WorkflowJob): PlacedJob => {
    const known = placed.get(job.name);
    if (known) return known;
    const required = job.requires.flatMap((requirement) => byName.get(requirement.job) ?? []).map(place);
    const deepest = required.toSorted((a, b) => b.level - a.level)[0];
    const found = deepest ? { job, level: deepest.level + 1, parent: deepest.job.name } : { job, level: 0 };
    placed.set(job.name, found);
    return found;
  };
  return jobs.map(place).toSorted((a, b) => a.level - b.level);
}
