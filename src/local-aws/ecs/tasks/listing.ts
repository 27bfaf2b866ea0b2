import type { ListTasksRequest, ListTasksResponse } from '@aws-sdk/client-ecs';

import type { JsonCall } from '../../json-protocol.ts';
import { activeCluster } from '../clusters/cluster.ts';
import { pageOf } from '../paging.ts';
import { existingService } from '../services/service-record.ts';
import { type EcsState, invalidParameter, lastPart } from '../state.ts';
import { desiredStatus } from './description.ts';

export function listTasks(state: EcsState, input: ListTasksRequest, call: JsonCall): ListTasksResponse {
  const region = state.region(call.region);
  const { clusterArn } = activeCluster(region, input.cluster);
  const { desiredStatus: wanted = 'RUNNING', family, launchType, startedBy, containerInstance } = input;
  if (!['RUNNING', 'PENDING', 'STOPPED'].includes(wanted)) {
    throw invalidParameter('desiredStatus must be one of PENDING, RUNNING, STOPPED.');
  }
  const service =
    input.serviceName === undefined ? undefined : existingService(region, input.cluster, input.serviceName);
  // A task's desired status is never PENDING (API reference, ListTasks): that filter finds nothing.
  const found = [...region.tasks.values()].filter(
    (task) =>
      task.clusterArn === clusterArn &&
      desiredStatus(task) === wanted &&
      (service === undefined || task.owner?.serviceArn === service.serviceArn) &&
      (family === undefined || lastPart(task.taskDefinitionArn).split(':')[0] === family) &&
      (startedBy === undefined || task.startedBy === startedBy) &&
      (launchType === undefined || task.launchType === launchType) &&
      (containerInstance === undefined || lastPart(task.containerInstanceArn ?? '') === lastPart(containerInstance)),
  );
  const { items, nextToken } = pageOf(found, ({ taskArn }) => taskArn, input, { usual: 100 });
  return { taskArns: items.map(({ taskArn }) => taskArn), nextToken };
}
