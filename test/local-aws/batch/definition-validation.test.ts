import type { ContainerProperties, RegisterJobDefinitionRequest } from '@aws-sdk/client-batch';
import { describe, expect, it } from '@jest/globals';

import type { JsonObject } from '../../../src/core/json.ts';
import { checkDefinition } from '../../../src/local-aws/batch/definition-validation.ts';
import type { JsonCall } from '../../../src/local-aws/json-protocol.ts';
import { VirtualClock } from '../../../src/local-aws/virtual-clock.ts';

type Input = Partial<Record<keyof RegisterJobDefinitionRequest, unknown>>;

const EC2 = { image: 'i', vcpus: 1, memory: 512 };
const FARGATE = { image: 'i', executionRoleArn: 'arn:aws:iam::123456789012:role/exec' };

function check(input: Input): void {
  const whole = { jobDefinitionName: 'crawl', type: 'container', ...input };
  const call: JsonCall = {
    region: 'eu-central-1',
    json: JSON.parse(JSON.stringify(whole)) as JsonObject,
    clock: new VirtualClock(),
    request: { method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) },
  };
  checkDefinition(whole as RegisterJobDefinitionRequest, call);
}

const ec2 = (more: Partial<ContainerProperties>): Input => ({ containerProperties: { ...EC2, ...more } });

function fargate(vcpus: string, memory: string, more: Partial<ContainerProperties> = {}): Input {
  const resourceRequirements = [
    { type: 'VCPU', value: vcpus },
    { type: 'MEMORY', value: memory },
  ];
  return {
    platformCapabilities: ['FARGATE'],
    containerProperties: { ...FARGATE, resourceRequirements, ...more },
  };
}

const task = (containers: object[], more: object = {}): Input => ({
  ecsProperties: { taskProperties: [{ containers, ...more }] },
});
const nodes = (more: object = {}): Input => ({
  type: 'multinode',
  nodeProperties: {
    numNodes: 2,
    mainNode: 0,
    nodeRangeProperties: [{ targetNodes: '0:', container: EC2 }],
    ...more,
  },
});
const repeated = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'x']));

describe('accepted', () => {
  it.each<[string, Input]>([
    ['a container on EC2', ec2({})],
    ['requirements in place of vcpus and memory', ec2({ resourceRequirements: [{ type: 'GPU', value: '1' }] })],
    ['the smallest Fargate size', fargate('0.25', '512')],
    ['a whole number of vCPUs with a decimal', fargate('1.0', '2048')],
    ['the largest Fargate size', fargate('32', '249856')],
    ['an image of 255 characters', ec2({ image: 'i'.repeat(255) })],
    ['an image by digest', ec2({ image: `registry/name@sha256:${'0'.repeat(64)}` })],
    ['a name of 128 characters', { ...ec2({}), jobDefinitionName: 'a'.repeat(128) }],
    ['10 attempts', { ...ec2({}), retryStrategy: { attempts: 10 } }],
    [
      '5 rules',
      {
        ...ec2({}),
        retryStrategy: { attempts: 1, evaluateOnExit: repeated(5, { action: 'retry', onExitCode: '1*' }) },
      },
    ],
    ['a timeout of 60 s', { ...ec2({}), timeout: { attemptDurationSeconds: 60 } }],
    ['50 tags', { ...ec2({}), tags: many(50) }],
    ['priority 9999', { ...ec2({}), schedulingPriority: 9999 }],
    ['a task with ten containers', task(repeated(10, { image: 'i' }))],
    ['a task on managed instances', { ...task([{ image: 'i' }]), platformCapabilities: ['MANAGED_INSTANCES'] }],
    ['a pod', { eksProperties: { podProperties: { containers: [{ image: 'i' }] } } }],
    ['several nodes', nodes()],
  ])('%s', (_case, input) => {
    expect(() => check(input)).not.toThrow();
  });
});

