import type { AuthorizationData } from '@aws-sdk/client-ecr';
import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import { isJsonObject } from '../core/json.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError, errorName } from './errors.ts';

const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** How to reach the account's registry over the registry protocol. */
export interface RegistryAccess {
  scheme: 'http' | 'https';
  /** With a port where there is one. */
  host: string;
  username: string;
  password: string;
}

export interface Repository {
  name: string;
  /** Host and name, as images are written. */
  uri: string;
}

export interface EcrOperations {
  registryAccess(): Promise<RegistryAccess>;
  /** Undefined when there is no such repository. */
  repository(name: string): Promise<Repository | undefined>;
  /** Creates it; one that another process has created meanwhile is as good. */
  createRepository(name: string): Promise<Repository>;
  /** The digest of an image by its tag or digest; undefined when the repository or the image does not exist. */
  imageDigest(repository: string, image: { tag: string } | { digest: string }): Promise<string | undefined>;
  /**
   * The digests of the manifests in an index (a Docker manifest list), and in the indexes in it; none for a single image.
   * Undefined when the repository or the image does not exist.
   */
  partsOf(repository: string, digest: string): Promise<string[] | undefined>;
}

export function openEcr(settings: ClientSettings): EcrOperations {
  const client = new ECRClient(clientOptions(settings));

  async function repository(name: string): Promise<Repository | undefined> {
    try {
      const answer = await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }));
      const [found] = answer.repositories ?? [];
      return found && { name, uri: found.repositoryUri ?? '' };
    } catch (error) {
      if (errorName(error) === 'RepositoryNotFoundException') return undefined;
      throw deployError(error, 'ecr:DescribeRepositories', name);
    }
  }

  async function partsOf(name: string, digest: string): Promise<string[] | undefined> {
    try {
      const { images = [] } = await client.send(
        new BatchGetImageCommand({
          repositoryName: name,
          imageIds: [{ imageDigest: digest }],
          acceptedMediaTypes: [...INDEXES, ...MANIFESTS],
        }),
      );
      const [image] = images;
      if (!image) return undefined;
      const parts = listedIn(image.imageManifest);
      const indexes = parts.filter(({ mediaType }) => INDEXES.includes(mediaType));
      const nested = await Promise.all(indexes.map((index) => partsOf(name, index.digest)));
      return [...parts.map((part) => part.digest), ...nested.flatMap((digests) => digests ?? [])];
    } catch (error) {
      if (errorName(error) === 'RepositoryNotFoundException') return undefined;
      throw deployError(error, 'ecr:BatchGetImage', name);
    }
  }

  return {
    repository,
    partsOf,
    async registryAccess() {
      try {
        const answer = await client.send(new GetAuthorizationTokenCommand({}));
        return readAccess(answer.authorizationData?.[0]);
      } catch (error) {
        throw deployError(error, 'ecr:GetAuthorizationToken', 'the registry');
      }
    },
    async createRepository(name) {
      try {
        const answer = await client.send(new CreateRepositoryCommand({ repositoryName: name }));
        return { name, uri: answer.repository?.repositoryUri ?? '' };
      } catch (error) {
        const existing = errorName(error) === 'RepositoryAlreadyExistsException' ? await repository(name) : undefined;
        if (existing) return existing;
        throw deployError(error, 'ecr:CreateRepository', name);
      }
    },
    async imageDigest(name, image) {
      const imageId = 'tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest };
      try {
        const answer = await client.send(new DescribeImagesCommand({ repositoryName: name, imageIds: [imageId] }));
        return answer.imageDetails?.[0]?.imageDigest;
      } catch (error) {
        if (['ImageNotFoundException', 'RepositoryNotFoundException'].includes(errorName(error))) return undefined;
        throw deployError(error, 'ecr:DescribeImages', name);
      }
    },
  };
}

/** What an index lists; nothing for the manifest of a single image. */
function listedIn(manifest: string | undefined): { digest: string; mediaType: string }[] {
  const index: unknown = JSON.parse(manifest ?? '{}');
  const listed = isJsonObject(index) && Array.isArray(index['manifests']) ? index['manifests'] : [];
  return listed
    .filter(isJsonObject)
    .map(({ digest, mediaType }) => ({ digest: String(digest), mediaType: String(mediaType) }));
}

/** Scheme and host come from `proxyEndpoint` alone, so that any registry behind AWS_ENDPOINT_URL works. */
function readAccess(data: AuthorizationData | undefined): RegistryAccess {
  const [username = '', password = ''] = Buffer.from(data?.authorizationToken ?? '', 'base64')
    .toString('utf8')
    .split(/:(.*)/s);
  if (!data?.proxyEndpoint || !password) {
    throw new DeployError({
      code: 'ecr.no_authorization',
      title: 'ECR gave no login for its registry',
      message: 'GetAuthorizationToken answered without a token or without a proxyEndpoint.',
      exitCode: EXIT.awsApi,
    });
  }
  const { protocol, host } = new URL(data.proxyEndpoint);
  return { scheme: protocol === 'http:' ? 'http' : 'https', host, username, password };
}
