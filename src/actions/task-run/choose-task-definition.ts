import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { RecordEntry } from '../../circleci/release-record.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';
import { familyAndRevision, type DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
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

/** Looks the revision up. Throws (exit code 5) when it isn't there or can no longer be used. */
export async function chooseTaskDefinition(reference: string, session: AwsSession): Promise<DescribedTaskDefinition> {
  const described = await ecsOf(session).taskDefinitions.describe(reference);
  if (!described) throw await notFound(reference, session);
  if (described.status !== 'ACTIVE') throw inactive(described);
  return described;
}

async function notFound(reference: string, session: AwsSession): Promise<DeployError> {
  const { family, revision } = familyAndRevision(reference);
  const families = await ecsOf(session).taskDefinitions.families();
  const nearest = families.includes(family) ? undefined : nearestName(family, families);
  return new DeployError({
    code: 'ecs.task_definition_not_found',
    title:
      revision === undefined
        ? `there is no active revision of task definition ${family}`
        : `there is no revision ${revision} of task definition ${family}`,
    message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
    hints: [
      ...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]),
      'Check the name and the region, or register it first (register_task_definition). Nothing was started.',
    ],
    exitCode: EXIT.notFound,
  });
}

function inactive({ family, revision, status }: DescribedTaskDefinition): DeployError {
  return new DeployError({
    code: 'ecs.task_definition_inactive',
    title: `revision ${family}:${revision} is ${status}: it was deregistered`,
    hints: [
      `Give task_definition as ${family} to run its newest active revision, or register it again. Nothing was started.`,
    ],
    exitCode: EXIT.notFound,
  });
}
