import type { AttemptDetail } from '@aws-sdk/client-batch';

import { partitionOf } from '../../request-region.ts';
import type { World } from '../../service.ts';
import type { PlanWork } from '../../work/plan-work.ts';
import { stopWork } from '../../work/stop-work.ts';
import type { Plan, Running, Task } from '../../work/task.ts';
import { nameOf } from '../state.ts';
import { type Attempt, type Job, uuidOf } from './job.ts';
import { type JobLog, openJobLog } from './job-log.ts';
import type { JobRules, Outcome } from './job-rules.ts';
import { taskEnvironment } from './task-environment.ts';

const EXITED = 'Essential container in task exited';
const NOT_STARTED = 'Task failed to start';
const TIMED_OUT = 'Job attempt duration exceeded timeout';
/** What a program ends with that SIGTERM ended. */
const SIGTERM_EXIT_CODE = 143;

export interface AttemptParts {
  world: World;
  rules: JobRules;
  planWork: PlanWork;
  /** False for a job that a reset has forgotten. */
  isCurrent(job: Job): boolean;
  /** The name of the one that runs the job. */
  computeEnvironment(job: Job): string;
  changeAt(job: Job, time: number): void;
  changeNever(job: Job): void;
  ended(job: Job, outcome: Outcome): void;
}

/** What a job does in STARTING and RUNNING: by real work, or as the scenario says. */
export class Attempts {
  readonly #parts: AttemptParts;
  readonly #running = new Map<Job, Running>();
  readonly #work = new Set<Promise<void>>();
  readonly #timeOuts = new Map<Job, () => void>();
  /** Counts how often all was killed: work of an earlier count is not to tell how it ended. */
  #generation = 0;

  constructor(parts: AttemptParts) {
    this.#parts = parts;
  }

  /** The job has come to STARTING: it has a task on a compute environment. */
  prepare(job: Job, computeEnvironment: string): void {
    const { region } = job;
    const ecs = `arn:${partitionOf(region)}:ecs:${region}:${this.#parts.world.accountId}`;
    const cluster = `AWSBatch-${computeEnvironment}`;
    const container = (job.detail.container ??= {});
    for (const member of ['exitCode', 'reason', 'logStreamName'] as const) delete container[member];
    container.taskArn = `${ecs}:task/${cluster}/${job.attempt!.taskId}`;
    if (!job.detail.platformCapabilities?.includes('FARGATE')) {
      const instance = uuidOf(cluster).replaceAll('-', '');
      container.containerInstanceArn = `${ecs}:container-instance/${cluster}/${instance}`;
    }
  }

  /** From STARTING to RUNNING, or from a simulated RUNNING to its end. */
  async proceed(job: Job): Promise<void> {
    const attempt = job.attempt!;
    if (attempt.isReal) return this.#lost(job);
    if (job.detail.status === 'RUNNING') return this.#endSimulated(job, attempt);
    const { outcome } = attempt.play;
    const planned: Plan =
      outcome === undefined
        ? await this.#parts.planWork(this.#taskOf(job), this.#parts.rules.work())
        : { kind: 'simulated', why: 'the scenario has its outcome' };
    if (!this.#isUnderWay(job, attempt)) return;
    if (planned.kind === 'refused') return this.#end(job, { reason: planned.reason, statusReason: NOT_STARTED });
    if (planned.kind === 'simulated' && outcome !== undefined && outcome.exitCode === undefined) {
      return this.#end(job, { statusReason: NOT_STARTED, ...outcome });
    }
    const log = await openJobLog(this.#parts.world, job, attempt.taskId);
    if (!this.#isUnderWay(job, attempt)) return;
    if ('refused' in log) return this.#end(job, { reason: log.refused, statusReason: NOT_STARTED });
    if (planned.kind === 'simulated') return this.#startSimulated(job, attempt, log, planned.why);
    attempt.isReal = true;
    const work = this.#doReal(job, attempt, log, planned.start);
    this.#work.add(work);
    this.#parts.world.timeline.during(work.finally(() => this.#work.delete(work)));
  }

  /** Ends what runs for a job, which then ends as `job.stop` says. */
  stop(job: Job): void {
    const running = this.#running.get(job);
    const { clock, timeline } = this.#parts.world;
    if (running !== undefined) return stopWork(running, clock, timeline);
    // What is about to start finds out by itself that it is not wanted any more.
    this.#end(job, job.detail.status === 'RUNNING' ? { exitCode: SIGTERM_EXIT_CODE } : {});
  }

  /** The time-out of an attempt that was restored. */
  resume(job: Job): void {
    if (job.attempt?.timesOutAt !== undefined) this.#limitTime(job, job.attempt.timesOutAt);
  }

  /** Ends all that runs; resolves when it is gone. */
  async killAll(): Promise<void> {
    this.#generation += 1;
    for (const running of this.#running.values()) running.signal('SIGKILL');
    for (const takeBack of this.#timeOuts.values()) takeBack();
    this.#timeOuts.clear();
    await Promise.allSettled(this.#work);
  }

  #isUnderWay(job: Job, attempt: Attempt): boolean {
    return this.#parts.isCurrent(job) && job.attempt === attempt;
  }

  #started(job: Job, attempt: Attempt, log: JobLog): void {
    const now = this.#now();
    job.detail.status = 'RUNNING';
    job.detail.startedAt = now;
    attempt.startedAt = now;
    if (log.streamName !== undefined) job.detail.container!.logStreamName = log.streamName;
    const seconds = job.detail.timeout?.attemptDurationSeconds;
    if (seconds !== undefined) this.#limitTime(job, (attempt.timesOutAt = now + seconds * 1000));
  }

  #limitTime(job: Job, time: number): void {
    const takeBack = this.#parts.world.timeline.at(new Date(time), () => {
      this.#timeOuts.delete(job);
      if (job.stop !== undefined) return;
      job.stop = { statusReason: TIMED_OUT };
      this.stop(job);
    });
    this.#timeOuts.set(job, takeBack);
  }

  async #startSimulated(job: Job, attempt: Attempt, log: JobLog, why: string): Promise<void> {
    this.#started(job, attempt, log);
    this.#parts.changeAt(job, this.#now() + attempt.play.durations.RUNNING);
    log.write(`This run is simulated: ${why}.`);
    await log.end();
  }

