import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Progress } from '../../core/progress.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import type { TaskDefinitionPlan } from '../../plan/task-definition/next-revision.ts';
import { taskDefinitionTag, withoutOurTaskTags } from '../../plan/task-definition/tags.ts';
import { isRejected, labelOf } from './base-revision.ts';
import type { ReleasedTaskDefinition, TaskDefinitionRelease } from './release-task-definition.ts';

type Registration = Extract<TaskDefinitionPlan, { kind: 'register' }>;

export function placeOf(
  described: DescribedTaskDefinition,
): Pick<ReleasedTaskDefinition, 'arn' | 'revision' | 'definition'> {
  return { arn: described.arn, revision: described.revision, definition: withoutOurTaskTags(described.definition) };
}

export function registered(
  own: DescribedTaskDefinition,
  newest: DescribedTaskDefinition | undefined,
  { diff, hash }: Registration,
): ReleasedTaskDefinition {
  return {
    status: 'changed',
    change: { resource: own.arn, kind: newest ? 'updated' : 'created', diff },
    family: own.family,
    ...placeOf(own),
    hash,
  };
}

export function nothingToDo(newest: DescribedTaskDefinition, progress: Progress): ReleasedTaskDefinition {
  progress.info(`Nothing to do: ${labelOf(newest)} is what was asked for`);
  if (isRejected(newest)) progress.warn(`${labelOf(newest)} was rejected before; it is used again`);
  return {
    status: 'unchanged',
    change: { resource: newest.arn, kind: 'unchanged' },
    family: newest.family,
    ...placeOf(newest),
    hash: taskDefinitionTag(newest.definition, 'definition-hash') ?? '',
  };
}

export function planned(
  family: string,
  newest: DescribedTaskDefinition | undefined,
  { definition, diff, hash }: Registration,
): ReleasedTaskDefinition {
  return {
    status: 'planned',
    change: { resource: family, kind: newest ? 'updated' : 'created', diff },
    family,
    arn: newest?.arn,
    revision: newest?.revision,
    hash,
    definition: withoutOurTaskTags(definition),
  };
}

export function sayPlan(
  { family, dryRun }: TaskDefinitionRelease,
  newest: DescribedTaskDefinition | undefined,
  plan: Registration,
  progress: Progress,
): void {
  if (plan.foreign && newest) {
    progress.warn(
      `${labelOf(newest)} was not registered by aws-deploy. If Terraform or CloudFormation owns ${family}, let only one of the two register revisions.`,
    );
  }
  const beside = newest ? `what differs from ${labelOf(newest)}` : 'the first one';
  progress.step(`${dryRun ? 'Would register' : 'Registering'} a revision of ${family} (${beside})`);
  for (const line of plan.diff) progress.info(`  ${line}`);
}

export function superseded(newest: DescribedTaskDefinition, because: string): DeployError {
  return new DeployError({
    code: 'ecs.superseded',
    title: `superseded: ${because} ${labelOf(newest)}`,
    message: `The newest revision is ${newest.arn}.`,
    hints: ['To go back on purpose by running an older pipeline again, set allow_older.'],
    exitCode: EXIT.superseded,
  });
}

/** Others were faster every time. */
export function contended(family: string, last: string | undefined): DeployError {
  return new DeployError({
    code: 'ecs.contended',
    title: `other releases of ${family} kept coming in between`,
    message: `The last revision of this release is ${last}.`,
    hints: ['Put the releases of one task definition into one serial-group, and run this one again.'],
    exitCode: EXIT.superseded,
  });
}
