import { createHash, randomUUID } from 'node:crypto';
import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { stableStringify, type JsonObject } from '../../core/json.ts';
import { eventsBefore, eventsSince } from '../../plan/rollout/telling/service-events.ts';
import { nextDeployment, type NextDeployment } from '../../plan/service/next-deployment.ts';
import { serviceUpdate, updateDiff } from '../../plan/service/update-request.ts';
import type { ActionContext } from '../context.ts';
import type { BegunDeployment } from '../ecs/judge-deployment.ts';
import type { CheckedDeploy } from './check-inputs.ts';
import type { RevisionToDeploy } from './revision-to-deploy.ts';
import type { ServiceToDeploy } from './service-to-deploy.ts';
import { settled, type StartRequest } from './start-deployment.ts';

/** What is to be done with a service. */
export type DeployPlan =
  | {
      kind: 'start';
      request: StartRequest;
      /** Of what the service is set to. */
      diff: readonly string[];
      /** A deployment that is in flight, and ends with this one. */
      supersedes: string | undefined;
    }
  /** A deployment of the revision is there: it is followed, or has come to its end. */
  | { kind: 'attach'; begun: BegunDeployment; isThere: boolean };

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
  const taskDefinition = revision.arn ?? `a new revision of ${revision.family}`;
  if (target.kind === 'new') return planCreation(taskDefinition, target.settings, checked, job.workflowJobId);
  const { place, forceNewDeployment, changes } = checked;
  const { service: before, settings } = target;
  // Where they can't be listed, the service tells enough.
  const listed = await ecsOf(session)
    .services.deployments(place, { most: 100 })
    .catch(() => undefined);
  const next = nextDeployment(before, taskDefinition, listed);
  const more = serviceUpdate(settings, changes);
  if (next.kind !== 'start' && !forceNewDeployment && Object.keys(more).length === 0) return planToAttach(next, before);
  const isAgain = forceNewDeployment || (next.kind === 'start' && next.again);
  const members = {
    ...(before.taskDefinition === taskDefinition ? {} : { taskDefinition }),
    ...(isAgain ? { forceNewDeployment: true } : {}),
    ...more,
  };
  const { cluster, service } = place;
  return {
    kind: 'start',
    request: { place, call: 'UpdateService', input: { cluster, service, ...members }, taskDefinition, before },
    diff: updateDiff(settings, members),
    supersedes: supersededBy(next),
  };
}

function planCreation(
  taskDefinition: string,
  settings: JsonObject,
  { place }: CheckedDeploy,
  jobId: string | undefined,
): DeployPlan {
  const { cluster, service } = place;
  const serviceName = service.split('/').at(-1) ?? service;
  const members = { ...settings, cluster, serviceName, taskDefinition };
  const input = { ...members, clientToken: clientToken(members, jobId) };
  return {
    kind: 'start',
    request: { place, call: 'CreateService', input, taskDefinition, before: undefined },
    diff: updateDiff({}, members),
    supersedes: undefined,
  };
}

/** The same for the same job, however often it is sent; another job may create the service anew. */
function clientToken(request: JsonObject, jobId: string | undefined): string {
  const text = `${jobId ?? randomUUID()} ${stableStringify(request)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function planToAttach(
  { kind, deployment }: Exclude<NextDeployment, { kind: 'start' }>,
  { deployments, events }: (ServiceToDeploy & { kind: 'existing' })['service'],
): DeployPlan {
  const isThere = kind === 'there';
  const before = deployments.find(({ taskDefinition }) => taskDefinition !== deployment.taskDefinition);
  return {
    kind: 'attach',
    begun: {
      ours: { ...settled(deployment), before: before?.taskDefinition },
      told: isThere ? eventsBefore(events) : eventsSince(deployment.createdAt ?? 0),
    },
    isThere,
  };
}

function supersededBy(next: NextDeployment): string | undefined {
  if (next.kind === 'start') return next.supersedes;
  return next.kind === 'follow' ? next.deployment.id : undefined;
}
