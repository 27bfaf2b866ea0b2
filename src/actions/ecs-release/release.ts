import type { Progress } from '../../core/progress.ts';
import { taskDefinitionHash } from '../../plan/task-definition/canonical.ts';
import { familyAndRevision } from '../../plan/task-definition/described.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import { buildAndPush, type PushedImage } from '../image/build-and-push.ts';
import type { EcsReleaseInputs, EcsReleaseOutputs } from '../release-ecs-service.ts';
import { revisionToDeploy, type RevisionToDeploy } from '../service-deploy/revision-to-deploy.ts';
import { serviceToDeploy } from '../service-deploy/service-to-deploy.ts';
import { checkRelease, checkReleaseInputs, SILENT, unbuiltImage, withImage } from './check-release.ts';
import { deployRelease, type ReleasedDeployment } from './deploy.ts';
import { withDone } from './failed-deployment.ts';
import { migrate, type MigrationDone } from './migration.ts';

/**
 * The work of release-ecs-service: everything that can be checked is checked first; then image, revision, migration and
 * deployment, in this order, so that nothing refers to what is not there. Each part is safe to repeat.
 */
export async function releaseFromInputs(
  inputs: EcsReleaseInputs,
  context: ActionContext,
): Promise<Outcome<EcsReleaseOutputs>> {
  const { dryRun } = inputs;
  const offline = await checkReleaseInputs(inputs, context);
  const session = await context.openSession(inputs);
  const release = await checkRelease(offline, inputs, session, context);

  const pushed = release.build && (await buildAndPush(release.build, session, context, dryRun));
  const image = pushed && imageOf(pushed, context.progress);
  const checked = withImage(release, image);
  // Builds and migrations take their time: each part looks anew at what the service has.
  const look = () => serviceToDeploy(checked, session, SILENT);
  const plannedImage = dryRun ? image : undefined;
  const registering = async () => revisionToDeploy(checked, await look(), { dryRun, plannedImage }, session, context);
  const revision = await afterDoing({ pushed }, registering);
  const migrated = await migrate(revision, await afterDoing({ pushed, revision }, look), inputs, session, context);
  const deployed = migrated.failure
    ? undefined
    : await deployRelease(revision, await afterDoing({ pushed, revision }, look), checked, inputs, session, context);
  return outcomeOf({ pushed, revision, migrated, deployed }, inputs);
}

/** What fails between the parts of a release tells what they have changed by then. */
async function afterDoing<T>(
  { pushed, revision }: Pick<Parts, 'pushed'> & { revision?: RevisionToDeploy },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isRegistered = revision?.isNew === true && revision.arn !== undefined;
    throw withDone(error, [
      ...(pushed?.status === 'changed' ? [`${pushed.image} is pushed.`] : []),
      ...(isRegistered ? [`${revision.arn?.split('/').at(-1)} is registered and was not deployed.`] : []),
    ]);
  }
}

/** A dry run with an engine does not build. */
function imageOf({ digest, image, repositoryUri }: PushedImage, progress: Progress): string {
  if (digest !== undefined || repositoryUri === undefined) return image;
  progress.info('The digest is known when the image is built; zeros stand for it');
  return unbuiltImage(repositoryUri);
}

interface Parts {
  pushed: PushedImage | undefined;
  revision: RevisionToDeploy;
  migrated: MigrationDone;
  /** Undefined when the migration did not succeed. */
  deployed: ReleasedDeployment | undefined;
}

function outcomeOf(
  { pushed, revision, migrated, deployed }: Parts,
  { service, dryRun }: EcsReleaseInputs,
): Outcome<EcsReleaseOutputs> {
  const { arn, family, definition, change } = revision;
  const failure = migrated.failure ?? deployed?.failure;
  const changes = [
    ...(pushed?.changes ?? []),
    ...(change ? [change] : []),
    ...migrated.changes,
    // What registering changed is told by the deployment, too.
    ...(deployed?.changes ?? []).filter((each) => each !== change),
  ];
  const isChanged = changes.some(({ kind }) => kind !== 'unchanged');
  return {
    component: service.split('/').at(-1) ?? service,
    status: dryRun ? 'planned' : isChanged ? 'changed' : 'unchanged',
    changes,
    outputs: {
      taskDefinitionArn: arn,
      ...deployed?.outputs,
      family,
      revision: arn === undefined ? undefined : familyAndRevision(arn).revision,
      definitionHash: taskDefinitionHash(definition),
      imageDigest: pushed?.digest,
      ...migrated.outputs,
      rolledBackTo: deployed?.rolledBackTo,
    },
    ...(failure ? { failure } : {}),
  };
}
