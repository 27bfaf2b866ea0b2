import type { Pipeline, Requirement, Workflow, WorkflowJob } from './pipeline/pipeline.ts';
import { isFinal, nextMoves } from './pipeline/schedule.ts';
import type { RunListener } from './run-event.ts';
import type { JobStatus } from './run-record.ts';

export interface PipelineRun {
  readonly pipeline: Pipeline;
  /** How many jobs may run at once. */
  readonly atOnce: number;
  /** Runs all nodes of a job to its end. Never rejects. */
  readonly runJob: (workflow: Workflow, job: WorkflowJob) => Promise<JobEnd>;
  /** Resolves when somebody has decided; false keeps the job on hold, and what requires it waits for ever. */
  readonly approve: (workflow: Workflow, job: WorkflowJob) => Promise<boolean>;
  readonly listen: RunListener;
  /** Aborted when the run is canceled: nothing more starts then. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface JobEnd {
  readonly status: 'success' | 'failed' | 'canceled' | 'unauthorized';
  readonly reason?: string;
}

/** How every job ended, by workflow and job. A job on hold, and what waits for it, have not ended. */
export type PipelineEnd = ReadonlyMap<string, ReadonlyMap<string, JobStatus>>;

/** Runs the jobs of a pipeline, each as soon as what it requires has ended as it should. */
export async function runPipeline(run: PipelineRun): Promise<PipelineEnd> {
  const places = new Turnstile(run.atOnce);
  const ends = run.pipeline.workflows.map(
    async (workflow) => [workflow.name, await runWorkflow(workflow, run, places)] as const,
  );
  return new Map(await Promise.all(ends));
}

async function runWorkflow(
  workflow: Workflow,
  run: PipelineRun,
  places: Turnstile,
): Promise<ReadonlyMap<string, JobStatus>> {
  const statuses = new Map<string, JobStatus>(workflow.jobs.map(({ name }) => [name, 'waiting']));
  const set = (job: string, status: JobStatus, reason?: string): void => {
    statuses.set(job, status);
    run.listen({
      kind: 'job',
      workflow: workflow.name,
      job,
      status,
      ...(reason === undefined ? {} : { reason }),
      at: run.now(),
    });
  };
  const running = new Set<Promise<void>>();
  const start = (job: WorkflowJob): void => {
    const work = runOne(workflow, job, run, places, set).finally(() => running.delete(work));
    running.add(work);
  };

  for (;;) {
    if (run.signal.aborted) cancelWaiting(statuses, set);
    const { start: ready, giveUp } = nextMoves(workflow, statuses);
    for (const { job, because } of giveUp) set(job.name, 'not_run', notRunReason(because, statuses));
    for (const job of ready) {
      statuses.set(job.name, 'running');
      start(job);
    }
    if (giveUp.length > 0) continue;
    if (running.size === 0) return statuses;
    await Promise.race(running);
  }
}

async function runOne(
  workflow: Workflow,
  job: WorkflowJob,
  run: PipelineRun,
  places: Turnstile,
  set: (job: string, status: JobStatus, reason?: string) => void,
): Promise<void> {
  if (job.type === 'approval') {
    set(job.name, 'on_hold');
    if (await run.approve(workflow, job)) set(job.name, 'success');
    return;
  }
  if (!job.job)
    return set(job.name, 'success', job.type === 'no-op' ? undefined : 'only CircleCI can run it: taken as done here');
  await places.enter();
  try {
    if (run.signal.aborted) return set(job.name, 'canceled');
    set(job.name, 'running');
    const { status, reason } = await run.runJob(workflow, job);
    set(job.name, status, reason);
  } finally {
    places.leave();
  }
}

function cancelWaiting(statuses: ReadonlyMap<string, JobStatus>, set: (job: string, status: JobStatus) => void): void {
  for (const [job, status] of [...statuses]) if (status === 'waiting' || status === 'on_hold') set(job, 'canceled');
}

function notRunReason({ job, statuses: wanted }: Requirement, statuses: ReadonlyMap<string, JobStatus>): string {
  const status = statuses.get(job);
  const inWords = (each: string): string => each.replace('_', ' ');
  const ended = isFinal(status) ? inWords(status) : 'not ended';
  return `${job} is ${ended}, and ${wanted.map(inWords).join(' or ')} is required`;
}

/** Lets so many in at once, the others in their order. */
class Turnstile {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(places: number) {
    this.free = places;
  }

  async enter(): Promise<void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free++;
  }
}
