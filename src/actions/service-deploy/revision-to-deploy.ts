import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Change } from '../../core/result.ts';
import { familyAndRevision, type DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { holdsRecordedImages } from '../../plan/task-definition/images.ts';
import { withoutOurTaskTags } from '../../plan/task-definition/tags.ts';
import type { ActionContext } from '../context.ts';
import { repositoryOf } from '../definition/recorded-images.ts';
import { baseRevision } from '../task-definition/base-revision.ts';
import { asksForChanges } from '../task-definition/check-inputs.ts';
import { releaseTaskDefinition } from '../task-definition/release-task-definition.ts';
import { existingRevision, inactiveRevision } from '../task-definition/usable-revision.ts';
import type { CheckedDeploy } from './check-inputs.ts';
import { checkFit, type ServiceToDeploy } from './service-to-deploy.ts';

/** The revision that a service is to run. */
export interface RevisionToDeploy {
  /** Undefined only in a dry run, when it is still to be registered. */
  arn: string | undefined;
  family: string;
  /** Without our tags. */
  definition: JsonObject;
  /** What registering changed, or would; undefined when nothing was to be registered. */
  change: Change | undefined;
  /** Was it registered in this run? */
  isNew: boolean;
}

export interface RevisionOptions {
  dryRun: boolean;
  /** An image that would be pushed, so that it is not looked for; only in a dry run. */
  plannedImage?: string | undefined;
}

/**
 * Decides which revision is deployed, and registers it when there is none: the named one; else what the inputs ask for; else
 * what this workflow has released; else what the service has. Throws (exit code 2 or 5) before anything is registered when
 * it is not there, is INACTIVE, or does not fit the service.
 */
export async function revisionToDeploy(
  checked: CheckedDeploy,
  target: ServiceToDeploy,
  options: RevisionOptions,
  session: AwsSession,
  context: ActionContext,
): Promise<RevisionToDeploy> {
  const { place, definition, taskDefinitionArn } = checked;
  const named = taskDefinitionArn ?? (await namedElsewhere(checked, target, session, context));
  const family = familyOf(checked, target, named);
  if (target.kind === 'existing' && familyAndRevision(target.service.taskDefinition).family !== family) {
    const current = target.service.taskDefinition.split('/').at(-1);
    context.progress.warn(`${place.service} runs ${current}, and gets a task definition of another family: ${family}`);
  }
  if (named !== undefined) return asItIs(await existingRevision(named, session), checked, target);
  const released = await releaseTaskDefinition(
    {
      family,
      checked: definition,
      check: (desired) => checkFit(desired, target, place.service),
      ...options,
    },
    session,
    context,
  );
  return {
    arn: released.status === 'planned' ? undefined : released.arn,
    family,
    definition: released.definition,
    change: released.change,
    isNew: released.status === 'changed',
  };
}

/** The revision that counts when the inputs say nothing of a definition; undefined when one is to be registered. */
async function namedElsewhere(
  checked: CheckedDeploy,
  target: ServiceToDeploy,
  session: AwsSession,
  context: ActionContext,
): Promise<string | undefined> {
  if (checked.asksForDefinition) return undefined;
  const reference = target.kind === 'existing' ? target.service.taskDefinition : target.file.taskDefinition;
  if (reference === undefined) return undefined;
  const { family, revision } = familyAndRevision(reference);
  const released = checked.released.get(family);
  if (released !== undefined && (await hasRecordedImages(released, checked, session))) {
    context.progress.info(`${released.split('/').at(-1)} was released earlier in this workflow`);
    return released;
  }
  if (asksForChanges(checked.definition)) return undefined;
  if (revision !== undefined) return reference;
  const { taskDefinitions } = ecsOf(session);
  const newest = await taskDefinitions.describe(family);
  return (await baseRevision(family, newest, taskDefinitions, { session, progress: context.progress })).arn;
}

/** An image that was pushed after a revision was registered is not in it. */
async function hasRecordedImages(arn: string, { definition }: CheckedDeploy, session: AwsSession): Promise<boolean> {
  if (definition.recorded.length === 0) return true;
  const described = await existingRevision(arn, session);
  return holdsRecordedImages(described.definition, definition.recorded, repositoryOf);
}

function familyOf({ definition, place }: CheckedDeploy, target: ServiceToDeploy, named: string | undefined): string {
  if (named !== undefined) return familyAndRevision(named).family;
  const own = definition.file?.definition['family'];
  if (typeof own === 'string') return own;
  const reference = target.kind === 'existing' ? target.service.taskDefinition : target.file.taskDefinition;
  if (reference !== undefined && reference !== '') return familyAndRevision(reference).family;
  throw badArgument(`it is not known which task definition the new service ${place.service} is to run`, [
    'Give task_definition with a family, or task_definition_arn, or write taskDefinition into the service file.',
  ]);
}

function asItIs(
  described: DescribedTaskDefinition,
  { place, forceNewDeployment }: CheckedDeploy,
  target: ServiceToDeploy,
): RevisionToDeploy {
  const { arn, family, status } = described;
  // What runs goes on with an INACTIVE revision; only nothing new can be started from it.
  const isThere = target.kind === 'existing' && target.service.taskDefinition === arn && !forceNewDeployment;
  if (status !== 'ACTIVE' && !isThere) throw inactiveRevision(described);
  const definition = withoutOurTaskTags(described.definition);
  if (!isThere) checkFit(definition, target, place.service);
  return { arn, family, definition, change: undefined, isNew: false };
}
