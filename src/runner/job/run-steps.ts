import type { Clock } from '../../core/clock.ts';
import { DeployError } from '../../core/errors.ts';
import type { Redact } from '../../core/redact.ts';
import type { JobWorld } from '../job-world.ts';
import type { OtherStep, RunStep, Step } from '../pipeline/pipeline.ts';
import type { RunListener } from '../run-event.ts';
import type { NodeRecord, StepRecord } from '../run-record.ts';
import { isHalted } from '../tools/control-files.ts';
import { BashEnvWatch } from './bash-env-watch.ts';
import { RedactedOutput } from './redacted-output.ts';
import { runStep } from './run-step.ts';
import type { StepHandlers, StepResult } from './step-handlers.ts';
import { whySkipped, withoutCounterpart, type JobState } from './why-skipped.ts';

export interface StepsRun {
  readonly handlers: StepHandlers;
  readonly listen: RunListener;
  readonly redact: Redact;
  readonly clock: Clock;
}

export interface StepsEnd extends NodeRecord {
  readonly status: 'success' | 'failed' | 'canceled';
  /** The first failure, where it is not the exit code alone. */
  readonly reason?: string;
}

type StepEnd = Pick<StepRecord, 'status' | 'exitCode' | 'reason' | 'reruns'>;

/**
 * Runs the steps of one node of a job, and ends those in the background when the others are through. Never rejects. What
 * steps left running otherwise ends with `world.host.close()`, which is up to who made the host.
 */
export async function runSteps(steps: readonly Step[], world: JobWorld, run: StepsRun): Promise<StepsEnd> {
  return new JobSteps(world, run).run(steps);
}

/** The state of a job between its steps. */
class JobSteps {
  private readonly world: JobWorld;
  private readonly tools: StepsRun;
  private readonly bashEnv: BashEnvWatch;
  private readonly records: StepRecord[] = [];
  private readonly artifacts: string[] = [];
  private readonly background: Promise<void>[] = [];
  private readonly jobOver = new AbortController();
  private failed = false;
  private reason: string | undefined;

  constructor(world: JobWorld, tools: StepsRun) {
    this.world = world;
    this.tools = tools;
    this.bashEnv = new BashEnvWatch(world.place);
  }

  async run(steps: readonly Step[]): Promise<StepsEnd> {
    for (const [index, step] of steps.entries()) {
      const skipped = whySkipped(step, this.state());
      const log = this.startLog(step, index);
      if (skipped !== undefined) {
        log.end({ status: 'skipped', reason: skipped, reruns: 0 });
      } else if (step.kind === 'run' && step.background) {
        this.background.push(this.runInBackground(step, index, log));
      } else {
        await this.runInForeground(step, index, log);
      }
    }
    const { canceled } = this.state();
    this.jobOver.abort();
    await Promise.all(this.background);
    return {
      steps: this.records,
      artifacts: this.artifacts,
      status: canceled ? 'canceled' : this.failed ? 'failed' : 'success',
      ...(this.reason === undefined || canceled ? {} : { reason: this.reason }),
    };
  }

  private state(): JobState {
    return {
      failed: this.failed,
      halted: isHalted(this.world.place.control),
      canceled: this.world.signal.aborted,
    };
  }

  private async runInForeground(step: Step, index: number, log: StepLog): Promise<void> {
    const end =
      step.kind === 'run'
        ? await runStep(step, { ...this.context(index, log), signal: this.world.signal })
        : isHandled(step)
          ? await this.handle(step, log)
          : withoutHandler(step, log);
    if (end.status === 'failed' && !this.failed) {
      this.failed = true;
      this.reason = end.reason === undefined ? undefined : `${step.name}: ${end.reason}`;
    }
    const { halted } = this.state();
    log.end(halted && end.status === 'success' ? { ...end, status: 'halted' } : end);
  }

  /** A failure of it does not fail the job, as on CircleCI; and it is not run again. */
  private async runInBackground(step: RunStep, index: number, log: StepLog): Promise<void> {
    const signal = AbortSignal.any([this.world.signal, this.jobOver.signal]);
    const end = await runStep({ ...step, maxAutoReruns: 0 }, { ...this.context(index, log), signal });
    const withJob = end.status === 'canceled' && !this.world.signal.aborted;
    log.end(withJob ? { ...end, reason: 'it ended with the job' } : end);
  }

  private context(index: number, { output }: StepLog) {
    return { world: this.world, clock: this.tools.clock, bashEnv: this.bashEnv, output, index };
  }

  private async handle(step: Exclude<Step, RunStep | OtherStep>, { output }: StepLog): Promise<StepEnd> {
    const { handlers } = this.tools;
    const { signal } = this.world;
    try {
      // Which kind of step goes with which handler is said by the type of StepHandlers; here both are one of many.
      const handler = handlers[step.kind] as (step: Step, world: JobWorld) => Promise<StepResult>;
      const work = (): Promise<StepResult> => handler(step, { ...this.world, say: (text) => output.say(text) });
      const { host } = this.world;
      const { artifacts = [] } = host.lendFiles ? await host.lendFiles(work) : await work();
      this.artifacts.push(...artifacts);
      return { status: signal.aborted ? 'canceled' : 'success', reruns: 0 };
    } catch (error) {
      output.say(errorText(error));
      if (signal.aborted) return { status: 'canceled', reruns: 0 };
      const reason = error instanceof DeployError ? error.title : String(error);
      // Errors of steps name the step, and so does whoever tells a step's reason.
      return { status: 'failed', reason: reason.replace(`${step.name}: `, ''), reruns: 0 };
    }
  }

  private startLog({ name, kind }: Step, index: number): StepLog {
    const { listen, redact, clock } = this.tools;
    const { id } = this.world;
    const startedAt = clock.now();
    const log = { id, step: index };
    const started = { name: redact(name), kind, startedAt: startedAt.toISOString() };
    this.records[index] = { ...started, status: 'running', reruns: 0 };
    listen({ kind: 'step-started', ...log, name: started.name, at: startedAt.getTime() });
    const output = new RedactedOutput(redact, (text) =>
      listen({ kind: 'output', ...log, text, at: clock.now().getTime() }),
    );
    return {
      output,
      end: ({ reason, ...end }) => {
        output.end();
        const finishedAt = clock.now();
        const record: StepRecord = {
          ...started,
          ...end,
          ...(reason === undefined ? {} : { reason: redact(reason) }),
          finishedAt: finishedAt.toISOString(),
        };
        this.records[index] = record;
        listen({ kind: 'step-ended', ...log, end: record, at: finishedAt.getTime() });
      },
    };
  }
}

interface StepLog {
  readonly output: RedactedOutput;
  readonly end: (end: StepEnd) => void;
}

function isHandled(step: Exclude<Step, RunStep>): step is Exclude<Step, RunStep | OtherStep> {
  return step.kind !== 'setup_remote_docker' && step.kind !== 'add_ssh_keys' && step.kind !== 'unknown';
}

/** Whoever says that a job succeeded must not have left out a step that might have failed. */
function withoutHandler(step: OtherStep, { output }: StepLog): StepEnd {
  const reason = withoutCounterpart(step);
  output.say(reason);
  return { status: step.kind === 'unknown' ? 'failed' : 'skipped', reason, reruns: 0 };
}

function errorText(error: unknown): string {
  if (!(error instanceof DeployError)) return String(error);
  const { title, message, hints } = error;
  return [`Error: ${title}`, ...(message === title ? [] : [message]), ...hints].join('\n');
}
