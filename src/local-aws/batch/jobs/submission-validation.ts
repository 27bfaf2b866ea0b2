import type { ContainerOverrides, JobDefinition, JobQueueDetail, SubmitJobRequest } from '@aws-sdk/client-batch';

import { AwsError } from '../../aws-error.ts';
import type { JsonCall } from '../../json-protocol.ts';
import { checkEnvironment, checkRequirementTypes } from '../container-validation.ts';
import { checkRetryStrategy } from '../definition-validation.ts';
import { type BatchRegion, clientException, nameOf, requestException } from '../state.ts';
import { checkTags } from '../tags.ts';

/*
 * What SubmitJob refuses, from the API reference and the quotas page. Each is a ClientException; the texts are in AWS's
 * style where no public report quotes one.
 */

const MAX_PAYLOAD_BYTES = 30 * 1024;
const MAX_DEPENDENCIES = 20;
const MAX_ARRAY = 10_000;

/** The queue that a job goes to. Throws when it is missing or takes no jobs. */
export function queueFor(region: BatchRegion, input: SubmitJobRequest, call: JsonCall): JobQueueDetail {
  const wanted = input.jobQueue ?? '';
  if (wanted === '') throw clientException('jobQueue must be provided.');
  const queue = region.jobQueues.get(nameOf(wanted));
  if (queue === undefined) throw requestException(`Job Queue ${wanted} does not exist`, call);
  if (queue.state !== 'ENABLED') throw requestException(`Job Queue ${wanted} is in DISABLED state`, call);
  return queue;
}

/** `name`, `name:revision`, or the ARN of either; without a number the newest that is ACTIVE. */
export function definitionFor(region: BatchRegion, input: SubmitJobRequest, call: JsonCall): JobDefinition {
  const wanted = input.jobDefinition ?? '';
  if (wanted === '') throw clientException('jobDefinition must be provided.');
  const [name, revision] = nameOf(wanted).split(':');
  const revisions = region.jobDefinitions.get(name!) ?? [];
  const active = revisions.filter(({ status }) => status === 'ACTIVE');
  if (revision === undefined) {
    const newest = active.at(-1);
    if (newest === undefined)
      throw requestException(`JobDefinition ${wanted} does not exist or has no ACTIVE revision`, call);
    return newest;
  }
  const found = revisions.find((definition) => definition.revision === Number(revision));
  if (found === undefined) throw requestException(`JobDefinition ${wanted} does not exist`, call);
  if (found.status !== 'ACTIVE') throw requestException(`JobDefinition ${wanted} is not in ACTIVE state`, call);
  return found;
}

/** Throws the ClientException that AWS answers for the first thing that is wrong. */
export function checkSubmission(
  input: SubmitJobRequest,
  queue: JobQueueDetail,
  definition: JobDefinition,
  call: JsonCall,
): void {
  const fail = (text: string): Error => requestException(text, call);
  if (Buffer.byteLength(JSON.stringify(call.json)) > MAX_PAYLOAD_BYTES) {
    throw fail(`SubmitJob payload exceeds the maximum size of ${MAX_PAYLOAD_BYTES} bytes.`);
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(input.jobName ?? '')) {
    throw fail('Job name should match valid pattern');
  }
  checkKind(input, definition, fail);
  const size = input.arrayProperties?.size;
  if (size !== undefined && !(Number.isInteger(size) && size >= 2 && size <= MAX_ARRAY)) {
    throw fail(`Array size must be between 2 and ${MAX_ARRAY}.`);
  }
  if (input.retryStrategy) checkRetryStrategy(input.retryStrategy, fail);
  if (input.timeout && !((input.timeout.attemptDurationSeconds ?? 0) >= 60)) {
    throw fail('Timeout attemptDurationSeconds must be at least 60 seconds.');
  }
  checkShare(input, queue, fail);
  if (input.containerOverrides) checkOverrides(input.containerOverrides, definition, fail);
  checkTags(input.tags ?? {});
}

function checkKind(input: SubmitJobRequest, definition: JobDefinition, fail: (text: string) => Error): void {
  if (definition.eksProperties || definition.nodeProperties) {
    const kind = definition.eksProperties ? 'on EKS' : 'of several nodes';
    throw new AwsError('NotImplementedException', `The local AWS does not have Batch jobs ${kind}.`, 501);
  }
  if (input.nodeOverrides) throw fail('nodeOverrides is only applicable for multinode jobs.');
  if (input.eksPropertiesOverride) throw fail('eksPropertiesOverride is only applicable for EKS jobs.');
  if (input.ecsPropertiesOverride && !definition.ecsProperties) {
    throw fail('ecsPropertiesOverride is only applicable for job definitions with ecsProperties.');
  }
  if (input.containerOverrides && !definition.containerProperties) {
    throw fail('containerOverrides is only applicable for job definitions with containerProperties.');
  }
}

function checkShare(input: SubmitJobRequest, queue: JobQueueDetail, fail: (text: string) => Error): void {
  const { shareIdentifier: share, schedulingPriorityOverride: priority } = input;
  const isFair = queue.schedulingPolicyArn !== undefined;
  if (isFair && share === undefined)
    throw fail('Share identifier must be provided for a job queue with a scheduling policy.');
  if (!isFair && share !== undefined)
    throw fail('Share identifier is not applicable for a job queue without a scheduling policy.');
  if (share !== undefined && !/^[A-Za-z0-9]{1,255}\*?$/.test(share))
    throw fail('Share identifier should match valid pattern');
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= 9999)) {
    throw fail('Scheduling priority must be between 0 and 9999.');
  }
}

function checkOverrides(overrides: ContainerOverrides, definition: JobDefinition, fail: (text: string) => Error): void {
  const isFargate = definition.platformCapabilities?.includes('FARGATE') ?? false;
  if (overrides.command?.includes('')) throw fail('Command overrides cannot contain an empty string.');
  checkEnvironment(overrides.environment, fail);
  checkRequirementTypes(overrides.resourceRequirements, isFargate ? 'FARGATE' : 'EC2', fail);
  if (isFargate && (overrides.vcpus !== undefined || overrides.memory !== undefined)) {
    throw fail('vcpus and memory overrides are not applicable for Fargate.');
  }
}

/** Throws when a dependency is of no kind, of no job, or of an array that doesn't fit. */
export function checkDependencies(input: SubmitJobRequest, region: BatchRegion, call: JsonCall): void {
  const fail = (text: string): Error => requestException(text, call);
  const dependencies = input.dependsOn ?? [];
  if (dependencies.length > MAX_DEPENDENCIES) throw fail(`A job can depend on up to ${MAX_DEPENDENCIES} jobs.`);
  const size = input.arrayProperties?.size;
  for (const { jobId, type } of dependencies) {
    if (type !== undefined && type !== 'N_TO_N' && type !== 'SEQUENTIAL') {
      throw fail('Dependency type should be one of N_TO_N, SEQUENTIAL.');
    }
    if (type !== undefined && size === undefined)
      throw fail(`${type} dependencies are only applicable for array jobs.`);
    if (type === 'SEQUENTIAL' && jobId === undefined) continue;
    if (jobId === undefined) throw fail('A dependency must have a jobId.');
    const dependency = region.jobs.get(jobId);
    if (dependency === undefined) throw fail(`Job ${jobId} does not exist.`);
    if (type === 'N_TO_N' && dependency.detail.arrayProperties?.size !== size) {
      throw fail(`N_TO_N dependencies need array jobs of the same size, and ${jobId} is not one.`);
    }
  }
}
