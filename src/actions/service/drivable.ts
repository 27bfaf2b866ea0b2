import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { ServiceSnapshot } from '../../plan/rollout/observation.ts';

/** Throws (exit code 2) when an ARN is of another region, account or cluster than where this would look for it. */
export function checkPlace(
  { cluster, service }: Pick<ServicePlace, 'cluster'> & { service?: string | undefined },
  { region, identity }: Pick<AwsSession, 'region' | 'identity'>,
): void {
  for (const [name, value = ''] of [
    ['cluster', cluster],
    ['service', service],
  ] as const) {
    if (!value.startsWith('arn:')) continue;
    const [, , , ownRegion, account] = value.split(':');
    if (ownRegion !== region) {
      throw badArgument(`${name} is in the region ${ownRegion}, and this runs in ${region}`, [
        'Give the region of the ARN. Nothing was changed.',
      ]);
    }
    if (account !== identity.accountId) {
      throw badArgument(`${name} is of the account ${account}, and the credentials are of ${identity.accountId}`, [
        'Use credentials of that account. Nothing was changed.',
      ]);
    }
  }
  // Older ARNs of services have no cluster in them.
  const ownCluster = /:service\/([^/]+)\/[^/]+$/.exec(service ?? '')?.[1];
  const clusterName = cluster.split('/').at(-1);
  if (ownCluster === undefined || ownCluster === clusterName) return;
  throw badArgument(`service is in the cluster ${ownCluster}, and cluster is ${clusterName}`, [
    'Give the cluster of the ARN, or the name of the service only. Nothing was changed.',
  ]);
}

/**
 * A service whose deployments ECS itself carries out. Throws when there is no such service (exit code 5), when it was
 * deleted (5), and when CodeDeploy or somebody else deploys it (2).
 */
export async function drivableService(place: ServicePlace, session: AwsSession): Promise<ServiceSnapshot> {
  checkPlace(place, session);
  const { services } = ecsOf(session);
  const service = await services.describe(place);
  if (!service) throw await services.notFound(place);
  checkDrivable(service);
  return service;
}

/** The same of a service that was described already. */
export function checkDrivable({ name, status, controller }: ServiceSnapshot): void {
  if (status !== 'ACTIVE') {
    const isGoing = status === 'DRAINING';
    throw new DeployError({
      code: 'ecs.service_deleted',
      title: `the service ${name} ${isGoing ? 'is being' : 'was'} deleted: it is ${status}`,
      hints: [
        isGoing
          ? 'ECS creates none of this name before it is INACTIVE: try again then. Nothing was changed.'
          : 'Check the name, the cluster and the region. Nothing was changed.',
      ],
      exitCode: EXIT.notFound,
    });
  }
  if (controller === 'ECS') return;
  const by = controller === 'CODE_DEPLOY' ? 'AWS CodeDeploy' : 'task sets of somebody else (EXTERNAL)';
  throw badArgument(`the service ${name} is deployed by ${by}, and this drives deployments of ECS itself only`, [
    controller === 'CODE_DEPLOY'
      ? 'Follow, stop and roll it back with CodeDeploy ("aws deploy"), or give the service the deployment controller ECS; that has blue/green deployments, too.'
      : 'Use what manages its task sets.',
    'Nothing was changed.',
  ]);
}
