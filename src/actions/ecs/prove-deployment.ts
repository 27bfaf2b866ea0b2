import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import { prove, type Proof, type ProofRequest } from '../../plan/rollout/proof.ts';
import type { Rollout } from '../../plan/rollout/track.ts';
import { imagesByContainer } from '../../plan/task-definition/containers.ts';

/**
 * Proves that what a successful deployment brought out is what runs. Throws when AWS can't be asked, or the service or the
 * task definition is gone (exit code 3, 4 or 5).
 * @param partsOf the digests of the images in an index, where they are known
 */
export async function proveDeployment(
  { ours, serviceDeploymentArn }: Pick<Rollout, 'ours' | 'serviceDeploymentArn'>,
  place: ServicePlace,
  session: AwsSession,
  partsOf: ProofRequest['partsOf'] = {},
): Promise<Proof> {
  const { services, tasks, taskDefinitions } = ecsOf(session);
  const service = await services.describe(place);
  if (!service) throw await services.notFound(place);
  const deployment = serviceDeploymentArn === undefined ? undefined : await services.deployment(serviceDeploymentArn);
  const revision = deployment && (await services.revision(deployment.target.arn));
  const described = await taskDefinitions.describe(ours.taskDefinition);
  const byRevision = revision?.images.map(({ container, image }) => [container, image] as const);
  return prove({
    ours,
    service,
    revision,
    tasks: await tasks.ofService(place, 'RUNNING'),
    images: described ? imagesByContainer(described.definition) : Object.fromEntries(byRevision ?? []),
    partsOf,
  });
}
