import { stoppedText } from '../rollout/telling/failure-digest.ts';
import type { TaskSnapshot } from '../rollout/observation.ts';
import { shortId } from '../rollout/proof.ts';

/** What is known of tasks that one RunTask was to start. */
export interface TaskRunFacts {
  /** How many were asked for. */
  wanted: number;
  /** What AWS could not place: it answers 200 with them. */
  failures: readonly { reason: string; detail: string | undefined }[];
  /** As they were described last. */
  tasks: readonly TaskSnapshot[];
  /** The containers whose exit codes count: by default the essential ones of the task definition. */
  deciding: readonly string[];
}

export interface TaskRunVerdict {
  state: 'GOING' | 'SUCCEEDED' | 'FAILED';
  /** Of the first container that failed, or 0; undefined where none tells one. */
  exitCode: number | undefined;
  /** Why it failed, a sentence each. */
  problems: readonly string[];
}

/**
 * The verdict on tasks that run once: it succeeded only when every task that was asked for stopped, and every container
 * that counts exited with 0 by itself. A container without an exit code has not, nor has one that was asked to stop.
 */
export function judgeTaskRun({ wanted, failures, tasks, deciding }: TaskRunFacts): TaskRunVerdict {
  const stopped = tasks.filter(({ lastStatus }) => lastStatus === 'STOPPED');
  const problems = [
    ...failures.map(
      ({ reason, detail }) => `A task could not be placed: ${[reason, detail].filter(Boolean).join(', ')}`,
    ),
    ...(failures.length === 0 && tasks.length < wanted
      ? [`${tasks.length} of ${wanted} tasks were started, and AWS does not say why not all`]
      : []),
    ...stopped.flatMap((task) => taskProblems(task, deciding)),
  ];
  if (stopped.length < tasks.length) return { state: 'GOING', exitCode: undefined, problems };
  const codes = stopped.flatMap((task) => exitCodes(task, deciding));
  return {
    state: problems.length === 0 ? 'SUCCEEDED' : 'FAILED',
    exitCode: codes.find((code) => code !== undefined && code !== 0) ?? (problems.length === 0 ? 0 : undefined),
    problems,
  };
}

/** Why a task that has stopped did not succeed; empty when it did. */
export function taskProblems(task: TaskSnapshot, deciding: readonly string[]): string[] {
  const codes = exitCodes(task, deciding);
  if (codes.length === 0 || codes.some((code) => code !== 0))
    return [`Task ${shortId(task.arn)}: ${stoppedText(task)}`];
  if (task.stopCode === undefined || task.stopCode === ENDED_BY_ITSELF) return [];
  const why = [task.stopCode, task.stoppedReason].filter(Boolean).join(': ');
  return [`Task ${shortId(task.arn)} was stopped before it ended by itself (${why}), and exited with 0 then`];
}

/** Of TaskStopCode: with all others somebody stopped the task, and a program that is asked to stop may well exit with 0. */
const ENDED_BY_ITSELF = 'EssentialContainerExited';

function exitCodes({ containers }: TaskSnapshot, deciding: readonly string[]): (number | undefined)[] {
  return deciding.map((name) => containers.find((container) => container.name === name)?.exitCode);
}
