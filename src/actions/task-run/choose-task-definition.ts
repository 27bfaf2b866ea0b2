import type { RecordEntry } from '../../circleci/release-record.ts';
import { badArgument } from '../../core/errors.ts';
import type { ActionContext } from '../context.ts';
import { releasedRevisions } from '../task-definition/released-revisions.ts';

/**
 * What this workflow registered, in this job or in earlier ones: the ARN of its revision; undefined when it registered
 * none. Throws (exit code 2) when it registered several families.
 */
export function registeredRevision(
  record: readonly RecordEntry[],
  { env }: Pick<ActionContext, 'env'>,
): string | undefined {
  const released = releasedRevisions(record, env);
  if (released.size <= 1) return [...released.values()][0];
  throw badArgument('it is not clear which task definition is meant: give task_definition', [
    `This workflow registered: ${[...released.keys()].join(', ')}.`,
  ]);
}
