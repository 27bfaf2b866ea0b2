import { durationText } from '../../core/duration-text.ts';
import type { TaskSnapshot } from '../rollout/observation.ts';
import { stoppedText } from '../rollout/telling/failure-digest.ts';
import { taskLabel } from './log-places.ts';
import { taskProblems } from './verdict.ts';

/**
 * What is new about tasks, compared with the look before: their states, and how they ended.
 * @param container whose exit code counts
 */
export function whatIsNew(
  before: readonly TaskSnapshot[],
  tasks: readonly TaskSnapshot[],
  container: string,
): string[] {
  return tasks.flatMap((task) => {
    if (before.find(({ arn }) => arn === task.arn)?.lastStatus === task.lastStatus) return [];
    const state = task.lastStatus === 'STOPPED' ? endText(task, container) : task.lastStatus;
    return [tasks.length > 1 ? `Task ${taskLabel(task.arn)}: ${state}` : state];
  });
}

function endText(task: TaskSnapshot, container: string): string {
  const isWell = taskProblems(task, [container]).length === 0;
  return isWell ? `STOPPED, ${container} ended with exit code 0` : `STOPPED: ${stoppedText(task)}`;
}

/** `RUNNING`, and of several tasks `2 RUNNING, 1 STOPPED`. */
export function statesText(tasks: readonly TaskSnapshot[]): string {
  const states = new Map<string, number>();
  for (const { lastStatus } of tasks) states.set(lastStatus, (states.get(lastStatus) ?? 0) + 1);
  if (tasks.length <= 1) return [...states.keys()][0] ?? 'not to be seen';
  return [...states].map(([state, count]) => `${count} ${state}`).join(', ');
}

/** What is said when nothing has changed for a while. */
export function stillText(tasks: readonly TaskSnapshot[], waitedMs: number): string {
  return `Still ${tasks.length === 0 ? 'waiting' : statesText(tasks)} after ${durationText(waitedMs)}`;
}
