import * as client from '@aws-sdk/client-batch';

import type { JsonObject } from '../../core/json.ts';
import { jsonService } from '../json-protocol.ts';
import type { Service, World } from '../service.ts';
import { computeEnvironmentHandlers } from './compute-environments.ts';
import { jobDefinitionHandlers } from './job-definitions.ts';
import { jobQueueHandlers } from './job-queues.ts';
import { batchArn, batchState, nameOf } from './state.ts';
import { tagHandlers } from './tags.ts';

/** AWS Batch, without jobs. */
export function batchService(world: World): Service {
  const state = batchState(world);
  /** The ARN that IAM checks, from the member of the input that names the resource. */
  const resource = (kind: string, member: string) => (json: JsonObject, region: string) =>
    batchArn(world, region, `${kind}/${nameOf(String(json[member] ?? ''))}`);
  return jsonService({
    name: 'batch',
    world,
    client,
    protocol: { type: 'restJson' },
    handlers: {
      ...computeEnvironmentHandlers(state),
      ...jobQueueHandlers(state),
      ...jobDefinitionHandlers(state),
      ...tagHandlers(state),
    },
    resources: {
      CreateComputeEnvironment: resource('compute-environment', 'computeEnvironmentName'),
      UpdateComputeEnvironment: resource('compute-environment', 'computeEnvironment'),
      DeleteComputeEnvironment: resource('compute-environment', 'computeEnvironment'),
      CreateJobQueue: resource('job-queue', 'jobQueueName'),
      UpdateJobQueue: resource('job-queue', 'jobQueue'),
      DeleteJobQueue: resource('job-queue', 'jobQueue'),
      RegisterJobDefinition: resource('job-definition', 'jobDefinitionName'),
      DeregisterJobDefinition: resource('job-definition', 'jobDefinition'),
      TagResource: arnItself,
      UntagResource: arnItself,
      ListTagsForResource: arnItself,
    },
    snapshot: () => state.snapshot(),
    restore: (snapshot) => state.restore(snapshot),
    reset: () => state.reset(),
    scenarioProblems,
  });
}

function arnItself(json: JsonObject): string {
  return String(json['resourceArn']);
}

function scenarioProblems({ unknownMembers, ...others }: JsonObject): string[] {
  const problems = Object.keys(others).map((member) => `"batch" has no member "${member}", only "unknownMembers".`);
  if (unknownMembers !== undefined && unknownMembers !== 'keep' && unknownMembers !== 'drop') {
    problems.push('"batch.unknownMembers" must be "drop" or "keep".');
  }
  return problems;
}
