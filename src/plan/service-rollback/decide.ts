import type { DeployError } from '../../core/errors.ts';
import { inFlight, knownDeployments, type KnownDeployment } from '../rollout/attach.ts';
import { saysRollback } from '../rollout/judge-deployments.ts';
import type { ListedServiceDeployment, ServiceSnapshot } from '../rollout/observation.ts';
import { primaryDeployment } from '../rollout/started-deployment.ts';
import { taskDefinitionHash } from '../task-definition/canonical.ts';
import type { DescribedTaskDefinition } from '../task-definition/described.ts';
import { taskDefinitionTag } from '../task-definition/tags.ts';
import { isRejected, nameOf } from './candidates.ts';

/** What a rollback finds. */
export interface RollbackSituation {
  service: ServiceSnapshot;
  /** The newest first; undefined where AWS (or what stands for it) has none. */
  listed: readonly ListedServiceDeployment[] | undefined;
  /** Why none are known, where they may not be listed. */
  denied?: DeployError | undefined;
  /** What the service is to run as it is set now, also while that is only on its way. */
  current: DescribedTaskDefinition;
  /** What ECS would go back to from the deployment in flight; undefined when that is not known, or nothing is in flight. */
  before: DescribedTaskDefinition | undefined;
  /** The revision that was asked for. */
  named: DescribedTaskDefinition | undefined;
  /** The same key is the same rollback; a laptop has none. */
  key: string | undefined;
}

export type RollbackDecision =
  /** The service has, or is getting, what is asked for. */
  | { kind: 'follow'; why: 'same-key' | 'unfinished' | 'is-rollback' | 'named'; deployment: KnownDeployment }
  /** ECS takes back what was deployed last, or has done so. */
  | { kind: 'taken-back'; deployment: KnownDeployment }
  /** It is in flight, and ECS is to take it back. */
  | { kind: 'stop'; deployment: KnownDeployment & { listed: ListedServiceDeployment } }
  /** Another revision is to be deployed: the named one, or one that has yet to be chosen. */
  | { kind: 'deploy' };

const TAKEN_BACK = new Set(['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS', 'ROLLBACK_SUCCESSFUL']);
const STOPPED = new Set(['STOP_REQUESTED', 'STOPPED', 'ROLLBACK_FAILED']);

/**
 * What a rollback has to do, so that one which is run again ends where the first began to go instead of going further back,
 * and none takes back what another rollback has started.
 */
export function decideRollback(situation: RollbackSituation): RollbackDecision {
  const { service, listed, current, before, named, key } = situation;
  const all = knownDeployments(service, listed ?? []);
  const flying = inFlight(all, service);
  const primary = primaryDeployment(service);
  const has = flying ?? all.find(({ snapshot }) => snapshot !== undefined && snapshot === primary);
  if (named) {
    if (!has || isIn(STOPPED, has) || !isSame(named, current)) return { kind: 'deploy' };
    if (!isIn(TAKEN_BACK, has)) return { kind: 'follow', why: 'named', deployment: has };
    return before && isSame(named, before) ? { kind: 'taken-back', deployment: has } : { kind: 'deploy' };
  }
  const newest = flying ?? all[0];
  // That ECS goes back to what somebody has left is not the way back, but a rollback that came to nothing.
  const isToRejected = isRejected(current) || (before !== undefined && isRejected(before));
  if (newest && isIn(TAKEN_BACK, newest) && !isToRejected) return { kind: 'taken-back', deployment: newest };
  if (
    has &&
    key !== undefined &&
    taskDefinitionTag(current.definition, 'rollback-key') === key &&
    !isIn(STOPPED, has)
  ) {
    return { kind: 'follow', why: 'same-key', deployment: has };
  }
  if (has && isUnfinished(current, has) && !isIn(STOPPED, has)) {
    return { kind: 'follow', why: 'unfinished', deployment: has };
  }
  if (!flying) return { kind: 'deploy' };
  if (flying.snapshot && saysRollback(flying.snapshot)) return followRollback(flying);
  if (before && isRejected(before)) return leaves(current, before) ? followRollback(flying) : { kind: 'deploy' };
  return flying.listed ? { kind: 'stop', deployment: { ...flying, listed: flying.listed } } : { kind: 'deploy' };
}

function isSame(one: DescribedTaskDefinition, other: DescribedTaskDefinition): boolean {
  return taskDefinitionHash(one.definition) === taskDefinitionHash(other.definition);
}

function followRollback(deployment: KnownDeployment): RollbackDecision {
  return { kind: 'follow', why: 'is-rollback', deployment };
}

/** Did a rollback deploy it to get away from the other one? */
function leaves(current: DescribedTaskDefinition, before: DescribedTaskDefinition): boolean {
  return taskDefinitionTag(current.definition, 'rolled-back-from') === nameOf(before);
}

/** So far the clocks of AWS and of whoever rolled back may differ, and so long a deployment may take to start. */
const CLOCKS_MS = 10 * 60_000;

/** Was a deployment started by a rollback that was not seen to its end? */
function isUnfinished(current: DescribedTaskDefinition, { listed, snapshot }: KnownDeployment): boolean {
  const since = Date.parse(taskDefinitionTag(current.definition, 'rolling-back') ?? '');
  const createdAt = listed?.createdAt ?? snapshot?.createdAt ?? Number.NaN;
  return Math.abs(createdAt - since) <= CLOCKS_MS;
}

function isIn(statuses: ReadonlySet<string>, { listed }: KnownDeployment): boolean {
  return statuses.has(listed?.status ?? '');
}

/** The service deployment to whose revision ECS would go back: the last that came out before the one in flight. */
export function lastCompleted(
  listed: readonly ListedServiceDeployment[],
  flying: Pick<ListedServiceDeployment, 'createdAt'>,
): ListedServiceDeployment | undefined {
  return listed
    .filter(({ status, createdAt }) => status === 'SUCCESSFUL' && createdAt < flying.createdAt)
    .toSorted((a, b) => b.createdAt - a.createdAt)[0];
}
