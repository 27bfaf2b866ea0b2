import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RevisionAge } from '../../plan/schedule/move.ts';
import { targetProblems } from '../../plan/scheduled-task/target-problems.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { taskDefinitionTag } from '../../plan/task-definition/tags.ts';
import { targetOf } from '../schedule/converge.ts';
import { usableRevision } from '../task-definition/usable-revision.ts';
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
  const described = await usableRevision(reference, session);
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
