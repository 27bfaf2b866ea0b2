import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import { nearestName } from '../../core/nearest-name.ts';
import { parseTaskDefinitionReference } from '../../plan/schedule/definition-reference.ts';
import type { RevisionAge } from '../../plan/schedule/move.ts';
import { targetProblems } from '../../plan/scheduled-task/target-problems.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { taskDefinitionTag } from '../../plan/task-definition/tags.ts';
import { targetOf } from '../schedule/converge.ts';
import type { FoundTask } from './scheduled-task.ts';

/** What a schedule or rule is to run. */
export interface Destination {
  family: string;
  /** ARN of the revision, or of the family. */
  reference: string;
  /** Of the revision that runs by it now. */
  age: RevisionAge;
  /** That revision. */
  definition: JsonObject;
}

/** Whether one revision is meant, or whichever of its family is the newest when it runs. */
export type Pin = 'revision' | 'family';

/**
 * A revision that is there. Throws when it is not, or is not ACTIVE, so that no task could start (exit code 5).
 * @param reference a revision, or a family for its newest ACTIVE revision
 */
export async function findDestination(reference: string, pin: Pin, session: AwsSession): Promise<Destination> {
  const described = await ecsOf(session).taskDefinitions.describe(reference);
  if (!described) throw await notFound(reference, session);
  if (described.status !== 'ACTIVE') throw inactive(described);
  const { family, arn, definition } = described;
  const pointer = pin === 'family' ? familyArn(family, session) : arn;
  return { family, reference: pointer, age: revisionAge(described), definition };
}

/** What stands for the newest ACTIVE revision of a family, whenever a task starts: its ARN without a number. */
export function familyArn(family: string, { region, identity }: AwsSession): string {
  const partition = identity.arn.split(':')[1] ?? 'aws';
  return `arn:${partition}:ecs:${region}:${identity.accountId}:task-definition/${family}`;
}

export function revisionAge({
  revision,
  definition,
}: Pick<DescribedTaskDefinition, 'revision' | 'definition'>): RevisionAge {
  const tag = taskDefinitionTag(definition, 'pipeline');
  return { revision, pipeline: tag === undefined ? undefined : Number(tag) };
}

/** Throws (exit code 2) when every run of the definition by this target would be refused. */
export function checkTarget(label: string, { whole }: FoundTask, definition: JsonObject): void {
  const problems = targetProblems(targetOf(whole), definition);
  if (problems.length === 0) return;
  throw new DeployError({
    code: 'ecs.target_mismatch',
    title: `ECS would refuse every run of ${label}`,
    message: problems.join('\n'),
    hints: ['Correct the task definition, or the target, of which only the task definition is changed here.'],
    exitCode: EXIT.badArguments,
  });
}

async function notFound(reference: string, session: AwsSession): Promise<DeployError> {
  const { taskDefinitions } = ecsOf(session);
  const family = parseTaskDefinitionReference(reference)?.name ?? reference;
  const [newest] = await taskDefinitions.revisions(family, 'ACTIVE', 1).catch(() => []);
  const nearest = newest ?? nearestName(family, await taskDefinitions.families().catch(() => []));
  return new DeployError({
    code: 'ecs.task_definition_not_found',
    title: `there is no task definition ${reference}`,
    message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
    hints: [
      ...(nearest === undefined ? [] : [nearest === newest ? `The newest is ${newest}.` : `Did you mean ${nearest}?`]),
      'Check the name, the region and the account.',
    ],
    exitCode: EXIT.notFound,
  });
}

function inactive({ family, revision, status }: DescribedTaskDefinition): DeployError {
  return new DeployError({
    code: 'ecs.task_definition_inactive',
    title: `revision ${family}:${revision} is ${status}: no task can start from it any more`,
    hints: ['Give another revision, or release it again. Nothing can make a revision active again.'],
    exitCode: EXIT.notFound,
  });
}
