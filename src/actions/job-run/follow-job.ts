import type { BatchJobOperations } from '../../aws/batch-jobs.ts';
import { deployError, isAmbiguous, isThrottling } from '../../aws/errors.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isFinished, type JobDescription } from '../../plan/job-run/job-description.ts';
import {
  crediblePassed,
  limitReached,
  nextPause,
  NOT_WAITED,
  timeLeft,
  waitedOn,
  type Limits,
  type Waited,
} from '../../plan/job-run/patience.ts';
import { queuePlaceText, stillText, whatIsNew } from '../../plan/job-run/progress-text.ts';
import type { ActionContext } from '../context.ts';
import type { LogFollower } from './follow-log.ts';
import type { JobRunRequest } from './job-run-request.ts';

/** How a wait ended: with the job, or before it. */
export interface Followed {
  /** As it was seen last; undefined when it never was. */
  job: JobDescription | undefined;
  waited: Waited;
  /** Undefined when the job is finished. */
  limit: keyof Limits | undefined;
}

/** CircleCI ends a step that says nothing for ten minutes. */
const HEARTBEAT_MS = 60_000;

/** A job that was submitted a moment ago may not be found yet. */
const MOST_MISSES = 5;

/** Output may arrive after the job has ended: so often, in these pauses, nothing more has to come until it is complete. */
const LAST_LOOKS = 5;
const LAST_LOOK_MS = 2000;

/**
 * Follows a job to its end, or until a limit is reached, and tells what happens. Throws when the job can't be seen: not
 * allowed (exit code 3), or gone (5). Throttling and broken connections only make it ask less often.
 */
export async function followJob(
  jobId: string,
  request: JobRunRequest,
  log: LogFollower,
  session: AwsSession,
  context: ActionContext,
): Promise<Followed> {
  const follower = new JobFollower(jobId, request, log, session, await session.batchJobs(), context);
  return follower.follow();
}

class JobFollower {
  readonly #jobId: string;
  readonly #request: JobRunRequest;
  readonly #log: LogFollower;
  readonly #session: AwsSession;
  readonly #batch: BatchJobOperations;
  readonly #context: ActionContext;
  #waited = NOT_WAITED;
  #last: JobDescription | undefined;
  #silentMs = 0;
  #failures = 0;
  #misses = 0;
  #isRenewed = false;
  #mayAskQueue = true;

  constructor(
    jobId: string,
    request: JobRunRequest,
    log: LogFollower,
    session: AwsSession,
    batch: BatchJobOperations,
    context: ActionContext,
  ) {
    this.#jobId = jobId;
    this.#request = request;
    this.#log = log;
    this.#session = session;
    this.#batch = batch;
    this.#context = context;
  }

