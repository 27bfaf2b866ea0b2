import { judgeDeployments, NO_MEMORY, saysRollback, type DeploymentsMemory } from './judge-deployments.ts';
import { judgeServiceDeployment } from './judge-service-deployment.ts';
import type { ListedServiceDeployment, ServiceDeployment, ServiceSnapshot } from './observation.ts';
import { isAtLeast, knownStage, laterStage, type Stage } from './stage.ts';
import { primaryDeployment, type OurDeployment } from './started-deployment.ts';
import { isFinal, type Verdict } from './verdict.ts';

/** What one look at AWS showed. What was not asked for is undefined; `missing` is what AWS says is not there. */
export interface Observation {
  service: ServiceSnapshot | 'missing' | undefined;
  /** The service deployment that belongs to ours, once it is known. */
  deployment: ServiceDeployment | 'missing' | undefined;
  /** Service deployments that were created after ours; empty where nobody looked. */
  newer: readonly ListedServiceDeployment[];
}

/** What is known of a deployment after all looks so far. */
export interface Rollout {
  ours: OurDeployment;
  verdict: Verdict;
  /** The latest stage that was seen on the way forward. */
  reached: Stage | undefined;
  /** ARN of the service deployment that belongs to it, once it is known: then only that one counts. */
  serviceDeploymentArn: string | undefined;
  memory: DeploymentsMemory;
  /** Looks in a row that did not find the service, or found another deployment in the place of ours. */
  misses: number;
  displaced: number;
}

/** @param serviceDeploymentArn undefined where AWS has none, or does not list it yet */
export function beginRollout(ours: OurDeployment, serviceDeploymentArn?: string): Rollout {
  return {
    ours,
    verdict: { state: 'GOING', stage: undefined, cause: undefined, evidence: [], hook: undefined },
    reached: undefined,
    serviceDeploymentArn,
    memory: NO_MEMORY,
    misses: 0,
    displaced: 0,
  };
}

/** One answer that contradicts those before may be an old one. */
const ENOUGH_LOOKS = 2;

/** The service deployment of ours is listed now. */
export function withServiceDeployment(rollout: Rollout, { arn }: Pick<ListedServiceDeployment, 'arn'>): Rollout {
  return { ...rollout, serviceDeploymentArn: arn };
}

/** Adds a look. A verdict that is final stays, whatever comes later. */
export function observe(rollout: Rollout, look: Observation): Rollout {
  if (isFinal(rollout.verdict)) return rollout;
  const seen = countLooks(rollout, look);
  const deleted = deletion(seen, look);
  if (deleted) return { ...seen, verdict: { ...seen.verdict, ...deleted, hook: undefined } };
  const { service, deployment } = look;
  if (typeof deployment === 'object' && deployment.arn === seen.serviceDeploymentArn) {
    return byServiceDeployment(seen, deployment, look);
  }
  const isOthers = seen.serviceDeploymentArn !== undefined && deployment !== 'missing';
  if (isOthers || typeof service !== 'object') return withDisplacement(seen, look);
  const { verdict, memory } = judgeDeployments(service, seen.ours, seen.memory);
  return { ...seen, verdict, memory };
}

/** Has a deployment reached a stage, or gone beyond it? One that succeeded has, also when it has no stages. */
export function hasReached({ verdict, reached }: Pick<Rollout, 'verdict' | 'reached'>, stage: Stage): boolean {
  return verdict.state === 'SUCCEEDED' || (reached !== undefined && isAtLeast(reached, stage));
}

function countLooks(rollout: Rollout, { service }: Observation): Rollout {
  if (service === undefined) return rollout;
  if (service === 'missing') return { ...rollout, misses: rollout.misses + 1 };
  const primary = primaryDeployment(service);
  const { ours } = rollout;
  const isLater =
    primary !== undefined &&
    primary.id !== ours.id &&
    primary.createdAt !== undefined &&
    ours.createdAt !== undefined &&
    primary.createdAt > ours.createdAt;
  return { ...rollout, misses: 0, displaced: isLater ? rollout.displaced + 1 : 0 };
}

/** With a service AWS deletes its deployments, so that nothing more is to come. */
function deletion(
  { misses }: Rollout,
  { service }: Observation,
): Pick<Verdict, 'state' | 'cause' | 'evidence'> | undefined {
  const status = typeof service === 'object' ? service.status : undefined;
  const isGone = misses >= ENOUGH_LOOKS || status === 'DRAINING' || status === 'INACTIVE';
  if (!isGone) return undefined;
  return {
    state: 'FAILED',
    cause: { kind: 'service-deleted', text: 'the service was deleted meanwhile' },
    evidence: [status === undefined ? 'AWS does not find the service any more' : `The service is ${status}`],
  };
}

function byServiceDeployment(rollout: Rollout, deployment: ServiceDeployment, look: Observation): Rollout {
  const verdict = judgeServiceDeployment(deployment, look.newer);
  const goesForward = verdict.state === 'GOING' || verdict.state === 'BAKING' || verdict.state === 'PAUSED';
  const next = {
    ...rollout,
    verdict,
    reached: goesForward ? laterStage(rollout.reached, knownStage(deployment.stage)) : rollout.reached,
  };
  return withDisplacement(next, look);
}

/** A deployment that goes on while another one is to take its place, look after look, will not come to its end. */
function withDisplacement(rollout: Rollout, { service }: Observation): Rollout {
  const { verdict, displaced } = rollout;
  const mayBe = verdict.state === 'GOING' || verdict.state === 'STOPPING';
  if (!mayBe || displaced < ENOUGH_LOOKS || typeof service !== 'object') return rollout;
  const later = primaryDeployment(service);
  if (!later || saysRollback(later)) return rollout;
  const text = `a newer deployment was started: ${later.id}`;
  return {
    ...rollout,
    verdict: {
      ...verdict,
      state: 'SUPERSEDED',
      cause: { kind: 'newer-deployment', text },
      evidence: [...verdict.evidence, `Deployment ${later.id} is PRIMARY`],
    },
  };
}
