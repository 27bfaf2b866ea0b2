import type {
  DeregisterJobDefinitionRequest,
  DescribeJobDefinitionsRequest,
  DescribeJobDefinitionsResponse,
  JobDefinition,
  RegisterJobDefinitionRequest,
  RegisterJobDefinitionResponse,
} from '@aws-sdk/client-batch';

import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { type JsonCall, RawJson } from '../json-protocol.ts';
import { checkDefinition } from './definition-validation.ts';
import { pageOf } from './paging.ts';
import { storedDefinition } from './rewrites.ts';
import { batchArn, type BatchState, clientException, nameOf } from './state.ts';

const MAX_DESCRIBED = 100;

export function jobDefinitionHandlers(state: BatchState) {
  return {
    RegisterJobDefinition(typed: RegisterJobDefinitionRequest, call: JsonCall): RegisterJobDefinitionResponse {
      const input = keepsUnknownMembers(state) ? whole(call.json) : typed;
      checkDefinition(input, call);
      const name = input.jobDefinitionName!;
      const { jobDefinitions } = state.region(call.region);
      const revisions = jobDefinitions.get(name) ?? [];
      // Deregistered revisions stay in the list, so that their numbers are never given again.
      const revision = Math.max(0, ...revisions.map((earlier) => earlier.revision!)) + 1;
      const jobDefinitionArn = batchArn(state.world, call.region, `job-definition/${name}:${revision}`);
      const stored = { ...storedDefinition(input), jobDefinitionArn, revision, status: 'ACTIVE' };
      jobDefinitions.set(name, [...revisions, stored]);
      return { jobDefinitionName: name, jobDefinitionArn, revision };
    },

    DescribeJobDefinitions(
      input: DescribeJobDefinitionsRequest,
      call: JsonCall,
    ): DescribeJobDefinitionsResponse | RawJson {
      // Batch promises no order. The oldest first is the one that a caller who takes the first one notices.
      const { items, nextToken } = pageOf(selected(state, input, call), sortKey, input);
      const output = { jobDefinitions: items, ...(nextToken !== undefined && { nextToken }) };
      return keepsUnknownMembers(state) ? new RawJson(output as unknown as JsonObject) : output;
    },

    DeregisterJobDefinition(input: DeregisterJobDefinitionRequest, call: JsonCall): object {
      const wanted = input.jobDefinition ?? '';
      const { name, revision } = nameAndRevision(wanted);
      const found = findRevision(state, name, revision, call);
      if (found === undefined) throw clientException(`Job definition ${wanted} does not exist.`);
      found.status = 'INACTIVE';
      return {};
    },
  };
}

/** All that was sent. A null is the same as nothing at all. */
function whole(json: JsonObject): RegisterJobDefinitionRequest {
  const text = JSON.stringify(json, (_key, value: unknown) => (value === null ? undefined : value));
  return JSON.parse(text) as RegisterJobDefinitionRequest;
}

/** A scenario can play a Batch that is newer than the SDK, and knows members that the SDK's schema doesn't. */
function keepsUnknownMembers({ world }: BatchState): boolean {
  const part = world.scenario('batch');
  return isJsonObject(part) && part['unknownMembers'] === 'keep';
}

function selected(state: BatchState, input: DescribeJobDefinitionsRequest, call: JsonCall): JobDefinition[] {
  const { jobDefinitions, jobDefinitionName, status, maxResults, nextToken } = input;
  if (jobDefinitions !== undefined && jobDefinitions.length > 0) {
    // As the API reference says.
    if ([jobDefinitionName, status, maxResults, nextToken].some((other) => other !== undefined)) {
      throw clientException("jobDefinitions can't be used with other parameters.");
    }
    if (jobDefinitions.length > MAX_DESCRIBED) {
      throw clientException(`At most ${MAX_DESCRIBED} job definitions can be described at once.`);
    }
    return [...new Set(jobDefinitions)].flatMap((wanted) => {
      const { name, revision } = nameAndRevision(wanted);
      return findRevision(state, name, revision, call) ?? [];
    });
  }
  const byName = state.region(call.region).jobDefinitions;
  const candidates =
    jobDefinitionName === undefined ? [...byName.values()].flat() : (byName.get(jobDefinitionName) ?? []);
  return candidates.filter((definition) => status === undefined || definition.status === status);
}

function findRevision(state: BatchState, name: string, revision: number, call: JsonCall): JobDefinition | undefined {
  return state
    .region(call.region)
    .jobDefinitions.get(name)
    ?.find((definition) => definition.revision === revision);
}

/** Only `name:revision` and the ARN with its revision are documented where one definition is meant; a bare name is none. */
function nameAndRevision(wanted: string): { name: string; revision: number } {
  const match = /^([\w-]+):(\d+)$/.exec(nameOf(wanted));
  if (match === null) throw clientException(`${wanted} must be name:revision or the ARN of a job definition revision.`);
  return { name: match[1]!, revision: Number(match[2]) };
}

/** By name, then by number. */
function sortKey({ jobDefinitionName, revision }: JobDefinition): string {
  return `${jobDefinitionName} ${String(revision).padStart(10, '0')}`;
}
