import { saysRollback } from '../rollout/judge-deployments.ts';
import type { DeploymentSnapshot, ListedServiceDeployment, ServiceSnapshot } from '../rollout/observation.ts';
import {
  deploymentInFlight,
  isOngoing,
  primaryDeployment,
  serviceDeploymentInFlight,
  serviceDeploymentOf,
} from '../rollout/started-deployment.ts';

/** What brings a service to a revision. */
export type NextDeployment =
  | {
      kind: 'start';
      /** The service has the revision already, so that ECS has to be told to deploy it again. */
      again: boolean;
      /** A deployment that is on its way, and ends with this one. */
      supersedes: string | undefined;
    }
  /** It is on its way already. */
  | { kind: 'follow'; deployment: DeploymentSnapshot }
  /** It has come to its end. */
  | { kind: 'there'; deployment: DeploymentSnapshot };

/**
 * Decides whether a deployment has to be started. One of the very same revision that is on its way is not started again,
 * so that a run after a killed one goes on with it; one that was stopped or has failed is.
 * @param taskDefinition ARN
 * @param listed the service deployments, the newest first; undefined where they can't be seen
 */
export function nextDeployment(
  service: ServiceSnapshot,
  taskDefinition: string,
  listed: readonly ListedServiceDeployment[] = [],
): NextDeployment {
  const primary = primaryDeployment(service);
  const inFlight = serviceDeploymentInFlight(listed);
  const supersedes = inFlight?.arn ?? deploymentInFlight(service)?.id;
  const start = (again: boolean): NextDeployment => ({ kind: 'start', again, supersedes });
  if (service.taskDefinition !== taskDefinition || primary?.taskDefinition !== taskDefinition) {
    return start(service.taskDefinition === taskDefinition);
  }
  const isTakenBack = inFlight !== undefined && !GOES_FORWARD.has(inFlight.status);
  const goesBack = saysRollback(primary) && primary.rolloutState === 'IN_PROGRESS';
  if (isTakenBack || goesBack || primary.rolloutState === 'FAILED') return start(true);
  const own = serviceDeploymentOf({ ...primary, announced: undefined }, listed);
  if (own && isOngoing(own.status)) return { kind: 'follow', deployment: primary };
  if (own) return own.status === 'SUCCESSFUL' ? { kind: 'there', deployment: primary } : start(true);
  return { kind: deploymentInFlight(service) ? 'follow' : 'there', deployment: primary };
}

const GOES_FORWARD = new Set(['PENDING', 'IN_PROGRESS']);
