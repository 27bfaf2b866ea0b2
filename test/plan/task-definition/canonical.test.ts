import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import {
  canonicalTaskDefinition,
  diffTaskDefinitions,
  taskDefinitionHash,
} from '../../../src/plan/task-definition/canonical.ts';
import { ON_EC2, ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';

/** What was registered, and how ECS gives it back: what Terraform and ecspresso know, and defaults of the API reference. */
const REWRITES: [string, JsonObject, JsonObject][] = [
  [
    'lists that were not set come back empty',
    ON_EC2,
    {
      ...withTaskContainer(ON_EC2, {
        environment: [],
        mountPoints: [],
        portMappings: [],
        volumesFrom: [],
        systemControls: [],
      }),
      volumes: [],
      placementConstraints: [],
    },
  ],
  ['essential and cpu are filled in', ON_EC2, withTaskContainer(ON_EC2, { essential: true, cpu: 0 })],
  [
    'the order of environment and secrets is not kept',
    withTaskContainer(ON_EC2, {
      environment: [
        { name: 'B', value: '1' },
        { name: 'A', value: '2' },
      ],
      secrets: [
        { name: 'D', valueFrom: 'd' },
        { name: 'C', valueFrom: 'c' },
      ],
    }),
    withTaskContainer(ON_EC2, {
      environment: [
        { name: 'A', value: '2' },
        { name: 'B', value: '1' },
      ],
      secrets: [
        { name: 'C', valueFrom: 'c' },
        { name: 'D', valueFrom: 'd' },
      ],
    }),
  ],
  [
    'containers, ports, mounts, volumes and tags come in other orders',
    {
      ...withTaskContainer(ON_FARGATE, {
        portMappings: [{ containerPort: 2 }, { containerPort: 1 }],
        mountPoints: [{ sourceVolume: 'b' }, { sourceVolume: 'a' }],
      }),
      volumes: [{ name: 'b' }, { name: 'a' }],
      tags: [
        { key: 'y', value: '2' },
        { key: 'x', value: '1' },
      ],
    },
    {
      ...withTaskContainer(ON_FARGATE, {
        portMappings: [{ containerPort: 1 }, { containerPort: 2 }],
        mountPoints: [{ sourceVolume: 'a' }, { sourceVolume: 'b' }],
      }),
      containerDefinitions: (
        withTaskContainer(ON_FARGATE, {
          portMappings: [{ containerPort: 1 }, { containerPort: 2 }],
          mountPoints: [{ sourceVolume: 'a' }, { sourceVolume: 'b' }],
        })['containerDefinitions'] as JsonObject[]
      ).toReversed(),
      volumes: [{ name: 'a' }, { name: 'b' }],
      tags: [
        { key: 'x', value: '1' },
        { key: 'y', value: '2' },
      ],
    },
  ],
  [
    'ports are TCP',
    withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
    withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' }] }),
  ],
  [
    'a port of the host that is not chosen is 0',
    withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 80 }] }),
    withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }] }),
  ],
  [
    "under awsvpc the host has the container's port",
    ON_FARGATE,
    withTaskContainer(ON_FARGATE, {
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp', name: 'http' }],
    }),
  ],
  [
    'a health check gets its times',
    withTaskContainer(ON_EC2, { healthCheck: { command: ['CMD', 'true'], retries: 5 } }),
    withTaskContainer(ON_EC2, { healthCheck: { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 5 } }),
  ],
  ['sizes of the task come back in units', { ...ON_FARGATE, cpu: '.25 vCPU', memory: '0.5 GB' }, ON_FARGATE],
  ['sizes of the task come back as texts', { ...ON_FARGATE, cpu: 256, memory: 512 }, ON_FARGATE],
  [
    'a volume on the host comes back with an empty host',
    { ...ON_EC2, volumes: [{ name: 'v' }] },
    { ...ON_EC2, volumes: [{ name: 'v', host: {} }] },
  ],
  [
    'a file system is mounted at its root',
    { ...ON_EC2, volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }] },
    { ...ON_EC2, volumes: [{ name: 'v', efsVolumeConfiguration: { fileSystemId: 'fs-1', rootDirectory: '/' } }] },
  ],
  [
    'a mount that is not said to be read-only is not',
    { ...withTaskContainer(ON_EC2, { mountPoints: [{ sourceVolume: 'v' }] }), volumes: [{ name: 'v' }] },
    {
      ...withTaskContainer(ON_EC2, { mountPoints: [{ sourceVolume: 'v', readOnly: false }] }),
      volumes: [{ name: 'v' }],
    },
  ],
  ['versions are consistent by default', ON_EC2, withTaskContainer(ON_EC2, { versionConsistency: 'enabled' })],
  [
    'members that are null are not there',
    { ...withTaskContainer(ON_EC2, { command: null, healthCheck: null }), taskRoleArn: null },
    ON_EC2,
  ],
];

