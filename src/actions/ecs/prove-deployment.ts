import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { prove, type IndexParts, type Proof, type ProofRequest } from '../../plan/rollout/proof.ts';
import type { Rollout } from '../../plan/rollout/track.ts';
import { imagesByContainer } from '../../plan/task-definition/containers.ts';
import { readIndexParts } from './index-parts.ts';

/**
 * Proves that what a successful deployment brought out is what runs. What an index holds is read only when tasks report
 * another digest than that of the index. Throws when AWS can't be asked (exit code 3 or 4), or the service is gone (10).
 */
export async function proveDeployment(
  { ours, serviceDeploymentArn }: Pick<Rollout, 'ours' | 'serviceDeploymentArn'>,
  place: ServicePlace,
  session: AwsSession,
): Promise<Proof> {
  const { services, tasks, taskDefinitions } = ecsOf(session);
  const service = await services.describe(place);
  // Whoever looks here has seen it; an INACTIVE one is what remains of it.
  if (service?.status !== 'ACTIVE') throw deletedMeanwhile(place, service?.status);
  const deployment = serviceDeploymentArn === undefined ? undefined : await services.deployment(serviceDeploymentArn);
  const revision = deployment && (await services.revision(deployment.target.arn));
  const described = await taskDefinitions.describe(ours.taskDefinition);
  const byRevision = revision?.images.map(({ container, image }) => [container, image] as const);
  const request: ProofRequest = {
    ours,
    service,
    revision,
    tasks: await tasks.ofService(place, 'RUNNING'),
    images: described ? imagesByContainer(described.definition) : Object.fromEntries(byRevision ?? []),
  };
  const proof = prove(request);
  const partsOf: Record<string, IndexParts> = {};
  for (const { container, digest, state, other } of proof.containers) {
    const image = request.images[container];
    if (state !== 'UNKNOWN' || other === undefined || digest === undefined || image === undefined) continue;
    partsOf[digest] ??= await readIndexParts(image, digest, session);
  }
  return Object.keys(partsOf).length === 0 ? proof : prove({ ...request, partsOf });
}

function deletedMeanwhile({ cluster, service }: ServicePlace, status: string | undefined): DeployError {
  return new DeployError({
    code: 'ecs.service_deleted',
    title: `the service ${service} in cluster ${cluster} was deleted meanwhile`,
    message: status === undefined ? 'AWS does not find it any more.' : `It is ${status}.`,
    exitCode: EXIT.failedNotRolledBack,
  });
}
