import type { BatchJobOperations } from '../../aws/batch-jobs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isFinished, type JobDescription } from '../../plan/job-run/job-description.ts';
import { limitReached, NOT_WAITED, timeLeft, waitedOn, type Limits, type Waited } from '../../plan/job-run/patience.ts';
import { queuePlaceText, stillText, whatIsNew } from '../../plan/job-run/progress-text.ts';
import { nextPause } from '../../plan/waiting/polling.ts';
import type { ActionContext } from '../context.ts';
import { PatientLook } from '../waiting/patient-look.ts';
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

/** A job that was submitted a moment ago may not be found yet. */
const MOST_MISSES = 5;

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
  readonly #batch: BatchJobOperations;
  readonly #context: ActionContext;
  readonly #patient: PatientLook;
  #waited = NOT_WAITED;
  #last: JobDescription | undefined;
  #misses = 0;
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
    this.#batch = batch;
    this.#context = context;
    this.#patient = new PatientLook(session, context, (waitedMs, isUnseen) => this.#still(waitedMs, isUnseen));
  }

  async follow(): Promise<Followed> {
    const { limits, pollInterval } = this.#request;
    for (;;) {
      const job = await this.#look();
      if (job && isFinished(job)) {
        await this.#tellEnd(job);
        return { job, waited: this.#waited, limit: undefined };
      }
      if (job) await this.#tell(job);
      const limit = limitReached(this.#waited, limits);
      if (limit) return { job: this.#last, waited: this.#waited, limit };
      const left = timeLeft(this.#waited, limits, this.#last);
      const pause = nextPause(0, this.#patient.failures, Math.random(), pollInterval);
      const passed = await this.#patient.pause(Math.min(left, pause));
      this.#waited = waitedOn(this.#waited, passed, this.#last);
    }
  }

  /** Undefined when it can't be seen now, but maybe later. */
  async #look(): Promise<JobDescription | undefined> {
    const jobId = this.#jobId;
    const look = async (): Promise<JobDescription | undefined> => {
      const job = await this.#batch.describe(jobId);
      this.#context.hide(job?.secrets ?? []);
      this.#misses = job ? 0 : this.#misses + 1;
      if (this.#misses >= MOST_MISSES) throw vanished(jobId, this.#last);
      return job;
    };
    return this.#patient.look(look, () => 'batch:DescribeJobs', jobId);
  }

  async #tell(job: JobDescription): Promise<void> {
    const hasMoreAttempts = job.attempts.length > (this.#last?.attempts.length ?? 0);
    const isNowRunnable = job.status === 'RUNNABLE' && this.#last?.status !== 'RUNNABLE';
    // What an attempt wrote is told before its end, and what comes now after its beginning.
    if (hasMoreAttempts) await this.#showLog(job);
    this.#sayNews(job);
    if (isNowRunnable) {
      const place = await this.#placeInQueue();
      if (place) this.#patient.say(place);
    }
    await this.#showLog(job);
  }

  async #tellEnd(job: JobDescription): Promise<void> {
    await this.#showLog(job);
    await this.#log.showLast(() => this.#showLog(job), this.#context);
    this.#sayNews(job);
  }

  #sayNews(job: JobDescription): void {
    for (const { level, text } of whatIsNew(this.#last, job)) this.#patient.say(text, level);
    this.#last = job;
  }

  async #showLog(job: JobDescription): Promise<number> {
    const shown = await this.#log.show(await this.#withLog(job));
    if (shown > 0) this.#patient.wasHeard();
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

  async #still(waitedMs: number, isUnseen: boolean): Promise<string> {
    const more = isUnseen ? 'It can not be looked at now' : await this.#placeInQueue();
    return [stillText(this.#last, waitedMs), ...(more ? [more] : [])].join('. ');
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
