import type { Rules } from '../scenario/rules.ts';
import type { Rollout } from '../services/service-record.ts';
import { type EcsTask, isActive, isRunning, type TaskEnd } from '../tasks/task.ts';
import { countFailure } from './failures.ts';
import type { ServiceDeploymentRecord } from './deployment-record.ts';
import { launch, noPlaceMessage } from './launching.ts';
import { rollingMoves } from './scheduler.ts';
import type { ServiceView } from './service-view.ts';

/** How ECS waits before it looks for a place again. */
const CAPACITY_RETRY_MS = 30_000;

export interface Mover {
  rules: Rules;
  begin(task: EcsTask): void;
  stop(task: EcsTask, end: TaskEnd): void;
}

/** Starts and stops the tasks of a service, as many as may be now. Gives whether there were any. */
export function moveTasks(view: ServiceView, mover: Mover): boolean {
  const { service } = view;
  if (service.status !== 'ACTIVE') return stopTasks(view, view.tasks().filter(isActive), mover);
  const primary = view.primary();
  if (primary === undefined) return false;
  return primary.wanted === undefined ? moveRolling(view, primary, mover) : moveToWanted(view, mover);
}

function moveRolling(view: ServiceView, primary: Rollout, mover: Mover): boolean {
  const { service } = view;
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.settings.deploymentConfiguration;
  const old = view.old();
  const moves = rollingMoves({
    desired: service.desiredCount,
    minimumHealthyPercent,
    maximumPercent,
    mayStart: mayStart(view, primary),
    primary: view.counts(primary),
    old: view.counts(...old),
  });
  const oldTasks = old.flatMap((rollout) => view.tasksOf(rollout)).filter(isActive);
  const going = [
    ...leastUseful(view.tasksOf(primary)).slice(0, moves.stopPrimary),
    ...oldTasks.filter(({ isReady }) => !isReady).slice(0, moves.stopOldUnready),
    ...oldTasks.filter(({ isReady }) => isReady).slice(0, moves.stopOldReady),
  ];
  const hasStopped = stopTasks(view, going, mover);
  return startTasks(view, primary, moves.start, mover) || hasStopped;
}

/** Each rollout has the number of tasks that its stage wants. */
function moveToWanted(view: ServiceView, mover: Mover): boolean {
  let hasMoved = false;
  for (const rollout of view.service.rollouts) {
    const tasks = view.tasksOf(rollout).filter(isActive);
    const missing = (rollout.wanted ?? 0) - tasks.length;
    if (missing > 0 && mayStart(view, rollout)) hasMoved = startTasks(view, rollout, missing, mover) || hasMoved;
    if (missing < 0) hasMoved = stopTasks(view, leastUseful(tasks).slice(0, -missing), mover) || hasMoved;
  }
  return hasMoved;
}

/** A rollout that has failed starts no tasks, and none does before its deployment has begun. */
function mayStart(view: ServiceView, rollout: Rollout): boolean {
  const record = view.current();
  if (rollout.rolloutState === 'FAILED') return false;
  if (record === undefined || rollout.status !== 'PRIMARY') return true;
  if (record.play.stuck === 'ROLLOUT' && record.status === 'IN_PROGRESS') return false;
  if (record.status === 'IN_PROGRESS' && isBeforeScaleUp(record)) return false;
  if (record.play.rollback !== undefined && record.status === 'ROLLBACK_IN_PROGRESS') return false;
  return record.status === 'IN_PROGRESS' || record.status === 'ROLLBACK_IN_PROGRESS';
}

/** Hooks of a rolling update come before its first task. With the other strategies, `wanted` says how many there are to be. */
function isBeforeScaleUp({ stages, stage }: ServiceDeploymentRecord): boolean {
  return stage < stages.findIndex((planned) => planned.stage === 'SCALE_UP');
}

function startTasks(view: ServiceView, rollout: Rollout, count: number, { rules, begin }: Mover): boolean {
  const { service, now } = view;
  if (count === 0 || now < (service.launchAfter ?? 0)) return false;
  const started: EcsTask[] = [];
  for (let index = 0; index < count; index += 1) {
    const task = launch(view, rollout, rules);
    if ('noCapacity' in task) {
      view.event(noPlaceMessage(view, rollout, task.noCapacity));
      countFailure(view, rollout);
      service.launchAfter = now + CAPACITY_RETRY_MS;
      break;
    }
    begin(task);
    started.push(task);
  }
  service.isSteady = false;
  if (started.length > 0) {
    view.event(`has started ${started.length} tasks: ${started.map(({ id }) => `(task ${id})`).join(' ')}.`);
  }
  return true;
}

function stopTasks(view: ServiceView, tasks: readonly EcsTask[], { stop }: Mover): boolean {
  if (tasks.length === 0) return false;
  const { service } = view;
  const running = tasks.filter(isRunning);
  const stoppedReason = `Scaling activity initiated by (deployment ${view.primary()?.id ?? ''})`;
  for (const task of tasks) stop(task, { stopCode: 'ServiceSchedulerInitiated', stoppedReason, isFailure: false });
  service.isSteady = false;
  if (running.length > 0) {
    view.event(`has stopped ${running.length} running tasks: ${running.map(({ id }) => `(task ${id})`).join(' ')}.`);
  }
  if (running.length < tasks.length) view.event(`stopped ${tasks.length - running.length} pending tasks.`);
  return true;
}

/** Those that are not healthy first, then the newest. */
function leastUseful(tasks: readonly EcsTask[]): EcsTask[] {
  return tasks.filter(isActive).toSorted((a, b) => Number(a.isReady) - Number(b.isReady) || b.createdAt - a.createdAt);
}
