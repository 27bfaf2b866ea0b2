import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { TaskSnapshot } from '../../plan/rollout/observation.ts';
import { hiddenLogs, loggingContainers, taskLabel } from '../../plan/task-run/log-places.ts';
import { stillText, whatIsNew } from '../../plan/task-run/progress-text.ts';
import { nextPause } from '../../plan/waiting/polling.ts';
import type { ActionContext } from '../context.ts';
import type { LogFollower } from '../job-run/follow-log.ts';
import { PatientLook } from '../waiting/patient-look.ts';
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
  readonly #patient: PatientLook;
  #tasks: readonly TaskSnapshot[] = [];
  #misses = 0;

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
    this.#patient = new PatientLook(session, context, (waitedMs, isUnseen) => {
      return `${stillText(this.#tasks, waitedMs)}${isUnseen ? '. It can not be looked at now' : ''}`;
    });
  }

  async follow(): Promise<FollowedTasks> {
    const { timeout, pollInterval } = this.#request;
    for (const text of hiddenLogs(this.#plan.logs, this.#plan.definition)) this.#patient.say(text, 'warn');
    for (;;) {
      await this.#look();
      const going = this.#going();
      const isOver = going.length === 0;
      if (isOver) await this.#log.showLast(() => this.#showLog(), this.#context);
      const { waitedMs, failures } = this.#patient;
      if (isOver || waitedMs >= timeout) return { tasks: this.#tasks, waitedMs, going, isOver };
      await this.#patient.pause(Math.min(timeout - waitedMs, nextPause(0, failures, Math.random(), pollInterval)));
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
    for (const text of whatIsNew(before, this.#tasks, this.#plan.container)) this.#patient.say(text);
    await this.#showLog();
  }

  /** Undefined when they can't be seen now, but maybe later. */
  async #ask(arns: readonly string[]): Promise<TaskSnapshot[] | undefined> {
    const { cluster } = this.#request;
    const look = async (): Promise<TaskSnapshot[]> => {
      const seen = await ecsOf(this.#session).tasks.poll(cluster, arns);
      const missing = arns.filter((wanted) => !seen.some(({ arn }) => arn === wanted));
      this.#misses = missing.length === 0 ? 0 : this.#misses + 1;
      if (this.#misses >= MOST_MISSES) throw vanished(missing, this.#tasks);
      return seen;
    };
    return this.#patient.look(look, () => 'ecs:DescribeTasks', `tasks in ${cluster}`);
  }

  async #showLog(): Promise<number> {
    const containers = loggingContainers(this.#tasks, this.#plan.logs, this.#plan.definition);
    const shown = await this.#log.show({ attempts: [], containers });
    if (shown > 0) this.#patient.wasHeard();
    return shown;
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
