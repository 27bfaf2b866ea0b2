import type {
  ContainerDetail,
  ContainerOverrides,
  ContainerProperties,
  JobDefinition,
  JobQueueDetail,
  KeyValuePair,
  ResourceRequirement,
  SubmitJobRequest,
  SubmitJobResponse,
} from '@aws-sdk/client-batch';

import type { JsonCall } from '../../json-protocol.ts';
import { batchArn, type BatchState } from '../state.ts';
import { type Job, jobsIn, uuidOf } from './job.ts';
import { withParameters } from './parameters.ts';
import { checkDependencies, checkSubmission, definitionFor, queueFor } from './submission-validation.ts';

/** Every call is a job of its own: SubmitJob has no client token. `begin` lets it live. */
export function submitJob(
  state: BatchState,
  input: SubmitJobRequest,
  call: JsonCall,
  begin: (job: Job) => void,
): SubmitJobResponse {
  const region = state.region(call.region);
  jobsIn(region, call.clock.now());
  const queue = queueFor(region, input, call);
  const definition = definitionFor(region, input, call);
  checkSubmission(input, queue, definition, call);
  checkDependencies(input, region, call);
  const job = newJob(state, input, { queue, definition, call });
  region.jobs.set(job.detail.jobId, job);
  begin(job);
  const { jobArn, jobName, jobId } = job.detail;
  return { jobArn, jobName, jobId };
}

interface Found {
  queue: JobQueueDetail;
  definition: JobDefinition;
  call: JsonCall;
}

function newJob(state: BatchState, input: SubmitJobRequest, { queue, definition, call }: Found): Job {
  const number = (state.region(call.region).submitted += 1);
  const jobId = uuidOf(`${call.region} ${number}`);
  const parameters = { ...definition.parameters, ...input.parameters };
  const priority = input.schedulingPriorityOverride ?? definition.schedulingPriority;
  const propagateTags = input.propagateTags ?? definition.propagateTags;
  const timeout = input.timeout ?? definition.timeout;
  const size = input.arrayProperties?.size;
  return {
    region: call.region,
    number,
    waitsFor: [],
    detail: {
      jobArn: batchArn(state.world, call.region, `job/${jobId}`),
      jobName: input.jobName!,
      jobId,
      jobQueue: queue.jobQueueArn,
      status: 'SUBMITTED',
      ...(input.shareIdentifier !== undefined && { shareIdentifier: input.shareIdentifier }),
      ...(priority !== undefined && { schedulingPriority: priority }),
      attempts: [],
      createdAt: call.clock.now().getTime(),
      retryStrategy: { evaluateOnExit: [], ...(input.retryStrategy ?? definition.retryStrategy ?? { attempts: 1 }) },
      startedAt: undefined,
      dependsOn: input.dependsOn ?? [],
      jobDefinition: definition.jobDefinitionArn,
      parameters,
      ...(definition.containerProperties && {
        container: containerOf(definition.containerProperties, input.containerOverrides ?? {}, parameters),
      }),
      ...(definition.ecsProperties && { ecsProperties: definition.ecsProperties }),
      ...(size !== undefined && { arrayProperties: { size } }),
      ...(timeout && { timeout }),
      tags: input.tags ?? {},
      propagateTags: propagateTags ?? false,
      platformCapabilities: definition.platformCapabilities ?? ['EC2'],
      eksAttempts: [],
      isCancelled: false,
      isTerminated: false,
    },
  };
}

/** The definition's container with what the submission puts in its place. */
function containerOf(
  container: ContainerProperties,
  overrides: ContainerOverrides,
  parameters: Readonly<Record<string, string>>,
): ContainerDetail {
  const { vcpus, memory, command, environment, resourceRequirements } = overrides;
  return {
    ...container,
    command: withParameters(command ?? container.command ?? [], parameters),
    environment: merged(container.environment ?? [], environment ?? [], ({ name }) => name),
    // The deprecated members don't override a requirement of the definition, which always has one.
    resourceRequirements: merged<ResourceRequirement>(
      container.resourceRequirements ?? [],
      resourceRequirements ?? [],
      ({ type }) => type,
    ),
    ...(vcpus !== undefined && { vcpus }),
    ...(memory !== undefined && { memory }),
    networkInterfaces: [],
  };
}

function merged<Item extends KeyValuePair | ResourceRequirement>(
  base: readonly Item[],
  changes: readonly Item[],
  keyOf: (item: Item) => string | undefined,
): Item[] {
  const changed = new Map(changes.map((item) => [keyOf(item), item]));
  const kept = base.map((item) => changed.get(keyOf(item)) ?? item);
  const known = new Set(base.map(keyOf));
  return [...kept, ...changes.filter((item) => !known.has(keyOf(item)))];
}