describe('AWS gives it back otherwise, and it is the same:', () => {
  it.each(REWRITES)('%s', (_what, sent, given) => {
    expect(diffTaskDefinitions(sent, given)).toEqual([]);
    expect(taskDefinitionHash(sent)).toBe(taskDefinitionHash(given));
  });
});

describe('it is not the same when', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['the image differs', ON_EC2, withTaskContainer(ON_EC2, { image: 'ghcr.io/acme/web:2' })],
    [
      'a variable has an empty value, which ECS keeps',
      ON_EC2,
      withTaskContainer(ON_EC2, { environment: [{ name: 'A', value: '' }] }),
    ],
    ['a container is not essential', ON_EC2, withTaskContainer(ON_EC2, { essential: false })],
    [
      'the command has another order',
      withTaskContainer(ON_EC2, { command: ['a', 'b'] }),
      withTaskContainer(ON_EC2, { command: ['b', 'a'] }),
    ],
    [
      'a field differs that this code has never heard of',
      ON_EC2,
      withTaskContainer(ON_EC2, { brandNew: { deep: [1] } }),
    ],
    [
      'a port of the host is fixed',
      withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 80 }] }),
      withTaskContainer(ON_EC2, { portMappings: [{ containerPort: 80, hostPort: 80 }] }),
    ],
    ['versions need not be consistent', ON_EC2, withTaskContainer(ON_EC2, { versionConsistency: 'disabled' })],
    [
      'a tag of the user differs',
      { ...ON_EC2, tags: [{ key: 'team', value: 'a' }] },
      { ...ON_EC2, tags: [{ key: 'team', value: 'b' }] },
    ],
  ])('%s', (_what, one, other) => {
    expect(diffTaskDefinitions(one, other)).not.toEqual([]);
    expect(taskDefinitionHash(one)).not.toBe(taskDefinitionHash(other));
  });
});

it('our own tags say where a revision came from, and are not part of it', () => {
  const tagged = { ...ON_EC2, tags: [{ key: 'aws-deploy:git-sha', value: 'abc' }] };
  expect(canonicalTaskDefinition(tagged)).toEqual(canonicalTaskDefinition(ON_EC2));
});

describe('a difference is told', () => {
  it('by the name of the container and of the variable', () => {
    expect(
      diffTaskDefinitions(ON_FARGATE, withTaskContainer(ON_FARGATE, { environment: [{ name: 'A', value: '2' }] })),
    ).toEqual(['- containerDefinitions[web].environment[A]: "1"', '+ containerDefinitions[web].environment[A]: "2"']);
  });

  it('without the values of variables whose names say secret', () => {
    const lines = diffTaskDefinitions(
      ON_EC2,
      withTaskContainer(ON_EC2, { environment: [{ name: 'API_TOKEN', value: 'tell-nobody' }] }),
    );
    expect(lines).toEqual(['+ containerDefinitions[web].environment[API_TOKEN]: ****']);
  });

  it('of tags by their key', () => {
    expect(diffTaskDefinitions(ON_EC2, { ...ON_EC2, tags: [{ key: 'team', value: 'a' }] })).toEqual([
      '+ tags.team: "a"',
    ]);
  });
});
