import { createHash, randomUUID } from 'node:crypto';
import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { stableStringify, type JsonObject } from '../../core/json.ts';
import type { Change } from '../../core/result.ts';
import { nextDeployment, type NextDeployment } from '../../plan/service/next-deployment.ts';
import { serviceUpdate, updateDiff } from '../../plan/service/update-request.ts';
import { eventsBefore, eventsSince } from '../../plan/rollout/telling/service-events.ts';
import type { ActionContext } from '../context.ts';
import type { FollowInputs, LeaveInputs } from '../ecs-params.ts';
import { judgeDeployment, type BegunDeployment, type JudgedDeployment } from '../ecs/judge-deployment.ts';
import type { CheckedDeploy } from './check-deploy-inputs.ts';
import type { RevisionToDeploy } from './revision-to-deploy.ts';
import type { ServiceToDeploy } from './service-to-deploy.ts';
import { lookForStarted, settled, startDeployment, type StartRequest } from './start-deployment.ts';

export interface DeployOptions extends Pick<FollowInputs, 'timeout' | 'pollInterval'>, LeaveInputs {
  markVerified: boolean;
}

export interface DeployedRevision extends JudgedDeployment {
  /** What changed about the service. */
  change: Change;
}

/** What is to be done with a service. */
export type DeployPlan =
  | { kind: 'create'; input: JsonObject; diff: readonly string[] }
  | { kind: 'update'; input: JsonObject; diff: readonly string[]; supersedes: string | undefined }
  /** A deployment of the revision is there, and is followed, or has come to its end. */
  | { kind: 'attach'; deployment: Exclude<NextDeployment, { kind: 'start' }>; before: string | undefined };

/**
 * What brings a service to a revision; nothing of it is done yet.
 * @param revision its ARN may be missing in a dry run
 */
export async function planDeploy(
  revision: RevisionToDeploy,
  target: ServiceToDeploy,
  checked: CheckedDeploy,
  session: AwsSession,
  { job }: Pick<ActionContext, 'job'>,
): Promise<DeployPlan> {
  const { place, forceNewDeployment, changes } = checked;
  const { cluster, service } = place;
  const taskDefinition = revision.arn ?? `a new revision of ${revision.family}`;
  if (target.kind === 'new') {
    const serviceName = service.split('/').at(-1) ?? service;
    const request = { ...target.settings, cluster, serviceName, taskDefinition };
    const diff = updateDiff({}, request);
    return { kind: 'create', input: { ...request, clientToken: clientToken(request, job.workflowJobId) }, diff };
  }
  const { service: before, settings } = target;
  const listed = await ecsOf(session)
    .services.deployments(place, { most: 100 })
    .catch(() => undefined);
  const next = nextDeployment(before, taskDefinition, listed);
  const more = serviceUpdate(settings, changes);
  const isSame = before.taskDefinition === taskDefinition;
  const again = next.kind === 'start' && next.again;
  if (next.kind !== 'start' && !forceNewDeployment && Object.keys(more).length === 0) {
    const others = before.deployments.filter((each) => each.taskDefinition !== taskDefinition);
    return { kind: 'attach', deployment: next, before: others[0]?.taskDefinition };
  }
  const members = {
    ...(isSame ? {} : { taskDefinition }),
    ...(forceNewDeployment || again ? { forceNewDeployment: true } : {}),
    ...more,
  };
  return {
    kind: 'update',
    input: { cluster, service, ...members },
    diff: updateDiff(settings, members),
    supersedes: supersededBy(next),
  };
}

function supersededBy(next: NextDeployment): string | undefined {
  if (next.kind === 'start') return next.supersedes;
  return next.kind === 'follow' ? next.deployment.id : undefined;
}

/** The same for the same job, however often it is sent; another job may create the service anew. */
function clientToken(request: JsonObject, jobId: string | undefined): string {
  const text = `${jobId ?? randomUUID()} ${stableStringify(request)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/**
 * Carries a plan out and judges what comes of it. What was registered before a failure, and is not deployed, is named in
 * the error.
 */
export async function deployRevision(
  plan: DeployPlan,
  revision: RevisionToDeploy & { arn: string },
  target: ServiceToDeploy,
  checked: CheckedDeploy,
  options: DeployOptions,
  session: AwsSession,
  context: ActionContext,
): Promise<DeployedRevision> {
  const { place, goal } = checked;
  const request = startRequest(plan, revision, target, checked);
  const begin = request
    ? () => start(request, revision, plan, session, context)
    : () => Promise.resolve(attach(plan, target, place.service, context));
  const judged = await judgeDeployment(
    begin,
    {
      ...options,
      place,
      goal,
      wanted: 'deployed',
      ...(request ? { findBegun: () => lookForStarted(request, session) } : {}),
    },
    session,
    context,
  );
  const resource = judged.outputs.serviceArn ?? (target.kind === 'existing' ? target.service.arn : place.service);
  return { ...judged, change: changeOf(plan, resource) };
}

export function changeOf(plan: DeployPlan, resource: string): Change {
  if (plan.kind === 'attach') return { resource, kind: 'unchanged' };
  return { resource, kind: plan.kind === 'create' ? 'created' : 'updated', diff: plan.diff };
}

function startRequest(
  plan: DeployPlan,
  { arn }: { arn: string },
  target: ServiceToDeploy,
  { place }: CheckedDeploy,
): StartRequest | undefined {
  if (plan.kind === 'attach') return undefined;
  const before = target.kind === 'existing' ? target.service : undefined;
  const call = plan.kind === 'create' ? 'CreateService' : 'UpdateService';
  return { place, call, input: plan.input, taskDefinition: arn, before };
}

async function start(
  request: StartRequest,
  { arn, isNew }: RevisionToDeploy & { arn: string },
  plan: DeployPlan,
  session: AwsSession,
  context: ActionContext,
): Promise<BegunDeployment> {
  const { progress } = context;
  const name = arn.split('/').at(-1);
  const { service } = request.place;
  if (plan.kind === 'update' && plan.supersedes !== undefined) {
    progress.warn(`Deployment ${plan.supersedes} of ${service} is in flight; it is superseded by this one`);
  }
  progress.step(
    plan.kind === 'create' ? `Creating the service ${service} with ${name}` : `Updating the service ${service}`,
  );
  for (const line of plan.kind === 'attach' ? [] : plan.diff) progress.info(`  ${line}`);
  try {
    return await startDeployment(request, session, context);
  } catch (error) {
    throw isNew && error instanceof DeployError
      ? notDeployed(error, `${name} is registered and was not deployed.`)
      : error;
  }
}

function notDeployed(error: DeployError, text: string): DeployError {
  const { code, title, exitCode, cause } = error;
  return new DeployError({ code, title, message: error.message, exitCode, cause, hints: [text, ...error.hints] });
}

function attach(
  plan: DeployPlan,
  target: ServiceToDeploy,
  service: string,
  { progress }: ActionContext,
): BegunDeployment {
  if (plan.kind !== 'attach' || target.kind !== 'existing') throw new Error('nothing is there to attach to');
  const { kind, deployment } = plan.deployment;
  const name = deployment.taskDefinition.split('/').at(-1);
  const isThere = kind === 'there';
  progress.step(
    isThere
      ? `Nothing to start: ${service} has ${name}; proving that it runs`
      : `Deployment ${deployment.id} of ${name} is on its way already; following it`,
  );
  const told = isThere ? eventsBefore(target.service.events) : eventsSince(deployment.createdAt ?? 0);
  return { ours: { ...settled(deployment), before: plan.before }, told };
}
