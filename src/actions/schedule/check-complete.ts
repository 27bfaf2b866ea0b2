import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { missingToCreate, type ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';

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
