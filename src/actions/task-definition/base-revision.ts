import type { TaskDefinitionOperations } from '../../aws/ecs/task-definitions.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { Progress } from '../../core/progress.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { taskDefinitionTag } from '../../plan/task-definition/tags.ts';

/** How far back a revision is looked for that was not rejected; each costs a call. */
const MOST_REJECTED = 20;

/** `web:8`, as people call a revision. */
export function labelOf({ family, revision }: DescribedTaskDefinition): string {
  return `${family}:${revision}`;
}

export function isRejected({ definition }: DescribedTaskDefinition): boolean {
  return taskDefinitionTag(definition, 'rejected') !== undefined;
}

/**
 * What a release without a file starts from: the newest ACTIVE revision that was not rejected. Says which one when that is
 * not the newest. Throws (exit code 5) when there is none.
 * @param newest the newest ACTIVE revision
 */
export async function baseRevision(
  family: string,
  newest: DescribedTaskDefinition | undefined,
  taskDefinitions: TaskDefinitionOperations,
  { session, progress }: { session: AwsSession; progress: Progress },
): Promise<DescribedTaskDefinition> {
  if (!newest) throw await familyNotFound(family, taskDefinitions, session);
  if (!isRejected(newest)) return newest;
  const older = (await taskDefinitions.revisions(family, 'ACTIVE', MOST_REJECTED))
    .filter((arn) => Number(arn.split(':').at(-1)) < newest.revision)
    .slice(0, MOST_REJECTED);
  for (const arn of older) {
    const described = await taskDefinitions.describe(arn);
    if (described?.status !== 'ACTIVE' || isRejected(described)) continue;
    progress.warn(
      `${labelOf(newest)} is tagged as rejected (it failed, or was rolled back): starting from ${labelOf(described)}, the newest revision that is not`,
    );
    return described;
  }
  throw new DeployError({
    code: 'ecs.all_rejected',
    title: `there is no revision of ${family} to start from: each is tagged as rejected`,
    message: `Looked at ${labelOf(newest)} and the ${older.length} ACTIVE revisions before it.`,
    hints: [
      'Give task_definition, a file that holds the whole definition.',
      'Or remove the tag aws-deploy:rejected from the revision that is to be carried forward.',
    ],
    exitCode: EXIT.notFound,
  });
}

async function familyNotFound(
  family: string,
  taskDefinitions: TaskDefinitionOperations,
  { region, identity }: AwsSession,
): Promise<DeployError> {
  // Only for the name that may be meant: without the permission to list, the error is the same.
  const nearest = nearestName(family, await taskDefinitions.families().catch(() => []));
  return new DeployError({
    code: 'ecs.family_not_found',
    title: `there is no active revision of task definition ${family}`,
    message: `Looked in ${region}, account ${identity.accountId}.`,
    hints: [
      ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
      'Check the name and the region.',
      'For the first release give task_definition, a file that holds the whole definition.',
    ],
    exitCode: EXIT.notFound,
  });
}
