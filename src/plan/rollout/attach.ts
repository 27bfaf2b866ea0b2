import { saysRollback } from './judge-deployments.ts';
import type { DeploymentSnapshot, ListedServiceDeployment, ServiceSnapshot } from './observation.ts';
import {
  deploymentInFlight,
  isOngoing,
  primaryDeployment,
  serviceDeploymentInFlight,
  serviceDeploymentOf,
  type OurDeployment,
} from './started-deployment.ts';
import type { ToldEvents } from './telling/service-events.ts';

/** What the release record says of a deployment that an earlier job started or was at. */
export interface RecordedDeployment {
  id: string | undefined;
  arn: string | undefined;
  /** The pause that it was seen to wait at. */
  hookId: string | undefined;
}

export interface AttachRequest {
  /** `ecs-svc/…` or the ARN of a service deployment. */
  wanted: string | undefined;
  recorded: RecordedDeployment | undefined;
  service: ServiceSnapshot;
  /** The newest first; undefined where AWS (or what stands for it) has none. */
  listed: readonly ListedServiceDeployment[] | undefined;
}

/** A deployment in both of AWS's views, as far as it is in them. One of the two is there. */
export interface KnownDeployment {
  /** Gone from `deployments[]` soon after its end. */
  snapshot: DeploymentSnapshot | undefined;
  listed: ListedServiceDeployment | undefined;
}

export type Attachment =
  | ({ kind: 'found'; how: 'named' | 'recorded' | 'in-flight' | 'newest' } & KnownDeployment)
  | { kind: 'unknown'; wanted: string; how: 'named' | 'recorded' }
  /** The service has never deployed anything. */
  | { kind: 'none' };

/**
 * Which deployment of a service is meant: the one that is named, else the one that this workflow started, else the one in
 * flight, else the newest. A name that matches nothing never falls back to another deployment.
 */
export function chooseDeployment({ wanted, recorded, service, listed }: AttachRequest): Attachment {
  const all = knownDeployments(service, listed ?? []);
  const asked = wanted ?? recorded?.arn ?? recorded?.id;
  if (asked !== undefined) {
    const how = wanted === undefined ? 'recorded' : 'named';
    const found =
      all.find((each) => isCalled(each, asked)) ??
      (wanted === undefined ? all.find((each) => isCalled(each, recorded?.id)) : undefined);
    return found ? { kind: 'found', how, ...found } : { kind: 'unknown', wanted: asked, how };
  }
  const flying = inFlight(all, service);
  if (flying) return { kind: 'found', how: 'in-flight', ...flying };
  const [newest] = all;
  return newest ? { kind: 'found', how: 'newest', ...newest } : { kind: 'none' };
}

/** The one that has not ended, in whichever view it is seen first. */
export function inFlight(all: readonly KnownDeployment[], service: ServiceSnapshot): KnownDeployment | undefined {
  const ongoing = serviceDeploymentInFlight(all.flatMap(({ listed }) => listed ?? []));
  const primary = deploymentInFlight(service);
  const ofPrimary = primary && all.find(({ snapshot }) => snapshot === primary);
  const isUnlisted = ofPrimary !== undefined && ofPrimary.listed === undefined;
  // By a rollback AWS has not started a deployment; and what was just started may not be listed yet.
  const isNew = isUnlisted && !saysRollback(primary!) && createdAtOf(ofPrimary) > (ongoing?.createdAt ?? 0);
  if (isNew) return ofPrimary;
  if (ongoing) return all.find(({ listed }) => listed === ongoing);
  return ofPrimary && (isUnlisted || isOngoing(ofPrimary.listed?.status ?? '')) ? ofPrimary : undefined;
}

/** The deployments that AWS still tells of, the newest first. */
export function knownDeployments(
  service: ServiceSnapshot,
  listed: readonly ListedServiceDeployment[],
): KnownDeployment[] {
  const primary = primaryDeployment(service);
  const entries = service.deployments.map((snapshot) => {
    const announced = snapshot === primary ? service.currentServiceDeployment : undefined;
    return {
      snapshot,
      listed: serviceDeploymentOf({ id: snapshot.id, createdAt: snapshot.createdAt, announced }, listed),
    };
  });
  const rest = listed
    .filter((each) => !entries.some((entry) => entry.listed === each))
    .map((each) => ({ snapshot: undefined, listed: each }));
  // A rollback is an entry of `deployments[]` without a service deployment of its own: it belongs to the one that failed.
  return [...entries, ...rest].toSorted(
    (a, b) => Number(a.listed === undefined) - Number(b.listed === undefined) || createdAtOf(b) - createdAtOf(a),
  );
}

/** `ecs-svc/1234567890123456789`; both views of a deployment end in the number of its service revision. */
export function deploymentId({ snapshot, listed }: KnownDeployment): string {
  return snapshot?.id ?? `ecs-svc/${listed?.targetRevisionArn.split('/').at(-1)}`;
}

/** @param taskDefinition the ARN that it brings out */
export function attachedTo(known: KnownDeployment, taskDefinition: string, service: ServiceSnapshot): OurDeployment {
  const isPrimary = known.snapshot !== undefined && known.snapshot === primaryDeployment(service);
  return {
    id: deploymentId(known),
    taskDefinition,
    createdAt: known.listed?.createdAt ?? known.snapshot?.createdAt,
    before: undefined,
    announced: known.listed?.arn ?? (isPrimary ? service.currentServiceDeployment : undefined),
  };
}

/** The events from its start on, up to the start of the deployment that came after it: those are not about it. */
export function eventsOf(
  { createdAt = 0 }: Pick<OurDeployment, 'createdAt'>,
  service: ServiceSnapshot,
  listed: readonly ListedServiceDeployment[] = [],
): ToldEvents {
  const later = listed.map((each) => each.createdAt).filter((time) => time > createdAt);
  const next = Math.min(Number.POSITIVE_INFINITY, ...later);
  const others = service.events.filter((event) => event.createdAt >= next);
  return { ids: new Set(others.map(({ id }) => id)), since: createdAt };
}

function isCalled({ snapshot, listed }: KnownDeployment, name: string | undefined): boolean {
  if (name === undefined) return false;
  if (name.startsWith('arn:')) return listed?.arn === name;
  return deploymentId({ snapshot, listed }) === name;
}

function createdAtOf({ snapshot, listed }: KnownDeployment): number {
  return listed?.createdAt ?? snapshot?.createdAt ?? 0;
}
