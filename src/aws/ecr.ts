import type { AuthorizationData } from '@aws-sdk/client-ecr';
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { DeployError } from '../core/errors.ts';
import { EXIT } from '../core/exit-codes.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError, errorName } from './errors.ts';

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

  return {
    repository,
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