describe('refused with a ClientException', () => {
  it.each<[string, Input, RegExp]>([
    ['no name', { ...ec2({}), jobDefinitionName: undefined }, /jobDefinitionName must be provided/],
    ['a name with a dot', { ...ec2({}), jobDefinitionName: 'a.b' }, /should match valid pattern/],
    ['a name of 129 characters', { ...ec2({}), jobDefinitionName: 'a'.repeat(129) }, /should match valid pattern/],
    ['no type', { ...ec2({}), type: undefined }, /type should be one of/],
    ['another type', { ...ec2({}), type: 'Container' }, /type should be one of/],
    ['no properties', {}, /Container properties should not be empty/],
    [
      'two blocks of properties',
      { ...ec2({}), ...task([{ image: 'i' }]) },
      /Only one of containerProperties, ecsProperties/,
    ],
    ['nodes in a container job', { ...nodes(), type: 'container' }, /nodeProperties is not applicable/],
    ['a container in a multinode job', { ...nodes(), ...ec2({}) }, /containerProperties is not applicable/],
    ['a multinode job without nodes', { type: 'multinode' }, /Node properties should not be empty/],
    ['no image', ec2({ image: undefined }), /Image is required/],
    ['an image of 256 characters', ec2({ image: 'i'.repeat(256) }), /255 characters/],
    ['no vCPUs', ec2({ vcpus: undefined }), /vCPU is not provided/],
    ['no memory', ec2({ memory: undefined }), /Memory is not provided/],
    ['3 MiB', ec2({ memory: 3 }), /at least 4 MiB/],
    ['half a vCPU on EC2', ec2({ resourceRequirements: [{ type: 'VCPU', value: '0.5' }] }), /whole number/],
    [
      'an unknown requirement',
      ec2({ resourceRequirements: [{ type: 'DISK' as 'GPU', value: '1' }] }),
      /GPU, MEMORY, VCPU/,
    ],
    ['a requirement that is no number', ec2({ resourceRequirements: [{ type: 'MEMORY', value: 'x' }] }), /not valid/],
    [
      'the same requirement twice',
      ec2({ resourceRequirements: repeated(2, { type: 'GPU' as const, value: '1' }) }),
      /more than once/,
    ],
    [
      'a reserved variable',
      ec2({ environment: [{ name: 'AWS_BATCH_X', value: '1' }] }),
      /cannot start with 'AWS_BATCH'/,
    ],
    ['a variable without a name', ec2({ environment: [{ value: '1' }] }), /names should not be empty/],
    ['a network on EC2', ec2({ networkConfiguration: {} }), /networkConfiguration not applicable for EC2/],
    ['a Fargate platform on EC2', ec2({ fargatePlatformConfiguration: {} }), /not applicable for EC2/],
    ['a Fargate pair that there is not', fargate('0.25', '4096'), /\(0\.25 vCPU, 4096 MiB\) not valid/],
    ['a Fargate vCPU that there is not', fargate('3', '8192'), /not valid/],
    ['Fargate without an execution role', fargate('1', '2048', { executionRoleArn: undefined }), /executionRoleArn/],
    ['vcpus on Fargate', fargate('1', '2048', { vcpus: 1 }), /vcpus is not applicable for Fargate/],
    ['memory on Fargate', fargate('1', '2048', { memory: 2048 }), /memory is not applicable for Fargate/],
    ['privileged on Fargate', fargate('1', '2048', { privileged: true }), /privileged is not applicable/],
    [
      'ulimits on Fargate',
      fargate('1', '2048', { ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 1 }] }),
      /ulimits/,
    ],
    ['an instance type on Fargate', fargate('1', '2048', { instanceType: 'm5.large' }), /instanceType/],
    [
      '20 GiB of storage on Fargate',
      fargate('1', '2048', { ephemeralStorage: { sizeInGiB: 20 } }),
      /between 21 and 200/,
    ],
    ['an unknown platform', { ...ec2({}), platformCapabilities: ['LAMBDA'] }, /LAMBDA is not one of/],
    ['managed instances without a task', { ...ec2({}), platformCapabilities: ['MANAGED_INSTANCES'] }, /ecsProperties/],
    ['nodes on Fargate', { ...nodes(), platformCapabilities: ['FARGATE'] }, /not supported on FARGATE/],
    [
      'a pod with platforms',
      { eksProperties: { podProperties: { containers: [{ image: 'i' }] } }, platformCapabilities: ['EC2'] },
      /not applicable for EKS/,
    ],
    [
      'a pod that propagates tags',
      { eksProperties: { podProperties: { containers: [{ image: 'i' }] } }, propagateTags: false },
      /propagateTags is not applicable/,
    ],
    ['a pod without containers', { eksProperties: { podProperties: {} } }, /1 to 10 containers/],
    ['0 attempts', { ...ec2({}), retryStrategy: { attempts: 0 } }, /between 1 and 10/],
    ['11 attempts', { ...ec2({}), retryStrategy: { attempts: 11 } }, /between 1 and 10/],
    [
      'rules without attempts',
      { ...ec2({}), retryStrategy: { evaluateOnExit: [{ action: 'EXIT', onExitCode: '1' }] } },
      /RetryAttempts must be provided/,
    ],
    [
      '6 rules',
      { ...ec2({}), retryStrategy: { attempts: 1, evaluateOnExit: repeated(6, { action: 'EXIT', onReason: 'x' }) } },
      /up to 5/,
    ],
    [
      'a rule with another action',
      { ...ec2({}), retryStrategy: { attempts: 1, evaluateOnExit: [{ action: 'STOP', onReason: 'x' }] } },
      /RETRY, EXIT/,
    ],
    [
      'an exit code with letters',
      { ...ec2({}), retryStrategy: { attempts: 1, evaluateOnExit: [{ action: 'EXIT', onExitCode: 'x' }] } },
      /only numbers/,
    ],
    ['a timeout of 59 s', { ...ec2({}), timeout: { attemptDurationSeconds: 59 } }, /at least 60 seconds/],
    ['an empty timeout', { ...ec2({}), timeout: {} }, /at least 60 seconds/],
    ['priority 10000', { ...ec2({}), schedulingPriority: 10_000 }, /between 0 and 9999/],
    ['51 tags', { ...ec2({}), tags: many(51) }, /50 tags/],
    ['a tag of AWS', { ...ec2({}), tags: { 'AWS:x': 'y' } }, /reserved/],
    ['a tag value of 257 characters', { ...ec2({}), tags: { a: 'x'.repeat(257) } }, /256 characters/],
    ['a tag with a bracket', { ...ec2({}), tags: { 'a[b]': 'x' } }, /are allowed/],
    [
      'more than 24 KiB',
      ec2({ environment: [{ name: 'A', value: 'x'.repeat(24 * 1024) }] }),
      /maximum size of 24576 bytes/,
    ],
    ['two tasks', { ecsProperties: { taskProperties: [{ containers: [] }, { containers: [] }] } }, /exactly one/],
    ['eleven containers', task(repeated(11, { image: 'i' })), /1 to 10 containers/],
    ['two containers of one name', task(repeated(2, { image: 'i', name: 'a' })), /unique/],
    [
      'a Fargate task without an execution role',
      { ...task([{ image: 'i' }]), platformCapabilities: ['FARGATE'] },
      /executionRoleArn/,
    ],
    [
      'a reserved variable in a task',
      task([{ image: 'i', environment: [{ name: 'AWS_BATCH_X', value: '1' }] }]),
      /AWS_BATCH/,
    ],
    ['a main node that is not there', nodes({ mainNode: 2 }), /mainNode must be less/],
    ['no node range', nodes({ nodeRangeProperties: [] }), /nodeRangeProperties should not be empty/],
    [
      'a node range that is none',
      nodes({ nodeRangeProperties: [{ targetNodes: 'all', container: EC2 }] }),
      /Node range all/,
    ],
    [
      'a node range without a container',
      nodes({ nodeRangeProperties: [{ targetNodes: '0:' }] }),
      /must have one of container/,
    ],
  ])('%s', (_case, input, text) => {
    const error = thrownBy(() => check(input));
    expect(error).toMatchObject({ name: 'ClientException', status: 400 });
    expect(error.message).toMatch(text);
  });
});

function thrownBy(action: () => void): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}
