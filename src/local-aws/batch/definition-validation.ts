import type {
  EcsProperties,
  EksProperties,
  NodeProperties,
  RegisterJobDefinitionRequest,
  RetryStrategy,
} from '@aws-sdk/client-batch';

import type { JsonCall } from '../json-protocol.ts';
import { checkContainer, checkEnvironment, checkImage, checkRequirementTypes } from './container-validation.ts';
import { clientException, type Fail, requestException } from './state.ts';
import { checkTags } from './tags.ts';

/*
 * What RegisterJobDefinition refuses, from the API reference and the quotas page. The texts are AWS's where a public
 * issue quotes one, and in its style where none does. Each is a ClientException with status 400.
 */

const MAX_DEFINITION_BYTES = 24 * 1024;
const PLATFORMS = ['EC2', 'FARGATE', 'MANAGED_INSTANCES'];
const BLOCKS = ['containerProperties', 'ecsProperties', 'eksProperties', 'nodeProperties'] as const;

/** Throws the ClientException that AWS answers for the first thing that is wrong. */
export function checkDefinition(input: RegisterJobDefinitionRequest, call: JsonCall): void {
  const fail = failer(call);
  checkName(input.jobDefinitionName, fail);
  if (input.type !== 'container' && input.type !== 'multinode') {
    throw fail(`Job definition type should be one of container, multinode.`);
  }
  if (Buffer.byteLength(JSON.stringify(call.json)) > MAX_DEFINITION_BYTES) {
    throw fail(`Job definition exceeds the maximum size of ${MAX_DEFINITION_BYTES} bytes.`);
  }
  checkBlocks(input, fail);
  checkPlatform(input, fail);
  const platform = input.platformCapabilities?.includes('FARGATE') ? 'FARGATE' : 'EC2';
  if (input.containerProperties) checkContainer(input.containerProperties, platform, fail);
  if (input.ecsProperties) checkEcs(input.ecsProperties, platform === 'FARGATE', fail);
  if (input.eksProperties) checkEks(input.eksProperties, fail);
  if (input.nodeProperties) checkNodes(input.nodeProperties, fail);
  if (input.retryStrategy) checkRetryStrategy(input.retryStrategy, fail);
  if (input.timeout && !((input.timeout.attemptDurationSeconds ?? 0) >= 60)) {
    throw fail('Timeout attemptDurationSeconds must be at least 60 seconds.');
  }
  const { schedulingPriority: priority } = input;
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 0 && priority <= 9999)) {
    throw fail('Scheduling priority must be between 0 and 9999.');
  }
  checkTags(input.tags ?? {});
}

function failer(call: JsonCall): Fail {
  return (text) => requestException(text, call);
}

function checkName(name: string | undefined, fail: Fail): void {
  if (name === undefined || name === '') throw clientException('jobDefinitionName must be provided.');
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw fail('Job definition name should match valid pattern');
}

function checkBlocks(input: RegisterJobDefinitionRequest, fail: Fail): void {
  const given = BLOCKS.filter((block) => input[block] !== undefined && input[block] !== null);
  if (input.type === 'multinode') {
    if (!given.includes('nodeProperties')) throw fail('Node properties should not be empty.');
    if (given.length > 1) throw fail(`${given[0]} is not applicable for multinode job definitions.`);
    return;
  }
  if (given.includes('nodeProperties')) throw fail('nodeProperties is not applicable for container job definitions.');
  if (given.length === 0) throw fail('Container properties should not be empty.');
  if (given.length > 1) throw fail(`Only one of ${given.join(', ')} can be specified.`);
}

function checkPlatform(input: RegisterJobDefinitionRequest, fail: Fail): void {
  const platforms: readonly string[] = input.platformCapabilities ?? [];
  const unknown = platforms.find((platform) => !PLATFORMS.includes(platform));
  if (unknown !== undefined) throw fail(`Platform capability ${unknown} is not one of ${PLATFORMS.join(', ')}.`);
  if (input.eksProperties) {
    if (platforms.length > 0) throw fail('platformCapabilities is not applicable for EKS.');
    if (input.propagateTags !== undefined) throw fail('propagateTags is not applicable for EKS.');
  }
  if (input.type === 'multinode' && platforms.some((platform) => platform !== 'EC2')) {
    throw fail(`Multi-node parallel jobs are not supported on ${platforms.join(', ')}.`);
  }
  if (platforms.includes('MANAGED_INSTANCES') && !input.ecsProperties) {
    throw fail('MANAGED_INSTANCES requires ecsProperties.');
  }
}

