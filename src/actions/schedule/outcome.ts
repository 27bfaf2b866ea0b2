import { DeployError, badArgument } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import type { Change } from '../../core/result.ts';
import { missingToCreate, type ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';

/** How often an update starts anew because something else changed the same schedule in between. */
export const MOST_ROUNDS = 5;

/** What became of a schedule or rule. */
export interface PutOutcome {
  status: 'changed' | 'unchanged' | 'planned';
  change: Change;
  arn: string | undefined;
  /** As it is now; in a dry run as it would be. */
  settings: JsonObject;
  /** The target that submits the job. */
  target: JsonObject;
  created: Date | undefined;
}

/**
 * What is asked to be created needs all that makes it. Throws: exit code 5 when nothing of it is given, since then a name
 * is most likely misspelt, and 2 otherwise.
 */
export function checkComplete(label: string, edits: ScheduleEdits, missing = missingToCreate(edits)): void {
  if (missing.length === 0) return;
  const wants = edits.expression ?? edits.jobQueue ?? edits.roleArn;
  if (wants !== undefined) {
    throw badArgument(`to create ${label}, ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} needed`, [
      `There is no ${label} yet. Nothing was changed.`,
    ]);
  }
  throw new DeployError({
    code: 'schedule.not_found',
    title: `there is no ${label}`,
    hints: [`Check the name and the region; to create it, give ${missing.join(', ')}. Nothing was changed.`],
    exitCode: EXIT.notFound,
  });
}

/** What was sent is not what is there. Exit code 10: it may run something else than was asked for. */
export function notAsAsked(label: string, lines: readonly string[]): DeployError {
  return new DeployError({
    code: 'schedule.not_as_asked',
    title: `${label} is not as it was sent`,
    message: `Read back, it differs: AWS did not keep it, or something else keeps changing it.\n${lines.join('\n')}`,
    hints: ['Look at it in the AWS console, and let only one of Terraform, CloudFormation and this pipeline own it.'],
    exitCode: EXIT.failedNotRolledBack,
  });
}

export function contended(label: string): DeployError {
  return new DeployError({
    code: 'schedule.contended',
    title: `others kept changing ${label} at the same time`,
    hints: ['Put the deploys of one schedule into one serial-group, and run this one again.'],
    exitCode: EXIT.superseded,
  });
}

/** A run that fails to submit leaves no trace but in the dead-letter queue. */
export function warnWithoutQueue(label: string, target: JsonObject, progress: Progress): void {
  const queue = (target['DeadLetterConfig'] as JsonObject | undefined)?.['Arn'];
  if (queue === undefined) {
    progress.warn(
      `${label} has no dead-letter queue: a run that can not be submitted is lost in silence (dead_letter_queue_arn)`,
    );
  }
}
