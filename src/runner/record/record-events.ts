import type { Pipeline, Step } from '../pipeline/pipeline.ts';
import { isFinal } from '../pipeline/schedule.ts';
import type { NodeId, RunEvent } from '../run-event.ts';
import type { JobRecord, NodeRecord, RunRecord, StepRecord } from '../run-record.ts';
import { logPaths, type LogPath } from './log-path.ts';

/** What is known of a run before it starts. */
export type RunFacts = Pick<RunRecord, 'number' | 'config' | 'commit' | 'branch' | 'dirty' | 'startedAt'>;

/** What is known of it only at its end. */
export type RunEnd = Required<Pick<RunRecord, 'exitCode' | 'finishedAt'>> & Pick<RunRecord, 'localAws'>;

/** The record of a run in which nothing has happened yet. */
export function firstRecord(pipeline: Pipeline, facts: RunFacts): RunRecord {
  return {
    schema: 'aws-deploy/local-run@1',
    ...facts,
    workflows: pipeline.workflows.map(({ name, jobs }) => ({
      name,
      jobs: jobs.map((job) => ({
        name: job.name,
        type: job.type,
        status: 'waiting',
        requires: job.requires,
        nodes: Array.from({ length: job.job?.parallelism ?? 0 }, () => ({ steps: [], artifacts: [] })),
      })),
    })),
  };
}

/** What events do not say of a step. */
export interface StepFacts {
  readonly logPath: LogPath;
  readonly kindOf: (id: NodeId, step: number) => string;
  readonly isBackground: (id: NodeId, step: number) => boolean;
}

export function stepFacts(pipeline: Pipeline): StepFacts {
  const stepOf = (id: NodeId, step: number): Step | undefined => {
    const workflow = pipeline.workflows.find(({ name }) => name === id.workflow);
    return workflow?.jobs.find(({ name }) => name === id.job)?.job?.steps[step];
  };
  return {
    logPath: logPaths(pipeline),
    kindOf: (id, step) => stepOf(id, step)?.kind ?? 'run',
    isBackground: (id, step) => {
      const found = stepOf(id, step);
      return found?.kind === 'run' && found.background;
    },
  };
}

/** The record after one more event; the same object when the event changes nothing in it. */
export function withEvent(record: RunRecord, event: RunEvent, facts: StepFacts): RunRecord {
  switch (event.kind) {
    case 'job':
      return withJob(record, event.workflow, event.job, (job) => withStatus(job, event));
    case 'step-started': {
      const { id, step, name } = event;
      const started: StepRecord = {
        name,
        kind: facts.kindOf(id, step),
        status: 'running',
        startedAt: isoTime(event.at),
        reruns: 0,
        ...known(id, step, name, facts),
      };
      return withStep(record, id, step, started);
    }
    case 'step-ended': {
      const { id, step, end } = event;
      return withStep(record, id, step, { ...known(id, step, end.name, facts), ...end });
    }
    case 'output':
    case 'note':
      return record;
  }
}

function known(id: NodeId, step: number, name: string, facts: StepFacts): Pick<StepRecord, 'log' | 'background'> {
  return { log: facts.logPath(id, step, name), ...(facts.isBackground(id, step) ? { background: true } : {}) };
}

/** What one node of a job has left, beside its logs. */
export type Kept = Pick<NodeRecord, 'artifacts' | 'deploys'>;

export function withKept(record: RunRecord, id: NodeId, kept: Kept): RunRecord {
  return withNode(record, id, (node) => ({ ...node, ...kept }));
}

function withStatus(job: JobRecord, { status, reason, at }: Extract<RunEvent, { kind: 'job' }>): JobRecord {
  const begins = status === 'running' || status === 'on_hold';
  return {
    ...job,
    status,
    ...(begins ? { startedAt: isoTime(at) } : {}),
    ...(isFinal(status) ? { finishedAt: isoTime(at) } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}

function withStep(record: RunRecord, id: NodeId, step: number, end: StepRecord): RunRecord {
  return withNode(record, id, (node) => ({ ...node, steps: withItem(node.steps, step, end) }));
}

function withNode(record: RunRecord, id: NodeId, change: (node: NodeRecord) => NodeRecord): RunRecord {
  return withJob(record, id.workflow, id.job, (job) => ({
    ...job,
    nodes: withItem(job.nodes, id.node, change(job.nodes[id.node] ?? { steps: [], artifacts: [] })),
  }));
}

function withJob(record: RunRecord, workflow: string, name: string, change: (job: JobRecord) => JobRecord): RunRecord {
  return {
    ...record,
    workflows: record.workflows.map((each) =>
      each.name === workflow
        ? { ...each, jobs: each.jobs.map((job) => (job.name === name ? change(job) : job)) }
        : each,
    ),
  };
}

function withItem<T>(items: readonly T[], index: number, item: T): readonly T[] {
  const copy = [...items];
  copy[index] = item;
  return copy;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
