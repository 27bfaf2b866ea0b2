import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { saysRollback } from '../../plan/rollout/judge-deployments.ts';
import type { ListedServiceDeployment, ServiceSnapshot } from '../../plan/rollout/observation.ts';
import { primaryDeployment } from '../../plan/rollout/started-deployment.ts';

export interface ListedDeployments {
  /** The newest first; undefined where AWS (or what stands for it) has none, and where they may not be listed. */
  listed: ListedServiceDeployment[] | undefined;
  /** Why none are known, where they may not be listed. */
  denied: DeployError | undefined;
}

/**
 * The service deployments of a service. Without the permission to list them none are known, where what DescribeServices
 * tells is an honest answer: of a rolling update that is no rollback of ECS. Otherwise throws (exit code 3).
 */
export async function listedDeployments(
  place: ServicePlace,
  service: ServiceSnapshot,
  session: AwsSession,
): Promise<ListedDeployments> {
  try {
    return { listed: await ecsOf(session).services.deployments(place), denied: undefined };
  } catch (error) {
    const isDenied = error instanceof DeployError && error.code === 'aws.access_denied';
    if (isDenied && tellsItself(service)) return { listed: undefined, denied: error };
    throw error;
  }
}

/** AWS's clocks may differ by so much from one part of an answer to the next. */
const CLOCK_MARGIN_MS = 60_000;

function tellsItself(service: ServiceSnapshot): boolean {
  const primary = primaryDeployment(service);
  if (service.strategy !== 'ROLLING' || primary?.rolloutState === undefined || saysRollback(primary)) return false;
  // A rollback that is complete is told by its event only.
  const since = (primary.createdAt ?? 0) - CLOCK_MARGIN_MS;
  return !service.events.some(({ createdAt, message }) => createdAt >= since && /rolling back to/i.test(message));
}
