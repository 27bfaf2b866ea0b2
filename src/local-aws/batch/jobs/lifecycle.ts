import type { JobStatus } from '@aws-sdk/client-batch';

import type { PlanWork } from '../../work/plan-work.ts';
import { batchArn, type BatchState } from '../state.ts';
import { Attempts } from './attempts.ts';
import { type Job, definitionNameOf, isFinished, uuidOf } from './job.ts';
import type { JobRules, Outcome } from './job-rules.ts';
import { environmentOf, propagatedTags, timeLimitOf } from './job-place.ts';
import { isRetried } from './retry.ts';

const DEPENDENCY_FAILED = 'Dependent Job failed';
const CHILD_FAILED = 'Array Child Job failed';
const TOO_MANY_TAGS = 'Job failed: more than 50 tags of job and job definition to propagate';
const MAX_TAGS = 50;

/** Leads jobs through their states, on the timeline. */
export class JobLifecycle {
  readonly #state: BatchState;
  readonly #rules: JobRules;
  readonly #attempts: Attempts;
  /** What takes back the next change of a job, by its ID. */
  readonly #timers = new Map<string, () => void>();
  /** By the ID of a job: the IDs of those that wait for it. */
  readonly #dependents = new Map<string, Set<string>>();

  constructor(state: BatchState, rules: JobRules, planWork: PlanWork) {
    this.#state = state;
    this.#rules = rules;
    this.#attempts = new Attempts({
      world: state.world,
      rules,
      planWork,
      isCurrent: (job) => this.#find(job.region, job.detail.jobId) === job,
      computeEnvironment: (job) => environmentOf(state, job) ?? '',
      changeAt: (job, time) => this.#changeAt(job, time),
      changeNever: (job) => this.#changeNever(job),
      ended: (job, outcome) => this.#attemptEnded(job, outcome),
    });
  }

  /** A job that was just submitted. */
  begin(job: Job): void {
    this.#changeIn(job, this.#durations(job).SUBMITTED);
  }

  /** A job that has not come to STARTING ends; one that waits for others does so when they have ended. */
  cancel(job: Job, statusReason: string): void {
    const { status } = job.detail;
    if (status !== 'SUBMITTED' && status !== 'PENDING' && status !== 'RUNNABLE') return;
    job.detail.isCancelled = true;
    job.stop = { statusReason };
    if (job.children !== undefined) for (const child of this.#childrenOf(job)) this.cancel(child, statusReason);
    else if (job.waitsFor.length === 0) this.#fail(job, statusReason);
  }

  /** Ends a job wherever it is. */
  terminate(job: Job, statusReason: string): void {
    if (isFinished(job)) return;
    const { status } = job.detail;
    job.detail.isTerminated = true;
    job.stop = { statusReason };
    if (job.children !== undefined) for (const child of this.#childrenOf(job)) this.terminate(child, statusReason);
    else if (status === 'STARTING' || status === 'RUNNING') this.#attempts.stop(job);
    else this.cancel(job, statusReason);
  }

  /** Ends the jobs of a queue that was deleted. */
  abandon(regionName: string, queueArn: string): void {
    for (const job of this.#state.region(regionName).jobs.values()) {
      const isOurs = job.parentId === undefined && job.detail.jobQueue === queueArn;
      if (isOurs) this.terminate(job, 'Job queue was deleted');
    }
  }

  /** Queues or compute environments have changed: jobs that had no place may have one now. */
  findPlaces(regionName: string): void {
    for (const job of this.#state.region(regionName).jobs.values()) {
      const isWaiting = job.detail.status === 'RUNNABLE' && job.nextAt === undefined;
      if (isWaiting && job.attempt?.play.stuck === undefined) this.#changeIn(job, 0);
    }
  }

  /** Takes up what the restored jobs were waiting for. */
  resume(): void {
    for (const { jobs } of this.#state.regions.values()) {
      for (const job of jobs.values()) {
        for (const id of job.waitsFor) this.#dependentsOf(id).add(job.detail.jobId);
        if (isFinished(job)) continue;
        if (job.attempt?.isReal) this.#changeAt(job, this.#now());
        else if (job.nextAt !== undefined) this.#changeAt(job, job.nextAt);
        this.#attempts.resume(job);
      }
    }
  }

  /** Forgets all jobs, and ends what runs for them. */
  forget(): Promise<void> {
    for (const takeBack of this.#timers.values()) takeBack();
    this.#timers.clear();
    this.#dependents.clear();
    return this.#attempts.killAll();
  }

  async #step(job: Job): Promise<void> {
    const { status } = job.detail;
    if (status === 'SUBMITTED') this.#pend(job);
    else if (status === 'PENDING') this.#becomeReady(job);
    else if (status === 'RUNNABLE') this.#place(job);
    else if (status === 'STARTING' || status === 'RUNNING') await this.#attempts.proceed(job);
  }

  #pend(job: Job): void {
    job.detail.status = 'PENDING';
    if (job.detail.propagateTags && propagatedTags(this.#state, job).length > MAX_TAGS)
      return this.#fail(job, TOO_MANY_TAGS);
    const { jobId, arrayProperties, dependsOn = [] } = job.detail;
    const isParent = arrayProperties?.size !== undefined;
    const awaited = dependsOn
      .filter(({ type }) => !isParent || type === undefined)
      .flatMap(({ jobId: id }) => id ?? []);
    job.waitsFor = awaited.filter((id) => this.#find(job.region, id)?.detail.status !== 'SUCCEEDED');
    for (const id of job.waitsFor) this.#dependentsOf(id).add(jobId);
    this.#checkWaiting(job);
  }

  /** Goes on when nothing is waited for, and fails when that can't be any more. */
  #checkWaiting(job: Job): void {
    const awaited = job.waitsFor.map((id) => this.#find(job.region, id));
    const hasFailed = awaited.some((dependency) => dependency?.detail.status === 'FAILED');
    job.waitsFor = job.waitsFor.filter((_id, index) => awaited[index] !== undefined && !isFinished(awaited[index]));
    if (hasFailed && job.stop === undefined) return this.#fail(job, DEPENDENCY_FAILED);
    if (job.waitsFor.length > 0) return;
    if (job.stop !== undefined) return this.#fail(job, job.stop.statusReason);
    this.#changeIn(job, this.#durations(job).PENDING);
  }

  #becomeReady(job: Job): void {
    if (job.detail.arrayProperties?.size === undefined) return this.#becomeRunnable(job);
    this.#spawnChildren(job, job.detail.arrayProperties.size);
  }

  /** The children of an array live on their own; their parent stays PENDING until the last of them has ended. */
  #spawnChildren(parent: Job, size: number): void {
    const { jobId, dependsOn = [] } = parent.detail;
    this.#changeNever(parent);
    parent.children = { unfinished: size, failed: 0 };
    const children = Array.from({ length: size }, (_none, index): Job => {
      const childId = `${jobId}:${index}`;
      const awaited = dependsOn.flatMap(({ jobId: id, type }) => {
        if (type === 'N_TO_N') return [{ jobId: `${id}:${index}` }];
        return type === 'SEQUENTIAL' && index > 0 ? [{ jobId: `${jobId}:${index - 1}` }] : [];
      });
      return {
        region: parent.region,
        number: parent.number,
        parentId: jobId,
        waitsFor: [],
        detail: {
          ...parent.detail,
          jobId: childId,
          jobArn: batchArn(this.#state.world, parent.region, `job/${childId}`),
          status: 'PENDING',
          createdAt: this.#now(),
          attempts: [],
          dependsOn: awaited,
          arrayProperties: { index },
          ...(parent.detail.container && { container: { ...parent.detail.container } }),
        },
      };
    });
    const { jobs } = this.#state.region(parent.region);
    for (const child of children) jobs.set(child.detail.jobId, child);
    for (const child of children) this.#pend(child);
  }

  #becomeRunnable(job: Job): void {
    job.detail.status = 'RUNNABLE';
    job.runnableAt = this.#now();
    delete job.detail.statusReason;
    const play = this.#rules.take(job.detail.jobName, definitionNameOf(job));
    const attemptNumber = (job.detail.attempts?.length ?? 0) + 1;
    job.attempt = { play, taskId: uuidOf(`${job.detail.jobId} ${attemptNumber}`).replaceAll('-', '') };
    if (play.stuck !== 'RUNNABLE') return this.#changeIn(job, play.durations.RUNNABLE);
    this.#changeNever(job);
    if (play.statusReason === undefined) return;
    job.detail.statusReason = play.statusReason;
    const limitSeconds = timeLimitOf(this.#state, job, play.statusReason);
    if (limitSeconds !== undefined) this.#changeIn(job, limitSeconds * 1000);
  }

  /** A job that is stuck comes here only when its queue limits that. */
  #place(job: Job): void {
    const { stuck, statusReason = '', durations } = job.attempt!.play;
    if (stuck === 'RUNNABLE') {
      const reason = statusReason.split(' - ')[0]!;
      return this.cancel(job, `Canceled by JobStateTimeLimit action due to reason: ${reason}`);
    }
    const environment = environmentOf(this.#state, job);
    if (environment === undefined) return this.#changeNever(job);
    job.detail.status = 'STARTING';
    this.#attempts.prepare(job, environment);
    if (stuck === 'STARTING') this.#changeNever(job);
    else this.#changeIn(job, durations.STARTING);
  }

  #attemptEnded(job: Job, outcome: Outcome): void {
    delete job.attempt;
    const { exitCode, statusReason } = outcome;
    const stop = job.stop?.statusReason;
    if (stop === undefined && exitCode === 0) return this.#finish(job, 'SUCCEEDED', statusReason);
    const attempts = job.detail.attempts?.length ?? 0;
    if (stop === undefined && isRetried(job.detail.retryStrategy ?? {}, attempts, outcome)) {
      return this.#becomeRunnable(job);
    }
    this.#finish(job, 'FAILED', stop ?? statusReason);
  }

  #fail(job: Job, statusReason: string): void {
    this.#finish(job, 'FAILED', statusReason);
  }

  #finish(job: Job, status: JobStatus, statusReason: string | undefined): void {
    this.#changeNever(job);
    delete job.attempt;
    job.waitsFor = [];
    job.detail.status = status;
    if (statusReason !== undefined) job.detail.statusReason = statusReason;
    job.detail.stoppedAt = this.#now();
    const { jobId } = job.detail;
    const dependents = this.#dependents.get(jobId) ?? [];
    this.#dependents.delete(jobId);
    for (const id of dependents) {
      const dependent = this.#find(job.region, id);
      if (dependent?.detail.status === 'PENDING') this.#checkWaiting(dependent);
    }
    const parent = job.parentId === undefined ? undefined : this.#find(job.region, job.parentId);
    if (parent?.children !== undefined) this.#childFinished(parent, parent.children, status);
  }

  #childFinished(parent: Job, children: { unfinished: number; failed: number }, status: JobStatus): void {
    children.unfinished -= 1;
    if (status === 'FAILED') children.failed += 1;
    if (children.unfinished > 0 || isFinished(parent)) return;
    if (children.failed === 0) this.#finish(parent, 'SUCCEEDED', undefined);
    else this.#fail(parent, parent.stop?.statusReason ?? CHILD_FAILED);
  }

  #childrenOf({ region, detail }: Job): Job[] {
    const size = detail.arrayProperties?.size ?? 0;
    return Array.from({ length: size }, (_none, index) => this.#find(region, `${detail.jobId}:${index}`)).filter(
      (child) => child !== undefined,
    );
  }

  #durations(job: Job) {
    return this.#rules.durations(job.detail.jobName, definitionNameOf(job));
  }

  #dependentsOf(id: string): Set<string> {
    let dependents = this.#dependents.get(id);
    if (dependents === undefined) this.#dependents.set(id, (dependents = new Set()));
    return dependents;
  }

  #find(region: string, id: string): Job | undefined {
    return this.#state.regions.get(region)?.jobs.get(id);
  }

  #now(): number {
    return Math.floor(this.#state.world.clock.now().getTime());
  }

  #changeIn(job: Job, ms: number): void {
    this.#changeAt(job, this.#now() + ms);
  }

  #changeAt(job: Job, time: number): void {
    this.#changeNever(job);
    job.nextAt = time;
    const happen = (): void | Promise<void> => {
      this.#timers.delete(job.detail.jobId);
      delete job.nextAt;
      return this.#step(job);
    };
    const takeBack = this.#state.world.timeline.at(new Date(time), happen, 'progress');
    this.#timers.set(job.detail.jobId, takeBack);
  }

  #changeNever(job: Job): void {
    this.#timers.get(job.detail.jobId)?.();
    this.#timers.delete(job.detail.jobId);
    delete job.nextAt;
  }
}
