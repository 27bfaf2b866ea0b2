import type { ContainerDefinition } from '@aws-sdk/client-ecs';

import type { EcsState } from '../state.ts';
import { findDefinition } from '../task-definitions/definition.ts';
import { reportedDigest, resolveImage } from './image-digest.ts';
import { arrival, type Happening, nextHappening, statusAfter } from './life-cycle.ts';
import { type EcsTask, firstEssential, isStopped, type TaskEnd } from './task.ts';
import { logTarget, openLog, writeLog } from './task-log.ts';

/** Told of the tasks of services. */
export interface TaskWatcher {
  /** It was told to stop, by whomever, or has failed. */
  ending(task: EcsTask, end: TaskEnd): void;
  ready(task: EcsTask): void;
  /** Its health checks have failed for long enough. */
  unhealthy(task: EcsTask): void;
  /** It came to another state. */
  changed(task: EcsTask): void;
  /** What the first task of a service revision has found the tag of a container's image to stand for. */
  pinnedDigest(task: EcsTask, container: string): string | undefined;
  pinDigest(task: EcsTask, container: string, digest: string): void;
}

/** Leads tasks through their states, on the timeline. */
export class TaskRunner {
  readonly #state: EcsState;
  readonly #watcher: TaskWatcher;
  /** What takes back the next happening of a task, by its ARN. */
  readonly #timers = new Map<string, () => void>();

  constructor(state: EcsState, watcher: TaskWatcher) {
    this.#state = state;
    this.#watcher = watcher;
  }

  begin(task: EcsTask): void {
    this.#state.region(task.region).tasks.set(task.taskArn, task);
    this.#arm(task);
  }

  /** The task is to end. What is ending already goes on as it does. */
  stop(task: EcsTask, end: TaskEnd): void {
    if (task.end !== undefined) return;
    task.end = end;
    task.isReady = false;
    task.stoppingAt = this.#state.now();
    task.version += 1;
    // It leaves the state that it is in at once, but for a pull, which is not interrupted.
    if (task.lastStatus !== 'PENDING' || task.play.stuck === 'PENDING') this.#come(task);
    this.#watcher.ending(task, end);
    this.#arm(task);
  }

  /** Takes up what the restored tasks were waiting for. */
  resume(): void {
    for (const [, { tasks }] of this.#state.regions()) for (const task of tasks.values()) this.#arm(task);
  }

  forget(): void {
    for (const takeBack of this.#timers.values()) takeBack();
    this.#timers.clear();
  }

  #arm(task: EcsTask): void {
    this.#timers.get(task.taskArn)?.();
    this.#timers.delete(task.taskArn);
    const next = nextHappening(task);
    if (next === undefined) return;
    const happen = (): Promise<void> => {
      this.#timers.delete(task.taskArn);
      return this.#happen(task, next.what);
    };
    const kind = next.what === 'forget' ? 'appointment' : 'progress';
    this.#timers.set(task.taskArn, this.#state.world.timeline.at(new Date(next.at), happen, kind));
  }

  async #happen(task: EcsTask, what: Happening): Promise<void> {
    if (what === 'forget') {
      this.#state.region(task.region).tasks.delete(task.taskArn);
      return;
    }
    if (what === 'exit') return this.stop(task, exitOf(task));
    if (what === 'advance') return this.#advance(task);
    if (what === 'ready') {
      task.isReady = true;
      task.readyAt = this.#state.now();
    }
    const hasCheck = task.containers.some(({ hasHealthCheck }) => hasHealthCheck);
    if (hasCheck || what === 'unhealthy') task.healthStatus = what === 'ready' ? 'HEALTHY' : 'UNHEALTHY';
    task.version += 1;
    this.#watcher[what](task);
    this.#arm(task);
  }

  async #advance(task: EcsTask): Promise<void> {
    if (task.lastStatus === 'PENDING' && task.end === undefined) {
      const refused = task.play.failToStart ?? (await this.#prepare(task));
      if (!this.#isCurrent(task) || task.lastStatus !== 'PENDING') return;
      if (refused !== undefined && task.end === undefined) return this.#failToStart(task, refused);
      task.pullStoppedAt = this.#state.now();
    }
    this.#come(task);
    this.#watcher.changed(task);
    this.#arm(task);
    if (task.lastStatus === 'RUNNING') await this.#writeLog(task);
  }

  #failToStart(task: EcsTask, why: string): void {
    const culprit = firstEssential(task);
    const isOfContainer =
      why.startsWith('CannotPull') || why.startsWith('CannotStart') || why.startsWith('CannotCreate');
    task.end = {
      stopCode: 'TaskFailedToStart',
      stoppedReason: why,
      isFailure: true,
      ...(isOfContainer && { containerReasons: { [culprit.name]: why } }),
    };
    task.stoppingAt = this.#state.now();
    this.#come(task);
    this.#watcher.ending(task, task.end);
    this.#arm(task);
  }

  /** Finds the images and opens the logs. Gives why the task can't start. */
  async #prepare(task: EcsTask): Promise<string | undefined> {
    const { world } = this.#state;
    const definition = findDefinition(this.#state.region(task.region), task.taskDefinitionArn);
    const role = task.overrides.executionRoleArn ?? definition?.executionRoleArn;
    for (const container of task.containers) {
      const pinned = this.#watcher.pinnedDigest(task, container.name);
      const found =
        pinned === undefined
          ? await resolveImage(world, container.image, { region: task.region, role, taskId: task.id })
          : { digest: pinned };
      if ('refused' in found) return found.refused;
      container.imageDigest = await reportedDigest(this.#state, { task, container, definition }, found.digest);
      if (pinned === undefined) this.#watcher.pinDigest(task, container.name, found.digest);
    }
    for (const container of this.#definitions(task)) {
      const target = logTarget(container, task);
      const problem = target === undefined ? undefined : await openLog(world, target);
      if (problem !== undefined) return problem.refused;
    }
    return undefined;
  }

  async #writeLog(task: EcsTask): Promise<void> {
    const first = this.#definitions(task).find(({ essential }) => essential !== false);
    const target = first && logTarget(first, task);
    if (target !== undefined) await writeLog(this.#state.world, target, task.play.log);
  }

  #definitions(task: EcsTask): readonly ContainerDefinition[] {
    return findDefinition(this.#state.region(task.region), task.taskDefinitionArn)?.containerDefinitions ?? [];
  }

  #come(task: EcsTask): void {
    Object.assign(task, arrival(task, statusAfter(task), this.#state.now()));
  }

  /** False for a task that a reset has forgotten. */
  #isCurrent(task: EcsTask): boolean {
    return this.#state.region(task.region).tasks.get(task.taskArn) === task && !isStopped(task);
  }
}

function exitOf(task: EcsTask): TaskEnd {
  const { play, owner } = task;
  const { exitCodes, reason, stopCode, stoppedReason } = play.exit!;
  const { '*': ofFirst = 0, ...byName } = exitCodes;
  const first = firstEssential(task).name;
  return {
    stopCode,
    stoppedReason,
    exitCodes: { [first]: ofFirst, ...byName },
    ...(reason !== undefined && { containerReasons: { [first]: reason } }),
    isFailure: owner !== undefined,
  };
}
