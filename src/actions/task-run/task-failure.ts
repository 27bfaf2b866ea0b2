import { durationText } from '../../core/duration-text.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { lastLinesOf } from '../../plan/failure-text.ts';
import { digestHints } from '../../plan/rollout/telling/failure-digest.ts';
import { placementHints, placementText, type PlacementFailure } from '../../plan/task-run/placement-failure.ts';
import { statesText } from '../../plan/task-run/progress-text.ts';
import type { TaskRunVerdict } from '../../plan/task-run/verdict.ts';
import type { FollowedTasks } from './follow-tasks.ts';
import type { LeftTasks } from './leave-tasks.ts';

/** RunTask started nothing at all: nothing has happened, and exit code 4 says that it was AWS that did not take it. */
export function notStarted(family: string, failures: readonly PlacementFailure[]): DeployError {
  const [first] = failures;
  if (!first) {
    return new DeployError({
      code: 'ecs.task_not_started',
      title: `ECS started no task of ${family} and gives no reason`,
      hints: [
        'An earlier run has used this idempotency key, and could not be placed or is forgotten. Run the job again by hand, or give another idempotency_key.',
      ],
      exitCode: EXIT.awsApi,
    });
  }
  const reasons = [...new Set(failures.map(placementText))];
  return new DeployError({
    code: 'ecs.task_not_placed',
    title: `ECS could not place a task of ${family}: ${reasons[0]}`,
    message: `RunTask answered with failures: ${reasons.join('; ')}.`,
    hints: [...placementHints(failures), 'Nothing ran.'],
    exitCode: EXIT.awsApi,
  });
}

/** Some could not be placed, while others run and are not waited for: exit code 10. */
export function partlyStarted(
  family: string,
  { started, wanted }: { started: number; wanted: number },
  failures: readonly PlacementFailure[],
): DeployError {
  return new DeployError({
    code: 'ecs.task_not_placed',
    title: `ECS started ${started} of ${wanted} tasks of ${family}`,
    message: [...new Set(failures.map(placementText))].join('\n') || 'AWS gives no reason.',
    hints: [...placementHints(failures), 'Those that were started go on.'],
    exitCode: EXIT.failedNotRolledBack,
  });
}

export interface FailureParts {
  family: string;
  wanted: number;
  verdict: TaskRunVerdict;
  failures: readonly PlacementFailure[];
  lastLines: readonly string[];
  logLink: string | undefined;
}

/** Tasks that failed, told so that nobody has to look elsewhere: exit code 10. */
export function taskFailure({ family, wanted, verdict, failures, lastLines, logLink }: FailureParts): DeployError {
  const { exitCode, problems } = verdict;
  const what = wanted === 1 ? `task ${family} failed` : `${problems.length} of ${wanted} tasks of ${family} failed`;
  const how =
    exitCode === undefined ? ` without running to ${wanted === 1 ? 'its' : 'their'} end` : `: exit code ${exitCode}`;
  return new DeployError({
    code: 'ecs.task_failed',
    title: `${what}${how}`,
    message: [...problems, ...lastLinesOf('the log', lastLines)].join('\n'),
    hints: [
      ...new Set([...placementHints(failures), ...digestHints(problems)]),
      ...(logLink ? [`The whole log: ${logLink}`] : []),
    ],
    exitCode: EXIT.failedNotRolledBack,
  });
}

/** The time was over before the tasks: exit code 8. */
export function taskTimeout(family: string, { tasks, waitedMs }: FollowedTasks, left: LeftTasks): DeployError {
  const time = durationText(waitedMs);
  const states = statesText(tasks);
  return new DeployError({
    code: 'ecs.task_timeout',
    title:
      tasks.length > 1
        ? `the tasks of ${family} did not all end in ${time}: ${states}`
        : `task ${family} did not end in ${time}: it is ${states}`,
    message: `The time is over, and ${left.fate}.`,
    hints: ['To wait longer, raise timeout.', ...left.hints],
    exitCode: EXIT.timedOut,
  });
}
