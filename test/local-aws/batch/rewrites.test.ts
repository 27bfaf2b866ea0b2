import type { RegisterJobDefinitionRequest } from '@aws-sdk/client-batch';
import { describe, expect, it } from '@jest/globals';

import { storedDefinition } from '../../../src/local-aws/batch/rewrites.ts';

function container(containerProperties: RegisterJobDefinitionRequest['containerProperties'], fargate = false) {
  return storedDefinition({
    jobDefinitionName: 'a',
    type: 'container',
    containerProperties,
    ...(fargate && { platformCapabilities: ['FARGATE' as const] }),
  }).containerProperties!;
}

const taskOf = (platform?: 'FARGATE') =>
  storedDefinition({
    jobDefinitionName: 'a',
    type: 'container',
    ...(platform && { platformCapabilities: [platform] }),
    ecsProperties: { taskProperties: [{ containers: [{ image: 'i' }, { image: 'j', essential: false }] }] },
  }).ecsProperties!.taskProperties![0]!;

const pod = (podProperties: object) => {
  const made = storedDefinition({ jobDefinitionName: 'a', type: 'container', eksProperties: { podProperties } });
  return { made, pod: made.eksProperties!.podProperties! };
};

describe('what Batch makes of a container', () => {
  it('lists that were not given are empty', () => {
    expect(container({ image: 'i' })).toEqual({
      image: 'i',
      command: [],
      environment: [],
      mountPoints: [],
      resourceRequirements: [],
      secrets: [],
      ulimits: [],
      volumes: [],
    });
  });

  it('variables with an empty value are gone, the others keep their order', () => {
    const environment = [
      { name: 'B', value: '1' },
      { name: 'EMPTY', value: '' },
      { name: 'NONE' },
      { name: 'A', value: '0' },
    ];
    expect(container({ environment }).environment).toEqual([
      { name: 'B', value: '1' },
      { name: 'A', value: '0' },
    ]);
  });

  it('vcpus and memory become requirements', () => {
    const { vcpus, memory, resourceRequirements } = container({ vcpus: 2, memory: 4096 });
    expect([vcpus, memory]).toEqual([undefined, undefined]);
    expect(resourceRequirements).toEqual([
      { type: 'VCPU', value: '2' },
      { type: 'MEMORY', value: '4096' },
    ]);
  });

  it('a requirement wins over the member that it replaces', () => {
    const resourceRequirements = [{ type: 'VCPU' as const, value: '4' }];
    expect(container({ vcpus: 2, memory: 8, resourceRequirements }).resourceRequirements).toEqual([
      { type: 'VCPU', value: '4' },
      { type: 'MEMORY', value: '8' },
    ]);
  });

  it('lists inside linuxParameters and logConfiguration are empty when the block was given', () => {
    const made = container({
      linuxParameters: { tmpfs: [{ containerPath: '/tmp', size: 1 }] },
      logConfiguration: { logDriver: 'awslogs' },
    });
    expect(made.linuxParameters).toEqual({
      devices: [],
      tmpfs: [{ containerPath: '/tmp', size: 1, mountOptions: [] }],
    });
    expect(made.logConfiguration).toEqual({ logDriver: 'awslogs', options: {}, secretOptions: [] });
  });

  it('Fargate without a platform version is LATEST', () => {
    expect(container({}, true).fargatePlatformConfiguration).toEqual({ platformVersion: 'LATEST' });
    const fargatePlatformConfiguration = { platformVersion: '1.4.0' };
    expect(container({ fargatePlatformConfiguration }, true).fargatePlatformConfiguration).toEqual({
      platformVersion: '1.4.0',
    });
  });

  it('is the same in a node range', () => {
    const { nodeProperties } = storedDefinition({
      jobDefinitionName: 'a',
      type: 'multinode',
      nodeProperties: {
        numNodes: 2,
        mainNode: 0,
        nodeRangeProperties: [{ targetNodes: '0:', container: { image: 'i', vcpus: 1 } }],
      },
    });
    expect(nodeProperties!.nodeRangeProperties![0]!.container).toMatchObject({
      command: [],
      resourceRequirements: [{ type: 'VCPU', value: '1' }],
    });
  });
});

describe('what Batch makes of a task', () => {
  it('containers are essential when nothing else is said', () => {
    expect(taskOf().containers!.map(({ essential }) => essential)).toEqual([true, false]);
  });

  it('lists that were not given are empty', () => {
    expect(taskOf().containers![0]).toMatchObject({ command: [], dependsOn: [], environment: [], secrets: [] });
  });

  it('has the platform version LATEST on Fargate only', () => {
    expect([taskOf('FARGATE').platformVersion, taskOf().platformVersion]).toEqual(['LATEST', undefined]);
  });
});

describe('what Batch makes of a pod', () => {
  it('has a DNS policy and the host network', () => {
    expect(pod({}).pod).toMatchObject({ dnsPolicy: 'ClusterFirst', hostNetwork: true });
    expect(pod({ hostNetwork: false, dnsPolicy: 'Default' }).pod).toMatchObject({
      dnsPolicy: 'Default',
      hostNetwork: false,
    });
  });

  it('keeps the order of env, which later variables may use', () => {
    const env = [
      { name: 'B', value: '1' },
      { name: 'A', value: '$(B)' },
    ];
    expect(pod({ containers: [{ image: 'i', env }] }).pod.containers![0]!.env).toEqual(env);
  });

  it('is orchestrated by EKS', () => {
    expect(pod({}).made.containerOrchestrationType).toBe('EKS');
  });
});

it('members that nothing names pass through', () => {
  const input = { jobDefinitionName: 'a', type: 'container', new: 1, containerProperties: { image: 'i', newer: 2 } };
  expect(storedDefinition(input as unknown as RegisterJobDefinitionRequest)).toMatchObject({
    new: 1,
    containerProperties: { newer: 2 },
  });
});
