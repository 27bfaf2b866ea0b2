import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import { deployError, isAmbiguous, isThrottling } from '../../aws/errors.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { crediblePassed, nextPause } from '../../plan/job-run/patience.ts';
import type { TaskSnapshot } from '../../plan/rollout/observation.ts';
import { untilHeartbeat } from '../../plan/rollout/polling.ts';
import { hiddenLogs, loggingContainers, taskLabel } from '../../plan/task-run/log-places.ts';
import { stillText, whatIsNew } from '../../plan/task-run/progress-text.ts';
import type { ActionContext } from '../context.ts';
import type { LogFollower } from '../job-run/follow-log.ts';
import type { TaskRunPlan } from './plan-task-run.ts';
import type { TaskRunRequest } from './task-run-request.ts';

/** How a wait ended: with the tasks, or before them. */
export interface FollowedTasks {
  /** As they were seen last. */
  tasks: readonly TaskSnapshot[];
  waitedMs: number;
  /** ARNs of those that were not seen to stop. */
  going: readonly string[];
  isOver: boolean;
}

/** A task that was started a moment ago may not be found yet. */
const MOST_MISSES = 5;

/** Output may arrive after the task has stopped: so often, in these pauses, nothing more has to come until it is complete. */
const LAST_LOOKS = 5;
const LAST_LOOK_MS = 2000;

/**
 * Follows tasks until all have stopped or the time is over, and tells what happens. Throws when they can't be seen: not
 * allowed (exit code 3), or gone (5). Throttling and broken connections only make it ask less often.
 */
export async function followTasks(
  arns: readonly string[],
  plan: TaskRunPlan,
  request: TaskRunRequest,
  log: LogFollower,
  session: AwsSession,
  context: ActionContext,
): Promise<FollowedTasks> {
  return new TaskFollower(arns, plan, request, log, session, context).follow();
}

class TaskFollower {
  readonly #arns: readonly string[];
  readonly #plan: TaskRunPlan;
  readonly #request: TaskRunRequest;
  readonly #log: LogFollower;
  readonly #session: AwsSession;
  readonly #context: ActionContext;
  #tasks: readonly TaskSnapshot[] = [];
  #waitedMs = 0;
  #silentMs = 0;
  #failures = 0;
  #misses = 0;
  #isRenewed = false;

  constructor(
    arns: readonly string[],
    plan: TaskRunPlan,
    request: TaskRunRequest,
    log: LogFollower,
    session: AwsSession,
    context: ActionContext,
  ) {
    this.#arns = arns;
    this.#plan = plan;
    this.#request = request;
    this.#log = log;
    this.#session = session;
    this.#context = context;
  }

  async follow(): Promise<FollowedTasks> {
    const { clock } = this.#context;
    const { timeout, pollInterval } = this.#request;
    for (const text of hiddenLogs(this.#plan.logs, this.#plan.definition)) this.#say(text, 'warn');
    for (;;) {
      const began = clock.now().getTime();
      await this.#look();
      const going = this.#going();
      const isOver = going.length === 0;
      if (isOver) await this.#showLastLines();
      if (isOver || this.#waitedMs >= timeout) return { tasks: this.#tasks, waitedMs: this.#waitedMs, going, isOver };
      const pause = Math.min(timeout - this.#waitedMs, nextPause(pollInterval, this.#failures, Math.random()));
      await this.#pause(pause);
      this.#waitedMs += crediblePassed(clock.now().getTime() - began, pause);
    }
  }

  /** Those that are not known to have stopped: AWS forgets the others in an hour, while these may go on. */
  #going(): string[] {
    const stopped = this.#tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED').map(({ arn }) => arn);
    return this.#arns.filter((arn) => !stopped.includes(arn));
  }

  async #look(): Promise<void> {
    const before = this.#tasks;
    const seen = await this.#ask(this.#going());
    if (!seen) return;
    this.#tasks = this.#arns.flatMap((arn) => {
      const task = seen.find((each) => each.arn === arn) ?? before.find((each) => each.arn === arn);
      return task ? [task] : [];
    });
    // What a task wrote is told before its end, and what comes now after its beginning.
    if (seen.some(({ lastStatus }) => lastStatus === 'STOPPED')) await this.#showLog();
    for (const text of whatIsNew(before, this.#tasks, this.#plan.container)) this.#say(text);
    await this.#showLog();
  }

  /** Undefined when they can't be seen now, but maybe later. */
  async #ask(arns: readonly string[]): Promise<TaskSnapshot[] | undefined> {
    const { cluster } = this.#request;
    try {
      const seen = await ecsOf(this.#session).tasks.poll(cluster, arns);
      this.#failures = 0;
      this.#isRenewed = false;
      const missing = arns.filter((wanted) => !seen.some(({ arn }) => arn === wanted));
      this.#misses = missing.length === 0 ? 0 : this.#misses + 1;
      if (this.#misses >= MOST_MISSES) throw vanished(missing, this.#tasks);
      return seen;
    } catch (error) {
      const told = deployError(error, 'ecs:DescribeTasks', `tasks in ${cluster}`);
      if (isThrottling(error) || isAmbiguous(error)) {
        this.#failures += 1;
        if (this.#failures === 1) this.#say(`${told.title.replace(/: gave up.*/, '')}; asking less often`);
        return undefined;
      }
      if (told.code === 'aws.expired_credentials' && !this.#isRenewed && (await this.#session.renewCredentials())) {
        this.#isRenewed = true;
        this.#say('The AWS credentials had expired and were renewed');
        return this.#ask(arns);
      }
      throw told;
    }
  }

  async #showLog(): Promise<number> {
    const containers = loggingContainers(this.#tasks, this.#plan.logs, this.#plan.definition);
    const shown = await this.#log.show({ attempts: [], containers });
    if (shown > 0) this.#silentMs = 0;
    return shown;
  }

  async #showLastLines(): Promise<void> {
    for (let look = 0; look < LAST_LOOKS && this.#log.lastStream; look++) {
      await this.#context.clock.sleep(LAST_LOOK_MS, this.#context.signal);
      if ((await this.#showLog()) === 0) break;
    }
    this.#log.sayMissing();
  }

  async #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#context;
    let left = ms;
    while (left > 0) {
      const slice = Math.min(left, untilHeartbeat(this.#silentMs));
      await clock.sleep(slice, signal);
      left -= slice;
      this.#silentMs += slice;
      if (untilHeartbeat(this.#silentMs) === 0) this.#beat(this.#waitedMs + ms - left);
    }
  }

  #beat(waitedMs: number): void {
    const unseen = this.#failures > 0 ? '. It can not be looked at now' : '';
    this.#say(`${stillText(this.#tasks, waitedMs)}${unseen}`);
  }

  #say(text: string, level: 'info' | 'warn' = 'info'): void {
    this.#silentMs = 0;
    this.#context.progress[level](text);
  }
}

function vanished(missing: readonly string[], last: readonly TaskSnapshot[]): DeployError {
  const states = missing.map((arn) => {
    const task = last.find((each) => each.arn === arn);
    return `${taskLabel(arn)} ${task ? `was ${task.lastStatus} when it was seen last` : 'was never seen'}`;
  });
  return new DeployError({
    code: 'ecs.task_vanished',
    title: `${missing.length === 1 ? 'a task is' : `${missing.length} tasks are`} no longer there`,
    message: `${states.join(', ')}. What came of it is not known.`,
    hints: [
      'ECS forgets tasks about an hour after they have stopped. Look into its log, and check region and account.',
    ],
    exitCode: EXIT.notFound,
  });
}
