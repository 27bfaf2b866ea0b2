import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { diffTaskDefinitions } from '../../plan/task-definition/canonical.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { withLastingTags } from '../../plan/task-definition/tags.ts';
import type { ActionContext } from '../context.ts';
import { labelOf } from './base-revision.ts';
import { proveRevision, registerRevision, tellRegistered } from './register-revision.ts';

/**
 * Makes the content of a revision, which may be INACTIVE, the newest one of its family: with every member and the tags that
 * still hold. When the newest ACTIVE revision has that content, it is taken as it is. Read back and compared, as every
 * revision is.
 */
export async function registerAgain(
  described: DescribedTaskDefinition,
  session: AwsSession,
  context: ActionContext,
): Promise<DescribedTaskDefinition> {
  const { taskDefinitions } = ecsOf(session);
  const { family } = described;
  const newest = await taskDefinitions.describe(family);
  if (newest && diffTaskDefinitions(newest.definition, described.definition).length === 0) return newest;
  const definition = { ...withLastingTags(described.definition), family };
  context.progress.step(`Registering the content of ${labelOf(described)} again`);
  const { arn, revision } = await registerRevision(taskDefinitions, definition, newest?.revision ?? 0, context);
  const label = `${family}:${revision}`;
  const own = await tellRegistered(label, () => taskDefinitions.describe(arn));
  proveRevision(own, definition, label);
  context.progress.info(`Registered and read back: ${arn}`);
  return own;
}
