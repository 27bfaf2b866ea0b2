import type { Pipeline } from '../../../runner/pipeline/pipeline.ts';
import { isFinal } from '../../../runner/pipeline/schedule.ts';
import { stepFacts, type StepFacts } from '../../../runner/record/record-events.ts';
import type { NodeId, RunEvent } from '../../../runner/run-event.ts';
import { stepKey } from '../../../runner/run-keys.ts';
import type { StepRecord } from '../../../runner/run-record.ts';
import { jobLabels, labelWidth, type JobLabel } from './job-labels.ts';
import { OutputLines } from './output-lines.ts';
import { elapsedText, shortName, TERMINAL_WORDS, stepEndText } from '../status-texts.ts';
import { padded, printable } from '../terminal-text.ts';

/** After so long without a line a CI system may believe that the run hangs. */
const SILENCE_MS = 55_000;

/** Prefixes are aligned up to this length. */
const WIDEST_PREFIX = 24;

export interface PlainSettings {
  readonly pipeline: Pipeline;
  /** Whether several jobs may run at once: where there are several, every line then says of which it is. */
  readonly prefixed: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls again and again, until the function that it returns is called. */
  readonly every: (ms: number, work: () => void) => () => void;
}

/**
 * Tells a run in plain lines, for pipes and CI:
 *
 *     build  | --- started
 *     build  | ==> Run tests
 *     build  | FAIL src/a.test.ts
 *     build  | <== Run tests: exit code 1 (12s)
 *     build  | --- failed after 14s: Run tests: exit code 1
 *     deploy | --- not run: build is failed, and success is required
 */
export class PlainPrinter {
  private readonly settings: PlainSettings;
  private readonly write: (text: string) => void;
  private readonly label: JobLabel;
  private readonly prefixed: boolean;
  private readonly width: number;
  private readonly facts: StepFacts;
  private readonly jobs = new Map<string, RunningJob>();
  private readonly steps = new Map<string, RunningStep>();
  private readonly stopHeartbeat: () => void;
  private lastLineAt: number;

  constructor(write: (text: string) => void, settings: PlainSettings) {
    this.settings = settings;
    this.write = write;
    this.label = jobLabels(settings.pipeline);
    this.prefixed = mayOverlap(settings);
    this.width = Math.min(WIDEST_PREFIX, labelWidth(settings.pipeline));
    this.facts = stepFacts(settings.pipeline);
    this.lastLineAt = settings.now();
    this.stopHeartbeat = settings.every(1000, () => this.heartbeat());
  }

  /** A RunListener. */
  readonly listen = (event: RunEvent): void => {
    switch (event.kind) {
      case 'job':
        return this.tellJob(event);
      case 'step-started':
        return this.startStep(event);
      case 'output':
        return this.tellOutput(event.id, event.step, event.text);
      case 'step-ended':
        return this.endStep(event.id, event.step, event.end, event.at);
      case 'note':
        for (const line of event.text.trimEnd().split('\n')) this.line(printable(line));
    }
  };

  close(): void {
    this.stopHeartbeat();
    for (const step of this.steps.values()) this.tell(step, step.lines.end());
    this.steps.clear();
  }

  private tellJob({ workflow, job, status, reason, at }: Extract<RunEvent, { kind: 'job' }>): void {
    const label = this.label(workflow, job);
    const running = this.jobs.get(label);
    if (status === 'running') this.jobs.set(label, { startedAt: at, front: new Map() });
    else this.jobs.delete(label);
    if (status === 'waiting') return;
    const words = status === 'running' ? 'started' : TERMINAL_WORDS[status];
    const after = isFinal(status) && running ? ` after ${elapsedText(at - running.startedAt)}` : '';
    const [why = '', ...more] = (reason ?? running?.failure ?? '').split('\n').map(printable);
    const text = `${words}${after}${why && `: ${why}`}`;
    this.line(this.prefixed ? `--- ${text}` : `--- ${label}: ${text}`, label);
    for (const line of more) this.line(`    ${line}`, label);
  }

  private startStep({ id, step, name, at }: Extract<RunEvent, { kind: 'step-started' }>): void {
    const started = { id, step, name: shortName(name), startedAt: at, lines: new OutputLines(), isTold: false };
    this.steps.set(stepKey(id, step), started);
    this.jobs.get(this.label(id.workflow, id.job))?.front.set(id.node, step);
    // A step that is skipped ends in the same moment, and gets one line instead of two.
    queueMicrotask(() => this.tellStart(started));
  }

  private tellStart(step: RunningStep): void {
    if (step.isTold) return;
    step.isTold = true;
    this.line(`==> ${step.name}`, this.labelOf(step.id));
  }

  private tellOutput(id: NodeId, step: number, text: string): void {
    const started = this.steps.get(stepKey(id, step));
    if (started) this.tell(started, started.lines.push(text));
  }

  private endStep(id: NodeId, step: number, end: StepRecord, at: number): void {
    const started = this.steps.get(stepKey(id, step));
    if (!started) return;
    this.steps.delete(stepKey(id, step));
    if (end.status === 'skipped') {
      const sign = started.isTold ? '<==' : '==>';
      started.isTold = true;
      return this.line(`${sign} ${started.name}: skipped: ${stepEndText(end)}`, this.labelOf(id));
    }
    this.tellStart(started);
    this.tell(started, started.lines.end());
    this.line(`<== ${started.name}: ${stepEndText(end)} (${elapsedText(at - started.startedAt)})`, this.labelOf(id));
    const job = this.jobs.get(this.label(id.workflow, id.job));
    if (end.status === 'failed' && job && !this.facts.isBackground(id, step))
      job.failure ??= `${started.name}: ${stepEndText(end)}`;
  }

  /** Lines of a step in the background say whose they are. */
  private tell(told: RunningStep, lines: readonly string[]): void {
    const { id, step, name } = told;
    if (lines.length > 0) this.tellStart(told);
    const front = this.jobs.get(this.label(id.workflow, id.job))?.front.get(id.node) ?? step;
    for (const line of lines) this.line(front === step ? line : `[${name}] ${line}`, this.labelOf(id));
  }

  private heartbeat(): void {
    const now = this.settings.now();
    if (now - this.lastLineAt < SILENCE_MS) return;
    for (const { id, name, startedAt } of this.steps.values()) {
      const label = this.labelOf(id);
      this.line(`... ${label}: ${name} runs for ${elapsedText(now - startedAt)}`, label);
    }
    if (this.steps.size === 0 && this.jobs.size > 0)
      this.line(`... ${[...this.jobs.keys()].join(', ')}: still running`);
  }

  private labelOf({ workflow, job, node }: NodeId): string {
    return this.label(workflow, job, node);
  }

  private line(text: string, label?: string): void {
    this.lastLineAt = this.settings.now();
    const prefix = this.prefixed && label !== undefined ? `${padded(label, this.width)} | ` : '';
    this.write(`${prefix}${text}`.trimEnd() + '\n');
  }
}

function mayOverlap({ pipeline, prefixed }: PlainSettings): boolean {
  const jobs = pipeline.workflows.flatMap((workflow) => workflow.jobs.flatMap(({ job }) => job ?? []));
  return (prefixed && jobs.length > 1) || jobs.some(({ parallelism }) => parallelism > 1);
}

interface RunningJob {
  readonly startedAt: number;
  /** The step that was started last, of each node. */
  readonly front: Map<number, number>;
  /** The step that failed first, and how. */
  failure?: string;
}

interface RunningStep {
  readonly id: NodeId;
  readonly step: number;
  readonly name: string;
  readonly startedAt: number;
  readonly lines: OutputLines;
  isTold: boolean;
}
