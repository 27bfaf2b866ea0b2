import type { Pipeline } from '../../../runner/pipeline/pipeline.ts';
import { isFinal } from '../../../runner/pipeline/schedule.ts';
import { stepFacts, type StepFacts } from '../../../runner/record/record-events.ts';
import type { NodeId, RunEvent } from '../../../runner/run-event.ts';
import { jobKey, stepKey } from '../../../runner/run-keys.ts';
import type { JobStatus, StepRecord } from '../../../runner/run-record.ts';
import { jobLabels } from './job-labels.ts';
import { OutputLines } from './output-lines.ts';
import { printable } from '../terminal-text.ts';

/** So many of its last lines are shown of a step that failed. */
const TAIL_LINES = 15;

/** How far a job is; times in milliseconds since the epoch. */
export interface JobProgress {
  readonly label: string;
  readonly requires: readonly string[];
  status: JobStatus;
  reason?: string;
  startedAt?: number;
  endedAt?: number;
  /** The step that was started last, or that said something last. */
  step?: string;
  lastLine: string;
  failure?: StepFailure;
}

export interface StepFailure {
  readonly id: NodeId;
  readonly step: number;
  readonly end: StepRecord;
  /** What it said last. */
  readonly tail: readonly string[];
}

/** How far a run is, from its events: what a live view shows. */
export class RunProgress {
  /** In the order of the config. */
  readonly jobs: readonly JobProgress[];
  readonly startedAt: number;
  private readonly facts: StepFacts;
  private readonly byName: ReadonlyMap<string, JobProgress>;
  private readonly steps = new Map<string, { name: string; lines: OutputLines; tail: string[] }>();

  constructor(pipeline: Pipeline, startedAt: number) {
    const label = jobLabels(pipeline);
    this.startedAt = startedAt;
    this.facts = stepFacts(pipeline);
    this.byName = new Map(
      pipeline.workflows.flatMap(({ name, jobs }) =>
        jobs.map((job) => [
          jobKey(name, job.name),
          {
            label: label(name, job.name),
            requires: job.requires.map((requirement) => label(name, requirement.job)),
            status: 'waiting',
            lastLine: '',
          },
        ]),
      ),
    );
    this.jobs = [...this.byName.values()];
  }

  /** Takes in an event. The job that has ended with it, if one has. */
  apply(event: RunEvent): JobProgress | undefined {
    if (event.kind === 'note') return undefined;
    if (event.kind === 'job') return this.jobEvent(event);
    const { id, step } = event;
    const job = this.byName.get(jobKey(id.workflow, id.job));
    if (!job) return undefined;
    if (event.kind === 'step-started') {
      const name = printable(event.name);
      this.steps.set(stepKey(id, step), { name, lines: new OutputLines(), tail: [] });
      Object.assign(job, { step: name, lastLine: '' });
    } else if (event.kind === 'output') this.output(job, stepKey(id, step), event.text);
    else this.stepEnded(job, event);
    return undefined;
  }

  private jobEvent({
    workflow,
    job: name,
    status,
    reason,
    at,
  }: Extract<RunEvent, { kind: 'job' }>): JobProgress | undefined {
    const job = this.byName.get(jobKey(workflow, name));
    if (!job) return undefined;
    job.status = status;
    if (reason !== undefined) job.reason = reason;
    if (status === 'running' || status === 'on_hold') job.startedAt = at;
    if (!isFinal(status)) return undefined;
    job.endedAt = at;
    return job;
  }

  private output(job: JobProgress, key: string, text: string): void {
    const step = this.steps.get(key);
    if (!step) return;
    const lines = step.lines.push(text);
    step.tail = [...step.tail, ...lines].slice(-TAIL_LINES);
    const last = step.lines.current || lines.findLast((line) => line.trim() !== '');
    if (last) Object.assign(job, { step: step.name, lastLine: last });
  }

  private stepEnded(job: JobProgress, { id, step, end }: Extract<RunEvent, { kind: 'step-ended' }>): void {
    const ended = this.steps.get(stepKey(id, step));
    this.steps.delete(stepKey(id, step));
    if (end.status !== 'failed' || job.failure || this.facts.isBackground(id, step)) return;
    const tail = [...(ended?.tail ?? []), ...(ended?.lines.end() ?? [])].slice(-TAIL_LINES);
    job.failure = { id, step, end, tail };
  }
}