/** The sum over a Fargate task's containers is not checked: how Batch adds them up is not documented. */
function checkEcs(properties: EcsProperties, isFargate: boolean, fail: Fail): void {
  const tasks = properties.taskProperties ?? [];
  if (tasks.length !== 1) throw fail('ecsProperties must have exactly one element in taskProperties.');
  const [task] = tasks;
  const containers = task?.containers ?? [];
  if (containers.length < 1 || containers.length > 10) throw fail('taskProperties must have 1 to 10 containers.');
  if (isFargate && !task?.executionRoleArn) throw fail('executionRoleArn is required for Fargate.');
  const names = containers.flatMap(({ name }) => name ?? []);
  if (new Set(names).size < names.length) throw fail('Container names must be unique in a task.');
  for (const container of containers) {
    checkImage(container.image, fail);
    checkEnvironment(container.environment, fail);
    checkRequirementTypes(container.resourceRequirements, isFargate ? 'FARGATE' : 'EC2', fail);
  }
}

function checkEks(properties: EksProperties, fail: Fail): void {
  const containers = properties.podProperties?.containers ?? [];
  if (containers.length < 1 || containers.length > 10) throw fail('podProperties must have 1 to 10 containers.');
  for (const container of [...containers, ...(properties.podProperties?.initContainers ?? [])]) {
    checkImage(container.image, fail);
    checkEnvironment(container.env, fail);
  }
}

function checkNodes(properties: NodeProperties, fail: Fail): void {
  const { numNodes = 0, mainNode = 0, nodeRangeProperties: ranges = [] } = properties;
  if (!(numNodes >= 1)) throw fail('numNodes must be at least 1.');
  if (!(mainNode >= 0 && mainNode < numNodes)) throw fail('mainNode must be less than numNodes.');
  if (ranges.length === 0) throw fail('nodeRangeProperties should not be empty.');
  for (const range of ranges) {
    if (!/^(\d+|\d*:\d*)$/.test(range.targetNodes ?? '') || range.targetNodes === ':') {
      throw fail(`Node range ${range.targetNodes ?? ''} is not valid.`);
    }
    const blocks = [range.container, range.ecsProperties, range.eksProperties].filter(Boolean);
    if (blocks.length !== 1) throw fail('Each node range must have one of container, ecsProperties, eksProperties.');
    if (range.container) checkContainer(range.container, 'EC2', fail);
    if (range.ecsProperties) checkEcs(range.ecsProperties, false, fail);
    if (range.eksProperties) checkEks(range.eksProperties, fail);
  }
}

/** Of a definition, or of a job that overrides its definition's. */
export function checkRetryStrategy(strategy: RetryStrategy, fail: Fail): void {
  const { attempts, evaluateOnExit = [] } = strategy;
  if (attempts === undefined || attempts === null) throw fail('RetryAttempts must be provided with retry strategy');
  if (!(Number.isInteger(attempts) && attempts >= 1 && attempts <= 10)) {
    throw fail('Retry attempts must be between 1 and 10.');
  }
  if (evaluateOnExit.length > 5) throw fail('evaluateOnExit can have up to 5 elements.');
  for (const { action, onExitCode, onReason, onStatusReason } of evaluateOnExit) {
    if (!/^(retry|exit)$/i.test(action ?? '')) throw fail('evaluateOnExit action should be one of RETRY, EXIT.');
    const patterns = [onExitCode, onReason, onStatusReason].filter((pattern) => pattern !== undefined);
    if (patterns.length === 0) throw fail('evaluateOnExit needs one of onStatusReason, onReason, onExitCode.');
    if (patterns.some((pattern) => pattern.length > 512))
      throw fail('evaluateOnExit patterns can have up to 512 characters.');
    if (onExitCode !== undefined && !/^[0-9]*\*?$/.test(onExitCode)) {
      throw fail('onExitCode can contain only numbers, and can end with an asterisk.');
    }
  }
}