  async follow(): Promise<Followed> {
    const { clock } = this.#context;
    const { limits, pollInterval } = this.#request;
    for (;;) {
      const began = clock.now().getTime();
      const job = await this.#look();
      if (job && isFinished(job)) {
        await this.#tellEnd(job);
        return { job, waited: this.#waited, limit: undefined };
      }
      if (job) await this.#tell(job);
      const limit = limitReached(this.#waited, limits);
      if (limit) return { job: this.#last, waited: this.#waited, limit };
      const left = timeLeft(this.#waited, limits, this.#last);
      const pause = Math.min(left, nextPause(pollInterval, this.#failures, Math.random()));
      await this.#pause(pause);
      this.#waited = waitedOn(this.#waited, crediblePassed(clock.now().getTime() - began, pause), this.#last);
    }
  }

  /** Undefined when it can't be seen now, but maybe later. */
  async #look(): Promise<JobDescription | undefined> {
    const jobId = this.#jobId;
    try {
      const job = await this.#batch.describe(jobId);
      this.#context.hide(job?.secrets ?? []);
      this.#failures = 0;
      this.#isRenewed = false;
      this.#misses = job ? 0 : this.#misses + 1;
      if (this.#misses >= MOST_MISSES) throw vanished(jobId, this.#last);
      return job;
    } catch (error) {
      const told = deployError(error, 'batch:DescribeJobs', jobId);
      if (isThrottling(error) || isAmbiguous(error)) {
        this.#failures += 1;
        if (this.#failures === 1) this.#say(`${told.title.replace(/: gave up.*/, '')}; asking less often`);
        return undefined;
      }
      if (told.code === 'aws.expired_credentials' && !this.#isRenewed && (await this.#session.renewCredentials())) {
        this.#isRenewed = true;
        this.#say('The AWS credentials had expired and were renewed');
        return this.#look();
      }
      throw told;
    }
  }

  async #tell(job: JobDescription): Promise<void> {
    const hasMoreAttempts = job.attempts.length > (this.#last?.attempts.length ?? 0);
    const isNowRunnable = job.status === 'RUNNABLE' && this.#last?.status !== 'RUNNABLE';
    // What an attempt wrote is told before its end, and what comes now after its beginning.
    if (hasMoreAttempts) await this.#showLog(job);
    this.#sayNews(job);
    if (isNowRunnable) {
      const place = await this.#placeInQueue();
      if (place) this.#say(place);
    }
    await this.#showLog(job);
  }

  async #tellEnd(job: JobDescription): Promise<void> {
    await this.#showLog(job);
    for (let look = 0; look < LAST_LOOKS && this.#log.lastStream; look++) {
      await this.#context.clock.sleep(LAST_LOOK_MS, this.#context.signal);
      if ((await this.#showLog(job)) === 0) break;
    }
    this.#log.sayMissing();
    this.#sayNews(job);
  }

  #sayNews(job: JobDescription): void {
    for (const { level, text } of whatIsNew(this.#last, job)) this.#say(text, level);
    this.#last = job;
  }

  async #showLog(job: JobDescription): Promise<number> {
    const shown = await this.#log.show(await this.#withLog(job));
    if (shown > 0) this.#silentMs = 0;
    return shown;
  }

  /** The main node of a multi-node job writes the log that tells; all other jobs write their own. */
  async #withLog(job: JobDescription): Promise<JobDescription> {
    if (job.mainNodeId === undefined || job.startedAt === undefined) return job;
    return (await this.#batch.describe(job.mainNodeId).catch(() => undefined)) ?? job;
  }

  /** Undefined where that can't be told: it is a help, and no condition. */
  async #placeInQueue(): Promise<string | undefined> {
    if (!this.#mayAskQueue || this.#last?.status !== 'RUNNABLE' || this.#last.array) return undefined;
    try {
      const arns = await this.#batch.frontOfQueue(this.#request.submission.queue);
      const { arn } = this.#last;
      // A list that is not full, and the job not in it, is older than the job.
      if (!arns.includes(arn) && arns.length < 100) return undefined;
      return queuePlaceText(arns.indexOf(arn) + 1);
    } catch {
      this.#mayAskQueue = false;
      return undefined;
    }
  }

  async #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#context;
    let left = ms;
    while (left > 0) {
      const slice = Math.min(left, Math.max(0, HEARTBEAT_MS - this.#silentMs));
      await clock.sleep(slice, signal);
      left -= slice;
      this.#silentMs += slice;
      if (this.#silentMs >= HEARTBEAT_MS) await this.#beat(this.#waited.total + ms - left);
    }
  }

  async #beat(waitedMs: number): Promise<void> {
    const unseen = this.#failures > 0 ? 'It can not be looked at now' : undefined;
    const more = unseen ?? (await this.#placeInQueue());
    this.#say([stillText(this.#last, waitedMs), ...(more ? [more] : [])].join('. '));
  }

  #say(text: string, level: 'info' | 'warn' = 'info'): void {
    this.#silentMs = 0;
    this.#context.progress[level](text);
  }
}

function vanished(jobId: string, last: JobDescription | undefined): DeployError {
  return new DeployError({
    code: 'batch.job_vanished',
    title: `job ${jobId} is no longer there`,
    message: last ? `It was ${last.status} when it was seen last.` : 'It was never seen.',
    hints: [
      'AWS Batch keeps jobs for days after their end. Check the region and the account, and look into CloudTrail.',
    ],
    exitCode: EXIT.notFound,
  });
}
