import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';
import { familyAndRevision, type DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { labelOf } from './base-revision.ts';

/**
 * A revision that tasks can start from. Throws (exit code 5) when it is not there, or not ACTIVE.
 * @param reference a family (its newest ACTIVE revision), `family:revision` or an ARN
 */
export async function usableRevision(reference: string, session: AwsSession): Promise<DescribedTaskDefinition> {
  const described = await existingRevision(reference, session);
  if (described.status !== 'ACTIVE') throw inactiveRevision(described);
  return described;
}

/** The same, INACTIVE ones included: what runs from them goes on. */
export async function existingRevision(reference: string, session: AwsSession): Promise<DescribedTaskDefinition> {
  const { taskDefinitions } = ecsOf(session);
  const described = await taskDefinitions.describe(reference);
  if (described) return described;
  const { family, revision } = familyAndRevision(reference);
  // Only for the name that may be meant: without the permission to list, the error is the same.
  const families = await taskDefinitions.families().catch((): string[] => []);
  const nearest = families.includes(family) ? undefined : nearestName(family, families);
  throw new DeployError({
    code: 'ecs.task_definition_not_found',
    title:
      revision === undefined
        ? `there is no active revision of task definition ${family}`
        : `there is no revision ${revision} of task definition ${family}`,
    message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
    hints: [
      ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
      'Check the name and the region, or register it first (register_task_definition).',
    ],
    exitCode: EXIT.notFound,
  });
}

export function inactiveRevision(described: DescribedTaskDefinition): DeployError {
  return new DeployError({
    code: 'ecs.task_definition_inactive',
    title: `revision ${labelOf(described)} is ${described.status}: it was deregistered, and nothing can be started from it`,
    hints: ['Give another revision, or register the definition again. Nothing can make a revision active again.'],
    exitCode: EXIT.notFound,
  });
}
