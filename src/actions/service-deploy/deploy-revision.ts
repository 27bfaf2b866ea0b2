import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import type { Change } from '../../core/result.ts';
import type { ActionContext } from '../context.ts';
import type { FollowInputs, LeaveInputs } from '../ecs-params.ts';
import { judgeDeployment, type BegunDeployment, type JudgedDeployment } from '../ecs/judge-deployment.ts';
import type { CheckedDeploy } from './check-inputs.ts';
import { giveWay, stopOnNewer } from './newer-release.ts';
import type { DeployPlan } from './plan-deploy.ts';
import type { RevisionToDeploy } from './revision-to-deploy.ts';
import { lookForStarted, mayBeStarted, startDeployment } from './start-deployment.ts';

export interface DeployOptions extends Pick<FollowInputs, 'timeout' | 'pollInterval'>, LeaveInputs {
  markVerified: boolean;
}

/**
 * Carries a plan out and judges what comes of it. What was registered before a failure, and is not deployed, is named in
 * the error.
 */
export async function deployRevision(
  plan: DeployPlan,
  revision: RevisionToDeploy,
  checked: CheckedDeploy,
  { timeout, pollInterval, onTimeout, onCancel, markVerified }: DeployOptions,
  session: AwsSession,
  context: ActionContext,
): Promise<JudgedDeployment> {
  const { place, goal } = checked;
  let superseded: DeployError | undefined;
  const begin = async (): Promise<BegunDeployment> => {
    if (plan.kind === 'attach') return attach(plan, place.service, context);
    const begun = await start(plan, revision, checked, session, context);
    const newer = await giveWay(begun, revision, checked, session, context);
    superseded = newer?.superseded;
    return newer?.begun ?? begun;
  };
  const look = plan.kind === 'start' ? { findBegun: () => lookForStarted(plan.request, session) } : {};
  const how = { timeout, pollInterval, onTimeout, onCancel, markVerified };
  const judged = await judgeDeployment(begin, { ...how, ...look, place, goal, wanted: 'deployed' }, session, context);
  return { ...judged, failure: judged.failure ?? superseded };
}

/** What a plan changes about the service. */
export function changeOf(plan: DeployPlan, resource: string): Change {
  if (plan.kind === 'attach') return { resource, kind: 'unchanged' };
  return { resource, kind: plan.request.call === 'CreateService' ? 'created' : 'updated', diff: plan.diff };
}

async function start(
  { request, diff, supersedes }: DeployPlan & { kind: 'start' },
  revision: RevisionToDeploy,
  checked: CheckedDeploy,
  session: AwsSession,
  context: ActionContext,
): Promise<BegunDeployment> {
  const { progress } = context;
  const { arn = '', isNew } = revision;
  const { service } = request.place;
  if (supersedes !== undefined) {
    progress.warn(`Deployment ${supersedes} of ${service} is in flight; it is superseded by this one`);
  }
  progress.step(`${request.call === 'CreateService' ? 'Creating' : 'Updating'} the service ${service}`);
  for (const line of diff) progress.info(`  ${line}`);
  try {
    // Between the look that this was planned by and now, others may have deployed.
    const before = request.before && (await ecsOf(session).services.describe(request.place));
    await stopOnNewer(before?.taskDefinition, revision, checked, session);
    return await startDeployment({ ...request, before: before ?? request.before }, session, context);
  } catch (error) {
    if (!isNew || !(error instanceof DeployError) || error.code === 'ecs.superseded') throw error;
    const outcome = mayBeStarted(error) ? 'may be on its way' : 'was not deployed';
    throw retold(error, { hints: [`${arn.split('/').at(-1)} is registered and ${outcome}.`, ...error.hints] });
  }
}

function attach(
  { begun, isThere }: DeployPlan & { kind: 'attach' },
  service: string,
  { progress }: ActionContext,
): BegunDeployment {
  const { id, taskDefinition } = begun.ours;
  const name = taskDefinition.split('/').at(-1);
  progress.step(
    isThere
      ? `Nothing to start: ${service} has ${name}; proving that it runs`
      : `Deployment ${id} of ${name} is on its way already; following it`,
  );
  return begun;
}
