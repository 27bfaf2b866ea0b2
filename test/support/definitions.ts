import type { JsonObject } from '../../src/core/json.ts';

/** A digest that no image has, and its script's counterpart. */
export const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
export const SCRIPT_SHA256 = 'fedcba9876543210'.repeat(4);

/** The smallest definition on EC2 that AWS Batch takes. */
export const CONTAINER: JsonObject = {
  jobDefinitionName: 'crawl',
  type: 'container',
  containerProperties: {
    image: 'ghcr.io/acme/crawl:1',
    resourceRequirements: [
      { type: 'VCPU', value: '1' },
      { type: 'MEMORY', value: '512' },
    ],
  },
};

export const FARGATE: JsonObject = {
  jobDefinitionName: 'crawl',
  type: 'container',
  platformCapabilities: ['FARGATE'],
  containerProperties: {
    image: 'ghcr.io/acme/crawl:1',
    executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
    resourceRequirements: [
      { type: 'VCPU', value: '0.25' },
      { type: 'MEMORY', value: '512' },
    ],
  },
};

/** One task of two containers. */
export const ECS: JsonObject = {
  jobDefinitionName: 'crawl',
  type: 'container',
  ecsProperties: {
    taskProperties: [
      {
        containers: [
          { name: 'main', image: 'ghcr.io/acme/crawl:1', environment: [{ name: 'A', value: '1' }] },
          { name: 'proxy', image: 'ghcr.io/acme/proxy:1' },
        ],
      },
    ],
  },
};

/** One pod of two containers and an init container. */
export const EKS: JsonObject = {
  jobDefinitionName: 'crawl',
  type: 'container',
  eksProperties: {
    podProperties: {
      containers: [
        {
          name: 'main',
          image: 'ghcr.io/acme/crawl:1',
          env: [
            { name: 'HOST', value: 'example.org' },
            { name: 'BASE', value: 'https://$(HOST)/' },
          ],
        },
        { name: 'proxy', image: 'ghcr.io/acme/proxy:1' },
      ],
      initContainers: [{ name: 'prepare', image: 'ghcr.io/acme/prepare:1' }],
    },
  },
};

/** A node range with a plain container, and one with containers of ECS. */
export const MULTINODE: JsonObject = {
  jobDefinitionName: 'crawl',
  type: 'multinode',
  nodeProperties: {
    numNodes: 3,
    mainNode: 0,
    nodeRangeProperties: [
      {
        targetNodes: '0',
        container: {
          image: 'ghcr.io/acme/crawl:1',
          resourceRequirements: [
            { type: 'VCPU', value: '1' },
            { type: 'MEMORY', value: '512' },
          ],
        },
      },
      {
        targetNodes: '1:2',
        ecsProperties: {
          taskProperties: [
            {
              containers: [
                { name: 'main', image: 'ghcr.io/acme/crawl:1' },
                { name: 'proxy', image: 'ghcr.io/acme/proxy:1' },
              ],
            },
          ],
        },
      },
    ],
  },
};

/** The definition with members of its containerProperties replaced or added. */
export function withContainer(definition: JsonObject, members: JsonObject): JsonObject {
  return { ...definition, containerProperties: { ...(definition['containerProperties'] as JsonObject), ...members } };
}
