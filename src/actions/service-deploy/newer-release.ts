import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import { familyAndRevision, type DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import type { ActionContext } from '../context.ts';
import type { BegunDeployment } from '../ecs/judge-deployment.ts';
import { isRejected, labelOf } from '../task-definition/base-revision.ts';
import { superseded } from '../task-definition/release-outcome.ts';
import type { CheckedDeploy } from './check-inputs.ts';
import type { RevisionToDeploy } from './revision-to-deploy.ts';
import { startDeployment } from './start-deployment.ts';

/** Throws (exit code 11) when a service has a newer revision than the one that is to be deployed. */
export async function stopOnNewer(
  current: string | undefined,
  revision: RevisionToDeploy,
  checked: CheckedDeploy,
  session: AwsSession,
): Promise<void> {
  const newer = await newerThan(revision, current, checked, session);
  if (!newer) return;
  const done = revision.isNew ? 'is registered and was not deployed' : 'was not deployed';
  throw superseded(newer, `${nameOf(revision)} ${done}, because by now ${checked.place.service} has`);
}

/**
 * Deploys the newer revision again whose place a deployment of ours took, because it came after the last look. Undefined
 * when there was none.
 * @returns its deployment, and the error to end with when that comes out
 */
export async function giveWay(
  { ours }: BegunDeployment,
  revision: RevisionToDeploy,
  checked: CheckedDeploy,
  session: AwsSession,
  context: ActionContext,
): Promise<{ begun: BegunDeployment; superseded: DeployError } | undefined> {
  const { place } = checked;
  try {
    const newer = await newerThan(revision, ours.replaced, checked, session);
    if (!newer) return undefined;
    context.progress.warn(
      `${labelOf(newer)} came to ${place.service} at the same time, and is newer; deploying it again`,
    );
    const { arn: taskDefinition } = newer;
    const before = await ecsOf(session).services.describe(place);
    const input = { ...place, taskDefinition };
    const begun = await startDeployment(
      { place, call: 'UpdateService', input, taskDefinition, before },
      session,
      context,
    );
    const because = `${nameOf(revision)} was deployed at the same time as a newer revision, which was deployed again:`;
    return { begun, superseded: superseded(newer, because) };
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const left = `${nameOf(revision)} is on its way, and took the place of ${ours.replaced?.split('/').at(-1)}, which is newer: deploy that again.`;
    throw retold(error, { hints: [left, ...error.hints] });
  }
}

/**
 * A revision that a service has, when it is newer than another one: a higher one of the family that is ACTIVE and not
 * rejected. Who names a revision, or allows older ones, goes back on purpose.
 */
async function newerThan(
  { arn, family }: RevisionToDeploy,
  current: string | undefined,
  { taskDefinitionArn, definition }: CheckedDeploy,
  session: AwsSession,
): Promise<DescribedTaskDefinition | undefined> {
  if (current === undefined || arn === undefined || taskDefinitionArn !== undefined || definition.allowOlder) {
    return undefined;
  }
  const has = familyAndRevision(current);
  if (has.family !== family || Number(has.revision) <= Number(familyAndRevision(arn).revision)) return undefined;
  const described = await ecsOf(session).taskDefinitions.describe(current);
  return described?.status === 'ACTIVE' && !isRejected(described) ? described : undefined;
}

/** `web:9` */
function nameOf({ arn = '' }: RevisionToDeploy): string {
  return arn.split('/').at(-1) ?? arn;
}
