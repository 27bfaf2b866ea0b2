import type {
  DeleteLifecyclePolicyRequest,
  DeleteLifecyclePolicyResponse,
  DeleteRepositoryPolicyRequest,
  DeleteRepositoryPolicyResponse,
  GetLifecyclePolicyRequest,
  GetLifecyclePolicyResponse,
  GetRepositoryPolicyRequest,
  GetRepositoryPolicyResponse,
  PutLifecyclePolicyRequest,
  PutLifecyclePolicyResponse,
  SetRepositoryPolicyRequest,
  SetRepositoryPolicyResponse,
} from '@aws-sdk/client-ecr';
import { isJsonObject } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { JsonHandler } from '../json-protocol.ts';
import { namedRepository } from './repositories.ts';
import { nowOf, type Ecr, type Repository } from './state.ts';
import { invalidParameter, required } from './validation.ts';

/** Policies are kept and given back. Nothing is denied by the one or expired by the other. */
export function policyHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return { ...repositoryPolicyHandlers(ecr), ...lifecyclePolicyHandlers(ecr) };
}

function repositoryPolicyHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return {
    SetRepositoryPolicy(input: SetRepositoryPolicyRequest, { region }): SetRepositoryPolicyResponse {
      const repository = namedRepository(ecr, region, input);
      repository.policyText = policyText(input.policyText, 'policyText', 'Statement');
      return { ...identity(ecr, repository), policyText: repository.policyText };
    },
    GetRepositoryPolicy(input: GetRepositoryPolicyRequest, { region }): GetRepositoryPolicyResponse {
      const repository = namedRepository(ecr, region, input);
      return { ...identity(ecr, repository), policyText: existingPolicy(ecr, repository) };
    },
    DeleteRepositoryPolicy(input: DeleteRepositoryPolicyRequest, { region }): DeleteRepositoryPolicyResponse {
      const repository = namedRepository(ecr, region, input);
      const deleted = existingPolicy(ecr, repository);
      delete repository.policyText;
      return { ...identity(ecr, repository), policyText: deleted };
    },
  };
}

function lifecyclePolicyHandlers(ecr: Ecr): Record<string, JsonHandler> {
  return {
    PutLifecyclePolicy(input: PutLifecyclePolicyRequest, { region }): PutLifecyclePolicyResponse {
      const repository = namedRepository(ecr, region, input);
      const lifecyclePolicyText = policyText(input.lifecyclePolicyText, 'LifecyclePolicyText', 'rules');
      repository.lifecycle = { policyText: lifecyclePolicyText, evaluatedAt: nowOf(ecr) };
      return { ...identity(ecr, repository), lifecyclePolicyText };
    },
    GetLifecyclePolicy(input: GetLifecyclePolicyRequest, { region }): GetLifecyclePolicyResponse {
      return describeLifecycle(ecr, namedRepository(ecr, region, input));
    },
    DeleteLifecyclePolicy(input: DeleteLifecyclePolicyRequest, { region }): DeleteLifecyclePolicyResponse {
      const repository = namedRepository(ecr, region, input);
      const deleted = describeLifecycle(ecr, repository);
      delete repository.lifecycle;
      return deleted;
    },
  };
}

function identity(ecr: Ecr, repository: Repository): { registryId: string; repositoryName: string } {
  return { registryId: ecr.world.accountId, repositoryName: repository.name };
}

/** JSON with the one member that makes it a policy of its kind. */
function policyText(value: string | undefined, name: string, member: string): string {
  const text = required(name, value);
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter(name, 'Invalid JSON syntax');
  }
  if (!isJsonObject(policy) || policy[member] === undefined) throw invalidParameter(name, `"${member}" is missing`);
  return text;
}

function existingPolicy(ecr: Ecr, repository: Repository): string {
  if (repository.policyText !== undefined) return repository.policyText;
  throw new AwsError('RepositoryPolicyNotFoundException', missing(ecr, repository, 'Repository policy'));
}

function describeLifecycle(ecr: Ecr, repository: Repository): GetLifecyclePolicyResponse {
  const { lifecycle } = repository;
  if (lifecycle === undefined) {
    throw new AwsError('LifecyclePolicyNotFoundException', missing(ecr, repository, 'Lifecycle policy'));
  }
  return {
    ...identity(ecr, repository),
    lifecyclePolicyText: lifecycle.policyText,
    lastEvaluatedAt: new Date(lifecycle.evaluatedAt),
  };
}

function missing(ecr: Ecr, repository: Repository, what: string): string {
  return `${what} does not exist for the repository with name '${repository.name}' in the registry with id '${ecr.world.accountId}'`;
}
