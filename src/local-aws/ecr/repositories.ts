import type {
  CreateRepositoryRequest,
  CreateRepositoryResponse,
  DeleteRepositoryRequest,
  DeleteRepositoryResponse,
  DescribeRepositoriesRequest,
  DescribeRepositoriesResponse,
  GetAuthorizationTokenResponse,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
  PutImageScanningConfigurationRequest,
  PutImageScanningConfigurationResponse,
  PutImageTagMutabilityRequest,
  PutImageTagMutabilityResponse,
  Repository as RepositoryDescription,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../aws-error.ts';
import type { JsonCall, JsonHandler } from '../json-protocol.ts';
import { issueToken } from './authorization.ts';
import { pageOf } from './paging.ts';
import { addResourceTags } from './resource-tags.ts';
import {
  findRepository,
  nowOf,
  repositoriesOf,
  repositoryArn,
  repositoryUri,
  type Ecr,
  type Repository,
} from './state.ts';
import { checkedRepositoryName, invalidParameter } from './validation.ts';

const MUTABILITIES: readonly ImageTagMutability[] = [
  'MUTABLE',
  'IMMUTABLE',
  'MUTABLE_WITH_EXCLUSION',
  'IMMUTABLE_WITH_EXCLUSION',
];
const EXCLUSION_FILTERS = 5;

export function repositoryHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return {
    CreateRepository: (input: CreateRepositoryRequest, call) => createRepository(ecr, input, call),
    DescribeRepositories: (input: DescribeRepositoriesRequest, call) => describeRepositories(ecr, input, call),
    DeleteRepository: (input: DeleteRepositoryRequest, call) => deleteRepository(ecr, input, call),
    PutImageTagMutability: (input: PutImageTagMutabilityRequest, call) => putImageTagMutability(ecr, input, call),
    PutImageScanningConfiguration: (input: PutImageScanningConfigurationRequest, call) =>
      putImageScanningConfiguration(ecr, input, call),
    GetAuthorizationToken: (_input: object, call) => getAuthorizationToken(ecr, call),
  };
}

function createRepository(ecr: Ecr, input: CreateRepositoryRequest, { region }: JsonCall): CreateRepositoryResponse {
  const name = checkedRepositoryName(input.repositoryName);
  const { mutability, exclusions } = tagMutability(input.imageTagMutability, input.imageTagMutabilityExclusionFilters);
  const { encryptionType = 'AES256', kmsKey } = input.encryptionConfiguration ?? {};
  const repository: Repository = {
    name,
    region,
    createdAt: nowOf(ecr),
    mutability,
    exclusions,
    scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    encryption: kmsKey === undefined ? { encryptionType } : { encryptionType, kmsKey },
    resourceTags: new Map(),
    layers: new Map(),
    images: new Map(),
    tags: new Map(),
  };
  addResourceTags(repository, input.tags ?? []);
  const repositories = repositoriesOf(ecr, region);
  if (repositories.has(name)) {
    const message = `The repository with name '${name}' already exists in the registry with id '${ecr.world.accountId}'`;
    throw new AwsError('RepositoryAlreadyExistsException', message);
  }
  repositories.set(name, repository);
  return { repository: describe(ecr, repository) };
}

function tagMutability(
  mutability: ImageTagMutability = 'MUTABLE',
  exclusions: ImageTagMutabilityExclusionFilter[] = [],
): Pick<Repository, 'mutability' | 'exclusions'> {
  if (!MUTABILITIES.includes(mutability)) {
    throw invalidParameter('imageTagMutability', `must satisfy enum value set: [${MUTABILITIES.join(', ')}]`);
  }
  const at = 'imageTagMutabilityExclusionFilters';
  if (mutability.endsWith('_WITH_EXCLUSION') !== exclusions.length > 0) {
    const rule = exclusions.length > 0 ? 'must be empty' : 'must have length greater than or equal to 1';
    throw invalidParameter(at, `${rule} when imageTagMutability is ${mutability}`);
  }
  if (exclusions.length > EXCLUSION_FILTERS) {
    throw invalidParameter(at, `must have length less than or equal to ${EXCLUSION_FILTERS}`);
  }
  for (const { filter = '', filterType } of exclusions) {
    if (filterType !== 'WILDCARD')
      throw invalidParameter(`${at}.filterType`, 'must satisfy enum value set: [WILDCARD]');
    if (!/^[0-9a-zA-Z._*-]{1,128}$/.test(filter) || filter.split('*').length > 3) {
      throw invalidParameter(
        `${at}.filter`,
        "must satisfy regular expression '[0-9a-zA-Z._*-]{1,128}' with at most two '*'",
      );
    }
  }
  return { mutability, exclusions };
}

