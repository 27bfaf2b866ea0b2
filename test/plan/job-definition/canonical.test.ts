import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { canonicalDefinition, definitionHash } from '../../../src/plan/job-definition/canonical.ts';
import { CONTAINER, ECS, EKS, FARGATE, MULTINODE, withContainer } from '../../support/definitions.ts';

/** What was registered, and how AWS Batch gives it back: facts that the reducers of Terraform and batchkoi know. */
const REWRITES: [string, JsonObject, JsonObject][] = [
  [
    'the order of environment is not kept',
    withContainer(CONTAINER, {
      environment: [
        { name: 'B', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
    withContainer(CONTAINER, {
      environment: [
        { name: 'A', value: '2' },
        { name: 'B', value: '1' },
      ],
    }),
  ],
  [
    'a variable with an empty value is dropped',
    withContainer(CONTAINER, { environment: [{ name: 'A', value: '' }, { name: 'B' }, { name: 'C', value: '1' }] }),
    withContainer(CONTAINER, { environment: [{ name: 'C', value: '1' }] }),
  ],
  [
    'lists that were not set come back empty',
    CONTAINER,
    withContainer(CONTAINER, {
      command: [],
      environment: [],
      mountPoints: [],
      secrets: [],
      ulimits: [],
      volumes: [],
    }),
  ],
  [
    'devices and tmpfs come back empty',
    withContainer(CONTAINER, {
      linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/t', size: 1 }] },
    }),
    withContainer(CONTAINER, {
      linuxParameters: {
        initProcessEnabled: true,
        devices: [],
        tmpfs: [{ containerPath: '/t', size: 1, mountOptions: [] }],
      },
    }),
  ],
  [
    'options and secretOptions of the log configuration come back empty',
    withContainer(CONTAINER, { logConfiguration: { logDriver: 'awslogs' } }),
    withContainer(CONTAINER, { logConfiguration: { logDriver: 'awslogs', options: {}, secretOptions: [] } }),
  ],
  [
    'Fargate gets platform version LATEST',
    FARGATE,
    withContainer(FARGATE, { fargatePlatformConfiguration: { platformVersion: 'LATEST' } }),
  ],
  [
    'vcpus and memory become resource requirements',
    {
      jobDefinitionName: 'crawl',
      type: 'container',
      containerProperties: { image: 'ghcr.io/acme/crawl:1', vcpus: 1, memory: 512 },
    },
    CONTAINER,
  ],
  ['a resource requirement wins over vcpus', withContainer(CONTAINER, { vcpus: 4 }), CONTAINER],
  [
    'containers of ECS become essential, and their lists empty',
    ECS,
    {
      ...ECS,
      ecsProperties: {
        taskProperties: [
          {
            volumes: [],
            containers: [
              {
                name: 'main',
                image: 'ghcr.io/acme/crawl:1',
                essential: true,
                command: [],
                dependsOn: [],
                environment: [{ name: 'A', value: '1' }],
              },
              { name: 'proxy', image: 'ghcr.io/acme/proxy:1', essential: true, environment: [], secrets: [] },
            ],
          },
        ],
      },
    },
  ],
  [
    'tasks of ECS on Fargate get platform version LATEST',
    { ...ECS, platformCapabilities: ['FARGATE'] },
    {
      ...ECS,
      platformCapabilities: ['FARGATE'],
      ecsProperties: {
        taskProperties: ((ECS['ecsProperties'] as JsonObject)['taskProperties'] as JsonObject[]).map((task) => ({
          ...task,
          platformVersion: 'LATEST',
        })),
      },
    },
  ],
  [
    'pods of EKS get dnsPolicy ClusterFirst and hostNetwork true',
    EKS,
    {
      ...EKS,
      eksProperties: {
        podProperties: {
          ...((EKS['eksProperties'] as JsonObject)['podProperties'] as JsonObject),
          dnsPolicy: 'ClusterFirst',
          hostNetwork: true,
          volumes: [],
        },
      },
    },
  ],
  [
    'containers of node ranges are rewritten too',
    {
      ...MULTINODE,
      nodeProperties: {
        numNodes: 1,
        mainNode: 0,
        nodeRangeProperties: [{ targetNodes: '0', container: { image: 'a', vcpus: 1, memory: 4 } }],
      },
    },
    {
      ...MULTINODE,
      nodeProperties: {
        numNodes: 1,
        mainNode: 0,
        nodeRangeProperties: [
          {
            targetNodes: '0',
            container: {
              image: 'a',
              command: [],
              resourceRequirements: [
                { type: 'MEMORY', value: '4' },
                { type: 'VCPU', value: '1' },
              ],
            },
          },
        ],
      },
    },
  ],
  ['no parameters come back as an empty map', CONTAINER, { ...CONTAINER, parameters: {} }],
  ['the platform is EC2 when nothing is said', CONTAINER, { ...CONTAINER, platformCapabilities: ['EC2'] }],
  ['tags are not propagated when nothing is said', CONTAINER, { ...CONTAINER, propagateTags: false }],
  [
    'what only AWS can say comes with it',
    CONTAINER,
    { ...CONTAINER, revision: 3, status: 'ACTIVE', jobDefinitionArn: 'arn:x', containerOrchestrationType: 'ECS' },
  ],
];

describe('equal though AWS Batch has rewritten it', () => {
  it.each(REWRITES)('%s', (_what, registered, described) => {
    expect(canonicalDefinition(described)).toEqual(canonicalDefinition(registered));
    expect(definitionHash(described)).toBe(definitionHash(registered));
  });
});

describe('not equal', () => {
  const swapped = structuredClone(EKS) as { eksProperties: { podProperties: { containers: { env?: unknown[] }[] } } };
  swapped.eksProperties.podProperties.containers[0]?.env?.reverse();

  it.each<[string, JsonObject, JsonObject]>([
    ['another order of env on EKS, where later variables use earlier ones', EKS, swapped as unknown as JsonObject],
    ['another image', CONTAINER, withContainer(CONTAINER, { image: 'ghcr.io/acme/crawl:2' })],
    [
      'another order of the command',
      withContainer(CONTAINER, { command: ['a', 'b'] }),
      withContainer(CONTAINER, { command: ['b', 'a'] }),
    ],
    ['a tag more', CONTAINER, { ...CONTAINER, tags: { team: 'data' } }],
    ['tags that are propagated', CONTAINER, { ...CONTAINER, propagateTags: true }],
    ['a field that this code has never heard of', CONTAINER, { ...CONTAINER, brandNew: 1 }],
    ['such a field set to false', CONTAINER, withContainer(CONTAINER, { brandNew: false })],
    [
      'Fargate of a certain version',
      FARGATE,
      withContainer(FARGATE, { fargatePlatformConfiguration: { platformVersion: '1.4.0' } }),
    ],
    ['EC2 and Fargate', CONTAINER, { ...CONTAINER, platformCapabilities: ['EC2', 'FARGATE'] }],
    [
      'a container of ECS that is not essential',
      ECS,
      { ...ECS, ecsProperties: { taskProperties: [{ containers: [{ name: 'main', image: 'a', essential: false }] }] } },
    ],
    [
      'an emptyDir volume, which has no content but means something',
      { eksProperties: { podProperties: { volumes: [{ name: 'a' }] } } },
      { eksProperties: { podProperties: { volumes: [{ name: 'a', emptyDir: {} }] } } },
    ],
    ['a parameter with an empty value', CONTAINER, { ...CONTAINER, parameters: { a: '' } }],
  ])('%s', (_what, one, other) => {
    expect(definitionHash(one)).not.toBe(definitionHash(other));
  });
});

it('our tags are no content', () => {
  expect(definitionHash({ ...CONTAINER, tags: { 'aws-deploy:git-sha': 'abc' } })).toBe(definitionHash(CONTAINER));
});

it('is canonical already when taken twice', () => {
  for (const definition of [CONTAINER, FARGATE, ECS, EKS, MULTINODE]) {
    const once = canonicalDefinition(definition);
    expect(canonicalDefinition(once)).toEqual(once);
  }
});

it('leaves the given definition alone', () => {
  const copy = structuredClone(EKS);
  canonicalDefinition(EKS);
  expect(EKS).toEqual(copy);
});