  async #endSimulated(job: Job, attempt: Attempt): Promise<void> {
    const { exitCode = 0, reason, statusReason, log: lines = [] } = attempt.play.outcome ?? {};
    const log = lines.length > 0 ? await openJobLog(this.#parts.world, job, attempt.taskId) : undefined;
    if (log !== undefined && 'write' in log) {
      for (const line of lines) log.write(line);
      await log.end();
    }
    if (!this.#isUnderWay(job, attempt)) return;
    this.#end(job, { exitCode, ...(reason !== undefined && { reason }), statusReason: statusReason ?? EXITED });
  }

  async #doReal(
    job: Job,
    attempt: Attempt,
    log: JobLog,
    start: Extract<Plan, { kind: 'real' }>['start'],
  ): Promise<void> {
    const generation = this.#generation;
    const isWanted = (): boolean => generation === this.#generation && this.#isUnderWay(job, attempt);
    const started = await start((line) => log.write(line));
    if ('refused' in started) {
      if (isWanted()) this.#end(job, { reason: started.refused, statusReason: NOT_STARTED });
      return;
    }
    if ('simulated' in started) {
      attempt.isReal = false;
      if (isWanted()) await this.#startSimulated(job, attempt, log, started.simulated);
      return;
    }
    if (!isWanted()) {
      started.signal('SIGKILL');
      await started.ended;
      return;
    }
    this.#running.set(job, started);
    this.#started(job, attempt, log);
    const ended = await started.ended;
    this.#running.delete(job);
    await log.end();
    if (!isWanted()) return;
    this.#end(job, { ...ended, statusReason: ended.exitCode === undefined ? NOT_STARTED : EXITED });
  }

  /** What ran when the program ended is gone with it, as with the host that it ran on. */
  #lost(job: Job): void {
    const instance = uuidOf(job.detail.jobId).replaceAll('-', '').slice(0, 17);
    this.#end(job, { statusReason: `Host EC2 (instance i-${instance}) terminated.` });
  }

  #end(job: Job, outcome: Outcome): void {
    const { container } = job.detail;
    const attempt = job.attempt!;
    this.#parts.world.containerCredentials.revoke(attempt.taskId);
    this.#timeOuts.get(job)?.();
    this.#timeOuts.delete(job);
    this.#parts.changeNever(job);
    const statusReason = job.stop?.statusReason ?? outcome.statusReason;
    if (outcome.exitCode !== undefined) container!.exitCode = outcome.exitCode;
    if (outcome.reason !== undefined) container!.reason = outcome.reason;
    const { taskArn, containerInstanceArn, logStreamName } = container!;
    const ended: AttemptDetail = {
      container: {
        ...(containerInstanceArn !== undefined && { containerInstanceArn }),
        ...(taskArn !== undefined && { taskArn }),
        ...(outcome.exitCode !== undefined && { exitCode: outcome.exitCode }),
        ...(outcome.reason !== undefined && { reason: outcome.reason }),
        ...(logStreamName !== undefined && { logStreamName }),
        networkInterfaces: [],
      },
      ...(attempt.startedAt !== undefined && { startedAt: attempt.startedAt }),
      stoppedAt: this.#now(),
      ...(statusReason !== undefined && { statusReason }),
      taskProperties: [],
    };
    job.detail.attempts = [...(job.detail.attempts ?? []), ended];
    this.#parts.ended(job, outcome);
  }

  #taskOf(job: Job): Task {
    const { image = '', command = [], executionRoleArn } = job.detail.container ?? {};
    return {
      id: job.attempt!.taskId,
      image,
      command,
      environment: taskEnvironment(job, {
        world: this.#parts.world,
        queueName: nameOf(job.detail.jobQueue!),
        computeEnvironment: this.#parts.computeEnvironment(job),
      }),
      region: job.region,
      ...(executionRoleArn !== undefined && { executionRoleArn }),
    };
  }

  #now(): number {
    return Math.floor(this.#parts.world.clock.now().getTime());
  }
}
