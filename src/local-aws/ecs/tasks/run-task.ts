import type { RunTaskRequest, StartTaskRequest } from '@aws-sdk/client-ecs';

import { AwsError } from '../../aws-error.ts';
import type { JsonCall } from '../../json-protocol.ts';
import { activeCluster, type StoredCluster } from '../clusters/cluster.ts';
import type { Rules } from '../scenario/rules.ts';
import { taskPlay } from '../scenario/task-rules.ts';
import { clientException, type EcsState, invalidParameter } from '../state.ts';
import { type Tags, withTags } from '../tags.ts';
import { findDefinition, type StoredDefinition } from '../task-definitions/definition.ts';
import { checkPlacement, placementOf } from './placement.ts';
import { instanceArn, newTask } from './new-task.ts';
import type { EcsTask } from './task.ts';

const MAX_COUNT = 10;

export interface Started {
  tasks: EcsTask[];
  failures: { arn?: string; reason: string }[];
}

/**
 * The tasks that RunTask and StartTask make, and those that the scenario has no place for.
 * @throws AwsError
 */
export function startedTasks(
  state: EcsState,
  rules: Rules,
  input: RunTaskRequest & Partial<StartTaskRequest>,
  call: JsonCall,
): Started {
  const cluster = activeCluster(state.region(call.region), input.cluster);
  const definition = usableDefinition(state, input.taskDefinition, call);
  const places = input.containerInstances ?? Array.from({ length: countOf(input) }, () => undefined);
  const placement = placementOf(input, cluster);
  checkPlacement(definition, placement, input.networkConfiguration);
  checkOverrides(input, definition);
  const tags = taskTags(input, definition);
  const started: Started = { tasks: [], failures: [] };
  for (const place of places) {
    const rule = rules.take(subjectOf(cluster, definition));
    const order = { region: call.region, cluster };
    const instance = place ?? instanceArn(state, order);
    if (typeof rule?.['noCapacity'] === 'string') {
      const isFargate = placement.isFargate;
      started.failures.push({ ...(!isFargate && { arn: instance }), reason: rule['noCapacity'] });
      continue;
    }
    const task = newTask(state, {
      ...order,
      definition,
      group: input.group ?? `family:${definition.family}`,
      startedBy: input.startedBy,
      launchType: placement.launchType,
      capacityProviderName: placement.capacityProviderName,
      ...(place !== undefined && { containerInstanceArn: place }),
      platformVersion: input.platformVersion,
      networkConfiguration: input.networkConfiguration,
      overrides: input.overrides,
      enableExecuteCommand: input.enableExecuteCommand,
      isRegistered: false,
      tags,
      play: taskPlay(rule, {
        containers: definition.containerDefinitions ?? [],
        hasLoadBalancer: false,
        isOfService: false,
      }),
    });
    started.tasks.push(task);
  }
  return started;
}

export function subjectOf({ clusterName }: StoredCluster, definition: StoredDefinition) {
  const images = (definition.containerDefinitions ?? []).map(({ image = '' }) => image);
  return { cluster: clusterName, family: definition.family, revision: definition.revision, images };
}

function usableDefinition(state: EcsState, reference: string | undefined, call: JsonCall): StoredDefinition {
  if (!reference) throw clientException('TaskDefinition can not be blank.');
  const found = findDefinition(state.region(call.region), reference);
  if (found === undefined) throw clientException('TaskDefinition not found.');
  if (found.status !== 'ACTIVE') throw invalidParameter('TaskDefinition is inactive');
  return found;
}

function countOf({ count = 1 }: RunTaskRequest): number {
  if (count < 1 || count > MAX_COUNT) throw invalidParameter(`count must be between 1 and ${MAX_COUNT}.`);
  return count;
}

function checkOverrides({ overrides, startedBy = '' }: RunTaskRequest, definition: StoredDefinition): void {
  const names = (definition.containerDefinitions ?? []).map(({ name }) => name);
  const unknown = overrides?.containerOverrides?.find(({ name }) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalidParameter(`Override for container named ${unknown.name} is not a container in the TaskDefinition.`);
  }
  if (startedBy.length > 128) throw invalidParameter('startedBy can have up to 128 characters.');
}

/** Tags of the task definition come along when that is asked for; those given win. */
function taskTags({ propagateTags, tags }: RunTaskRequest, definition: StoredDefinition): Tags {
  if (propagateTags === 'SERVICE') throw invalidParameter('propagateTags SERVICE is for tasks of services only.');
  return withTags(propagateTags === 'TASK_DEFINITION' ? definition.tags : {}, tags);
}

/** A repeated clientToken gives the same tasks, and is a conflict with another request (API reference, RunTask). */
export class ClientTokens {
  readonly #byToken = new Map<string, { request: string; arns: string[] }>();

  known(token: string, request: string): string[] | undefined {
    const known = this.#byToken.get(token);
    if (known === undefined) return undefined;
    if (known.request !== request) {
      throw new AwsError('ConflictException', 'The request with this client token had other parameters.');
    }
    return known.arns;
  }

  remember(token: string, request: string, tasks: readonly EcsTask[]): void {
    this.#byToken.set(token, { request, arns: tasks.map(({ taskArn }) => taskArn) });
  }

  forget(): void {
    this.#byToken.clear();
  }
}
