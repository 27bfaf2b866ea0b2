import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { familyAndRevision } from '../../plan/task-definition/described.ts';
import type { ActionContext } from '../context.ts';
import { repositoryNotFound } from '../image/build-and-push.ts';
import { prepareBuild, type PreparedBuild } from '../image/prepare-build.ts';
import type { EcsReleaseInputs } from '../release-ecs-service.ts';
import { checkDeployInputs, type CheckedDeploy } from '../service-deploy/check-inputs.ts';
import { revisionToDeploy } from '../service-deploy/revision-to-deploy.ts';
import { serviceToDeploy, type ServiceToDeploy } from '../service-deploy/service-to-deploy.ts';
import { baseRevision } from '../task-definition/base-revision.ts';
import { containerOfBuild, withBuiltImage } from './built-image.ts';
import { planMigration } from './migration.ts';

/** A release that was checked as far as it can be without AWS. */
export interface CheckedRelease {
  deploy: CheckedDeploy;
  build: PreparedBuild | undefined;
}

/** A release of which everything was checked that can be. */
export interface PreparedRelease extends CheckedRelease {
  /** Which container gets the image that is built; undefined when none is. */
  buildFor: string | undefined;
}

export const SILENT: Progress = { step() {}, info() {}, warn() {} };

/** Throws (exit code 2, 5 or 7) for what is wrong whatever AWS has. */
export async function checkReleaseInputs(inputs: EcsReleaseInputs, context: ActionContext): Promise<CheckedRelease> {
  const { migrationCommand, migrationContainer, repository } = inputs;
  if (migrationCommand === undefined && migrationContainer !== undefined) {
    throw badArgument('migration_container is for migration_command, which is not given');
  }
  // Images come from the parameters, or are built: what other jobs have brought out is theirs.
  const alone: ActionContext = { ...context, env: {}, readRecord: () => Promise.resolve([]) };
  const given = { taskDefinitionArn: undefined, forceNewDeployment: false, markVerified: true, record: false };
  const deploy = await checkDeployInputs({ ...inputs, ...given }, alone);
  const build =
    repository === undefined
      ? undefined
      : await prepareBuild({ ...inputs, repository, tags: inputs.imageTags }, context);
  return { deploy, build };
}

/**
 * Finds out before anything is changed that each part of a release can be carried out: service, repository, containers, the
 * definition as it is going to be, and where the migration runs. Throws what the parts would throw.
 */
export async function checkRelease(
  release: CheckedRelease,
  inputs: EcsReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<PreparedRelease> {
  const { deploy, build } = release;
  const silent: ActionContext = { ...context, progress: { ...context.progress, ...SILENT } };
  const target = await serviceToDeploy(deploy, session, context.progress);
  const repositoryUri = build && (await uriOf(build, session));
  const buildFor =
    repositoryUri === undefined
      ? undefined
      : containerOfBuild(await baseOf(deploy, target, session), inputs.container, repositoryUri);
  const prepared = { ...release, buildFor };
  const plannedImage = repositoryUri && unbuiltImage(repositoryUri);
  const planned = withImage(prepared, plannedImage);
  const revision = await revisionToDeploy(planned, target, { dryRun: true, plannedImage }, session, silent);
  await planMigration(revision.definition, target, inputs, session, context);
  return prepared;
}

/** An image that is not built yet: zeros stand for its digest. */
export function unbuiltImage(repositoryUri: string): string {
  return `${repositoryUri}@sha256:${'0'.repeat(64)}`;
}

/** What is to be deployed, with the image that was built. */
export function withImage({ deploy, buildFor }: PreparedRelease, image: string | undefined): CheckedDeploy {
  if (buildFor === undefined || image === undefined) return deploy;
  const { definition } = deploy;
  const edits = withBuiltImage(definition.edits, buildFor, image);
  return { ...deploy, definition: { ...definition, edits }, asksForDefinition: true };
}

/** Registry and name of the repository, as images are written. Throws (exit code 5) when it is not there and not to be created. */
async function uriOf({ repository, createRepository }: PreparedBuild, session: AwsSession): Promise<string> {
  const ecr = await session.ecr();
  const found = await ecr.repository(repository);
  if (found) return found.uri;
  if (createRepository) return `${(await ecr.registryAccess()).host}/${repository}`;
  throw repositoryNotFound(repository, session);
}

/** The definition that is edited, as it is before. */
async function baseOf(
  { definition }: CheckedDeploy,
  target: ServiceToDeploy,
  session: AwsSession,
): Promise<JsonObject> {
  if (definition.file) return definition.file.definition;
  const reference = target.kind === 'existing' ? target.service.taskDefinition : target.file.taskDefinition;
  if (reference === undefined) {
    throw badArgument('it is not known which task definition the new service is to run', [
      'Give task_definition with a family, or write taskDefinition into the service file.',
    ]);
  }
  const { family } = familyAndRevision(reference);
  const { taskDefinitions } = ecsOf(session);
  const newest = await taskDefinitions.describe(family);
  return (await baseRevision(family, newest, taskDefinitions, { session, progress: SILENT })).definition;
}
