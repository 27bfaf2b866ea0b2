import type { EcsTask, TaskEnd, TaskStatus } from './task.ts';

/** What a container ends with that SIGTERM ended. */
const SIGTERM_EXIT_CODE = 143;
/** "Stopped tasks only appear for at least one hour" (API reference, DescribeTasks). */
const RETENTION_MS = 3_600_000;

/** What happens to a task by itself. */
export type Happening = 'advance' | 'ready' | 'unhealthy' | 'exit' | 'forget';

/** What happens to the task next, and when in milliseconds since the epoch; undefined when it stays as it is. */
export function nextHappening(task: EcsTask): { at: number; what: Happening } | undefined {
  const { play, lastStatus, statusSince, startedAt = 0, readyAt } = task;
  if (lastStatus === 'STOPPED') return { at: statusSince + RETENTION_MS, what: 'forget' };
  if (lastStatus !== 'RUNNING' || task.end !== undefined) {
    if (play.stuck === lastStatus && task.end === undefined) return undefined;
    return { at: statusSince + (lastStatus === 'RUNNING' ? 0 : play.durations[lastStatus]), what: 'advance' };
  }
  const happenings: { at: number; what: Happening }[] = [];
  if (!task.isReady && play.health === undefined) happenings.push({ at: startedAt + play.healthyMs, what: 'ready' });
  if (play.health === 'never' && task.healthStatus !== 'UNHEALTHY') {
    happenings.push({ at: startedAt + play.unhealthyMs, what: 'unhealthy' });
  }
  if (play.exit !== undefined) {
    const from = play.exit.from === 'HEALTHY' ? readyAt : startedAt;
    if (from !== undefined) happenings.push({ at: from + play.exit.afterMs, what: 'exit' });
  }
  return happenings.toSorted((a, b) => a.at - b.at)[0];
}

/** The state that follows, by what the task has: an interface of its own, a registration, an end to come. */
export function statusAfter(task: EcsTask): TaskStatus {
  const { lastStatus, isRegistered, hasInterface } = task;
  const isEnding = task.end !== undefined;
  switch (lastStatus) {
    case 'PROVISIONING':
      return isEnding ? 'DEPROVISIONING' : 'PENDING';
    case 'PENDING':
      if (isEnding) return hasInterface ? 'DEPROVISIONING' : 'STOPPED';
      return isRegistered ? 'ACTIVATING' : 'RUNNING';
    case 'ACTIVATING':
      return isEnding ? 'STOPPING' : 'RUNNING';
    case 'RUNNING':
      return isRegistered ? 'DEACTIVATING' : 'STOPPING';
    case 'DEACTIVATING':
      return 'STOPPING';
    case 'STOPPING':
      return hasInterface ? 'DEPROVISIONING' : 'STOPPED';
    default:
      return 'STOPPED';
  }
}

/** The members that change when the task comes to a state at a time. */
export function arrival(task: EcsTask, status: TaskStatus, now: number): Partial<EcsTask> {
  const common = { lastStatus: status, statusSince: now, version: task.version + 1 };
  if (status === 'PENDING') return { ...common, pullStartedAt: now };
  if (status === 'RUNNING') return { ...common, startedAt: now };
  const isOver = status === 'STOPPED' || status === 'DEPROVISIONING';
  return {
    ...common,
    ...(isOver && task.startedAt !== undefined && task.executionStoppedAt === undefined && { executionStoppedAt: now }),
    ...(isOver && task.end !== undefined && { containers: endedContainers(task, task.end) }),
    ...(status === 'STOPPED' && { stoppedAt: now }),
  };
}

/** Containers that ran have an exit code, and all may have a reason. */
function endedContainers(task: EcsTask, { exitCodes = {}, containerReasons = {} }: TaskEnd): EcsTask['containers'] {
  const hasRun = task.startedAt !== undefined;
  return task.containers.map((container) => ({
    ...container,
    ...(hasRun && { exitCode: exitCodes[container.name] ?? SIGTERM_EXIT_CODE }),
    ...(containerReasons[container.name] !== undefined && { reason: containerReasons[container.name]! }),
  }));
}
