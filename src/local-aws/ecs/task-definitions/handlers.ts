import type {
  DeleteTaskDefinitionsRequest,
  DeleteTaskDefinitionsResponse,
  DeregisterTaskDefinitionRequest,
  DeregisterTaskDefinitionResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  RegisterTaskDefinitionRequest,
  RegisterTaskDefinitionResponse,
  TaskDefinition,
} from '@aws-sdk/client-ecs';

import { isJsonObject, type JsonObject } from '../../../core/json.ts';
import { callerIdentity } from '../../identity.ts';
import { type JsonCall, RawJson } from '../../json-protocol.ts';
import { clientException, dateOf, ecsArn, type EcsState, invalidParameter } from '../state.ts';
import { tagList, withTags } from '../tags.ts';
import { findDefinition, parseReference, type StoredDefinition } from './definition.ts';
import { storedMembers } from './stored.ts';
import { checkDefinition } from './validation.ts';

const MAX_DELETED = 10;

export function taskDefinitionHandlers(state: EcsState) {
  return {
    RegisterTaskDefinition(
      typed: RegisterTaskDefinitionRequest,
      call: JsonCall,
    ): RegisterTaskDefinitionResponse | RawJson {
      const input = keepsUnknownMembers(state) ? withUnknownMembers(call.json) : typed;
      checkDefinition(input);
      const tags = withTags({}, input.tags);
      const { taskDefinitions } = state.region(call.region);
      const family = input.family!;
      const revisions = taskDefinitions.get(family) ?? [];
      // Deregistered and deleted revisions stay in the list, so that their numbers are never given again.
      const revision = Math.max(0, ...revisions.map((earlier) => earlier.revision)) + 1;
      const stored: StoredDefinition = {
        ...storedMembers(input),
        family,
        revision,
        taskDefinitionArn: ecsArn(state.world, call.region, `task-definition/${family}:${revision}`),
        registeredAt: state.now(),
        registeredBy: callerIdentity(call.request, state.world).arn,
        tags,
      };
      taskDefinitions.set(family, [...revisions, stored]);
      return answer(state, { taskDefinition: stored, tags });
    },

    DescribeTaskDefinition(
      input: DescribeTaskDefinitionRequest,
      call: JsonCall,
    ): DescribeTaskDefinitionResponse | RawJson {
      const found = findDefinition(state.region(call.region), input.taskDefinition ?? '');
      if (found === undefined) throw clientException('Unable to describe task definition.');
      return answer(state, { taskDefinition: found, tags: input.include?.includes('TAGS') ? found.tags : {} });
    },

    /** INACTIVE is for good. What runs with it goes on; nothing new can be made with it. */
    DeregisterTaskDefinition(
      input: DeregisterTaskDefinitionRequest,
      call: JsonCall,
    ): DeregisterTaskDefinitionResponse | RawJson {
      const wanted = parseReference(input.taskDefinition ?? '');
      if (wanted === undefined) throw clientException('Invalid task definition.');
      if (wanted.revision === undefined) {
        throw invalidParameter('A revision must be given: family:revision, or the full ARN.');
      }
      const found = findDefinition(state.region(call.region), input.taskDefinition!);
      if (found === undefined) throw clientException('The specified task definition does not exist.');
      if (found.status === 'ACTIVE') {
        found.status = 'INACTIVE';
        found.deregisteredAt = state.now();
      }
      return answer(state, { taskDefinition: found });
    },

    DeleteTaskDefinitions(input: DeleteTaskDefinitionsRequest, call: JsonCall): DeleteTaskDefinitionsResponse {
      const wanted = input.taskDefinitions ?? [];
      if (wanted.length < 1 || wanted.length > MAX_DELETED) {
        throw invalidParameter(`1 to ${MAX_DELETED} task definitions can be deleted at once.`);
      }
      const region = state.region(call.region);
      const deleted: TaskDefinition[] = [];
      const failures = wanted.flatMap((reference) => {
        const parsed = parseReference(reference);
        const found = parsed?.revision === undefined ? undefined : findDefinition(region, reference);
        if (found === undefined) {
          return [{ arn: reference, reason: 'The specified task definition identifier is invalid.' }];
        }
        if (found.status === 'ACTIVE') {
          const reason =
            'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
          return [{ arn: found.taskDefinitionArn, reason }];
        }
        found.status = 'DELETE_IN_PROGRESS';
        found.deleteRequestedAt ??= state.now();
        deleted.push(described(found));
        return [];
      });
      return { taskDefinitions: deleted, failures };
    },
  };
}

function answer(
  state: EcsState,
  { taskDefinition, tags }: { taskDefinition: StoredDefinition; tags?: Record<string, string> },
): DescribeTaskDefinitionResponse | RawJson {
  const output = { taskDefinition: described(taskDefinition), ...(tags && { tags: tagList(tags) }) };
  if (!keepsUnknownMembers(state)) return output;
  // On the wire, times are seconds since the epoch.
  const text = JSON.stringify(output, function (this: JsonObject, key, value: unknown) {
    const given: unknown = this[key];
    return given instanceof Date ? given.getTime() / 1000 : value;
  });
  return new RawJson(JSON.parse(text) as JsonObject);
}

function described(definition: StoredDefinition): TaskDefinition {
  const { tags: _, ...stored } = definition;
  return {
    ...stored,
    registeredAt: dateOf(stored.registeredAt),
    deregisteredAt: dateOf(stored.deregisteredAt),
    deleteRequestedAt: dateOf(stored.deleteRequestedAt),
  };
}

/** A scenario can play an ECS that is newer than the SDK, and knows members that the SDK's schema doesn't. */
function keepsUnknownMembers({ world }: EcsState): boolean {
  const part = world.scenario('ecs');
  return isJsonObject(part) && part['unknownMembers'] === 'keep';
}

/** All that was sent. A null is the same as nothing at all. */
function withUnknownMembers(json: JsonObject): RegisterTaskDefinitionRequest {
  const text = JSON.stringify(json, (_key, value: unknown) => (value === null ? undefined : value));
  return JSON.parse(text) as RegisterTaskDefinitionRequest;
}
