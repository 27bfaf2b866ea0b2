import type { DeploymentSnapshot, ListedServiceDeployment, ServiceSnapshot } from './observation.ts';

/** A deployment that is followed. */
export interface OurDeployment {
  /** `ecs-svc/1234567890123456789` */
  id: string;
  taskDefinition: string;
  createdAt: number | undefined;
  /** The task definition that the service had before; undefined for a service that was just created. */
  before: string | undefined;
  /** The task definition of a deployment that came after the look before and whose place this one took at once. */
  replaced?: string | undefined;
  /** ARN of the service deployment that the answer named and that was not there before. */
  announced: string | undefined;
}

export type StartedDeployment =
  | { kind: 'started'; deployment: OurDeployment }
  /** Nothing that needs a deployment has changed; the one that the service has is the answer. */
  | { kind: 'nothing'; primary: DeploymentSnapshot }
  /** The answer shows neither: it is to be described again. */
  | { kind: 'unclear' };

/**
 * Which deployment one CreateService or UpdateService started. Its answer shows the service with the new deployment in it;
 * an update that changes nothing of what runs starts none.
 * @param before the service just before the call; undefined when it was created
 * @param after the service in the answer; when that was lost, as it was described since
 * @param taskDefinition the ARN that was asked for
 */
export function startedDeployment(
  before: ServiceSnapshot | undefined,
  after: ServiceSnapshot,
  taskDefinition: string,
): StartedDeployment {
  const known = new Set(before?.deployments.map(({ id }) => id));
  const fresh = after.deployments
    .filter((deployment) => !known.has(deployment.id))
    .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  const started = fresh.filter((deployment) => deployment.taskDefinition === taskDefinition);
  const own = started.find(({ status }) => status === 'PRIMARY') ?? started[0];
  if (own) {
    const { id, createdAt } = own;
    const named = after.currentServiceDeployment;
    const announced = named === before?.currentServiceDeployment ? undefined : named;
    const other = own.status === 'PRIMARY' ? fresh.find((deployment) => !started.includes(deployment)) : undefined;
    const replaced = other?.taskDefinition;
    return {
      kind: 'started',
      deployment: { id, taskDefinition, createdAt, before: before?.taskDefinition, replaced, announced },
    };
  }
  const primary = primaryDeployment(after);
  return primary && known.has(primary.id) && primary.taskDefinition === taskDefinition
    ? { kind: 'nothing', primary }
    : { kind: 'unclear' };
}

export function primaryDeployment({ deployments }: ServiceSnapshot): DeploymentSnapshot | undefined {
  return deployments.find(({ status }) => status === 'PRIMARY');
}

/** A deployment that is followed without having been started here. */
export function attachedDeployment(
  { id, taskDefinition, createdAt }: DeploymentSnapshot,
  { currentServiceDeployment }: ServiceSnapshot,
): OurDeployment {
  return { id, taskDefinition, createdAt, before: undefined, announced: currentServiceDeployment };
}

/**
 * The service deployment that belongs to an entry of `deployments[]`: both end in the same number, that of the service
 * revision (as Terraform's aws_ecs_service finds it, too). Where numbers don't tell, it is the one that the answer named,
 * unless that is older. Undefined while AWS does not list it yet.
 */
export function serviceDeploymentOf(
  { id, createdAt = 0, announced }: Pick<OurDeployment, 'id' | 'createdAt' | 'announced'>,
  listed: readonly ListedServiceDeployment[],
): ListedServiceDeployment | undefined {
  const number = id.split('/').at(-1) ?? id;
  return (
    listed.find(({ targetRevisionArn }) => targetRevisionArn.split('/').at(-1) === number) ??
    listed.find((each) => each.arn === announced && each.createdAt >= createdAt)
  );
}

const ONGOING = new Set(['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS']);

/** The newest service deployment that has not ended: what to attach to, and what a new one would supersede. */
export function serviceDeploymentInFlight(
  listed: readonly ListedServiceDeployment[],
): ListedServiceDeployment | undefined {
  return listed.filter(({ status }) => isOngoing(status)).toSorted((a, b) => b.createdAt - a.createdAt)[0];
}

/** @param status of a service deployment */
export function isOngoing(status: string): boolean {
  return ONGOING.has(status);
}

/** The same from `deployments[]`: the one that the service is to have, while it is not complete. */
export function deploymentInFlight(service: ServiceSnapshot): DeploymentSnapshot | undefined {
  const primary = primaryDeployment(service);
  if (!primary) return undefined;
  if (primary.rolloutState !== undefined) return primary.rolloutState === 'IN_PROGRESS' ? primary : undefined;
  return service.deployments.length > 1 ? primary : undefined;
}