function describe(ecr: Ecr, repository: Repository): RepositoryDescription {
  const { name, region, createdAt, mutability, exclusions, scanOnPush, encryption } = repository;
  const description: RepositoryDescription = {
    repositoryArn: repositoryArn(ecr, region, name),
    registryId: ecr.world.accountId,
    repositoryName: name,
    repositoryUri: repositoryUri(ecr, name),
    createdAt: new Date(createdAt),
    imageTagMutability: mutability,
    imageScanningConfiguration: { scanOnPush },
    encryptionConfiguration: encryption,
  };
  if (exclusions.length > 0) description.imageTagMutabilityExclusionFilters = exclusions;
  return description;
}

function describeRepositories(
  ecr: Ecr,
  input: DescribeRepositoriesRequest,
  { region }: JsonCall,
): DescribeRepositoriesResponse {
  const { repositoryNames, registryId } = input;
  if (repositoryNames !== undefined) {
    if (input.maxResults !== undefined || input.nextToken !== undefined) {
      throw invalidParameter('maxResults', 'must not be used with repositoryNames, nor nextToken');
    }
    const named = repositoryNames.map((name) => findRepository(ecr, region, checkedRepositoryName(name), registryId));
    return { repositories: named.map((repository) => describe(ecr, repository)) };
  }
  const own = registryId === undefined || registryId === ecr.world.accountId;
  const all = own ? [...repositoriesOf(ecr, region).values()] : [];
  const { page, ...next } = pageOf(all, ({ name }) => name, input);
  return { repositories: page.map((repository) => describe(ecr, repository)), ...next };
}

function deleteRepository(ecr: Ecr, input: DeleteRepositoryRequest, { region }: JsonCall): DeleteRepositoryResponse {
  const repository = namedRepository(ecr, region, input);
  if (repository.images.size > 0 && input.force !== true) {
    const message = `The repository with name '${repository.name}' in registry with id '${ecr.world.accountId}' cannot be deleted because it still contains images`;
    throw new AwsError('RepositoryNotEmptyException', message);
  }
  repositoriesOf(ecr, region).delete(repository.name);
  for (const [id, upload] of ecr.uploads) {
    if (upload.repository === repository) ecr.uploads.delete(id);
  }
  return { repository: describe(ecr, repository) };
}

/**
 * The repository that an input names.
 * @throws AwsError InvalidParameterException, RepositoryNotFoundException
 */
export function namedRepository(
  ecr: Ecr,
  region: string,
  input: { repositoryName: string | undefined; registryId?: string | undefined },
): Repository {
  return findRepository(ecr, region, checkedRepositoryName(input.repositoryName), input.registryId);
}

function putImageTagMutability(
  ecr: Ecr,
  input: PutImageTagMutabilityRequest,
  { region }: JsonCall,
): PutImageTagMutabilityResponse {
  const repository = namedRepository(ecr, region, input);
  const { mutability, exclusions } = tagMutability(input.imageTagMutability, input.imageTagMutabilityExclusionFilters);
  Object.assign(repository, { mutability, exclusions });
  const response: PutImageTagMutabilityResponse = {
    registryId: ecr.world.accountId,
    repositoryName: repository.name,
    imageTagMutability: mutability,
  };
  if (exclusions.length > 0) response.imageTagMutabilityExclusionFilters = exclusions;
  return response;
}

function putImageScanningConfiguration(
  ecr: Ecr,
  input: PutImageScanningConfigurationRequest,
  { region }: JsonCall,
): PutImageScanningConfigurationResponse {
  const repository = namedRepository(ecr, region, input);
  repository.scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
  return {
    registryId: ecr.world.accountId,
    repositoryName: repository.name,
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  };
}

function getAuthorizationToken(ecr: Ecr, { region }: JsonCall): GetAuthorizationTokenResponse {
  const { token, expiresAt } = issueToken(ecr.world, region);
  return { authorizationData: [{ authorizationToken: token, expiresAt, proxyEndpoint: ecr.world.endpoint() }] };
}
