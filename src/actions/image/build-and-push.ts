import type { Repository } from '../../aws/ecr.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Change } from '../../core/result.ts';
import { BaseRegistries } from '../../image/base-registries.ts';
import { buildAndPushWithDocker } from '../../image/docker-driver.ts';
import { buildEmbedded } from '../../image/embedded-builder.ts';
import { pushImage } from '../../image/push-image.ts';
import { RegistryClient } from '../../image/registry-client.ts';
import type { BuildInputs as Inputs, BuildOutputs } from '../build-and-push-image.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import { prepareBuild, type PreparedBuild } from './prepare-build.ts';

/** The work of build-and-push-image. */
export async function buildFromInputs(inputs: Inputs, context: ActionContext): Promise<Outcome<BuildOutputs>> {
  const build = await prepareBuild(inputs, context);
  const session = await context.openSession(inputs);
  const pushed = await buildAndPush(build, session, context, inputs.dryRun);
  return {
    component: build.repository,
    status: pushed.status,
    changes: pushed.changes,
    outputs: {
      image: pushed.digest && pushed.image,
      imageDigest: pushed.digest,
      imageTags: build.tags,
      repositoryUri: pushed.repositoryUri,
      builder: build.engine ? 'docker' : 'embedded',
    },
  };
}

export interface PushedImage {
  status: 'changed' | 'unchanged' | 'planned';
  changes: Change[];
  repositoryUri: string | undefined;
  /** Undefined only in a dry run that does not build. */
  digest: string | undefined;
  /** Repository URI, @ and digest; in a dry run that does not build a stand-in. */
  image: string;
}

/** Builds an image that was prepared and pushes it; shared with the actions that release. */
export async function buildAndPush(
  build: PreparedBuild,
  session: AwsSession,
  context: ActionContext,
  dryRun: boolean,
): Promise<PushedImage> {
  const { scheme, host, username, password } = await (await session.ecr()).registryAccess();
  const repository = await findRepository(build, host, session, context, dryRun);
  if (dryRun && build.engine) return planned(repository, undefined);
  const client = new RegistryClient({ scheme, host, credentials: { username, password }, signal: context.signal });
  const name = repository.uri.slice(repository.uri.indexOf('/') + 1);
  try {
    if (!build.engine) return await embedded(build, { client, name, repository, context, dryRun });
    const pushed = await buildAndPushWithDocker({
      ...build,
      engine: build.engine,
      secrets: build.buildSecrets,
      client,
      credentials: { username, password },
      repository: name,
      env: { ...context.env },
      signal: context.signal,
      progress: context.progress,
    });
    return finished(
      repository,
      pushed.digest,
      pushed.tags.some(({ result }) => result === 'tagged'),
    );
  } finally {
    client.close();
  }
}

interface Target {
  client: RegistryClient;
  /** Without the host. */
  name: string;
  repository: Repository;
  context: ActionContext;
  dryRun: boolean;
}

async function embedded(
  build: PreparedBuild,
  { client, name, repository, context, dryRun }: Target,
): Promise<PushedImage> {
  const { env, signal, progress } = context;
  const bases = new BaseRegistries({ known: [client], env: { ...env }, signal });
  try {
    const mirror = env['AWS_DEPLOY_REGISTRY_MIRROR'];
    const image = await buildEmbedded({ ...build, mirror, bases: bases.clientOf, signal, progress });
    try {
      progress.info(`Built ${image.manifest.digest}`);
      if (dryRun) return planned(repository, image.manifest.digest);
      const pushed = await pushImage({ image, client, repository: name, tags: build.tags, progress });
      return finished(
        repository,
        pushed.digest,
        pushed.sent > 0 || pushed.tags.some(({ result }) => result === 'tagged'),
      );
    } finally {
      await image.dispose();
    }
  } finally {
    await bases.close();
  }
}

/** In a dry run one that would be created has the URI that it would get. */
async function findRepository(
  { repository: name, createRepository }: PreparedBuild,
  host: string,
  session: AwsSession,
  { progress }: ActionContext,
  dryRun: boolean,
): Promise<Repository> {
  const ecr = await session.ecr();
  const found = await ecr.repository(name);
  if (found) return found;
  if (!createRepository) throw repositoryNotFound(name, session);
  progress.step(`${dryRun ? 'Would create' : 'Creating'} ECR repository ${name}`);
  return dryRun ? { name, uri: `${host}/${name}` } : ecr.createRepository(name);
}

/** The error for a repository that is not there, and is not to be created: exit code 5. */
export function repositoryNotFound(name: string, { region, identity }: AwsSession): DeployError {
  return new DeployError({
    code: 'ecr.repository_not_found',
    title: `there is no ECR repository ${name}`,
    message: `Looked in ${region}, account ${identity.accountId}.`,
    hints: ['Check the name and the region, or set create_repository.'],
    exitCode: EXIT.notFound,
  });
}

function planned(repository: Repository, digest: string | undefined): PushedImage {
  const image = `${repository.uri}@${digest ?? '<digest-of-the-build>'}`;
  return {
    status: 'planned',
    changes: [{ resource: image, kind: 'updated' }],
    repositoryUri: repository.uri,
    digest,
    image,
  };
}

function finished(repository: Repository, digest: string, changed: boolean): PushedImage {
  const image = `${repository.uri}@${digest}`;
  return {
    status: changed ? 'changed' : 'unchanged',
    changes: [{ resource: image, kind: changed ? 'created' : 'unchanged' }],
    repositoryUri: repository.uri,
    digest,
    image,
  };
}
