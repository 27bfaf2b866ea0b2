import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { containersOf } from '../../../src/plan/task-definition/containers.ts';
import { DIGEST } from '../../support/definitions.ts';
import { resultOf } from '../../support/run-cli.ts';
import { ON_FARGATE } from '../../support/task-definitions.ts';
import { taskDefinitionsForTests } from './task-definition-world.ts';

const world = taskDefinitionsForTests();

/** Every text goes in and comes out as it is. */
const HOSTILE: Readonly<Record<string, string>> = {
  commas: 'a,b,,c',
  'equals signs': '=a==b=',
  'both kinds of quotes': `it's "so"`,
  'a whole list of the official orb': 'container=app,name=X,value=1',
  'shell text': '$(touch x)`touch y`;${HOME} && exit 1 | tee > z',
  'an expression of CircleCI': '<< pipeline.git.branch >>',
  backslashes: '\\n \\\\ \\',
  JSON: '{"a": [1, null]}',
  'more than ASCII': 'ünï 🚀 \u2028',
  'a tab and a bell': '\t\u0007',
  'white space around': '  a  ',
  'a key of every object': '__proto__',
  'four thousand characters': 'x'.repeat(4000),
};

describe('E7: names of images are not cut', () => {
  it.each([
    ['a port of the registry', 'localhost:5000/app:1', 'localhost:5000/app:2'],
    ['a port and no tag', 'localhost:5000/app', 'localhost:5000/app:2'],
    ['a digest', `ghcr.io/acme/app@${DIGEST}`, `ghcr.io/acme/app@sha256:${'2'.repeat(64)}`],
    ['a tag and a digest', `ghcr.io/acme/app:1@${DIGEST}`, `ghcr.io/acme/app:2@sha256:${'2'.repeat(64)}`],
    ['a port, a tag and a digest', `localhost:5000/a/b/c:1@${DIGEST}`, `localhost:5000/a/b/c:2@${DIGEST}`],
  ])('%s', async (_what, before, after) => {
    await world().register(['--family', 'web', '--image', `app=${before}`]);
    expect(containersOf((await world().newest()).definition)[0]?.['image']).toBe(before);
    await world().register(['--family', 'web', '--image', `app=${after}`]);
    expect(containersOf((await world().newest()).definition)[0]?.['image']).toBe(after);
  });
});

describe('E7: values of variables hold anything', () => {
  const environmentOfNewest = async (): Promise<unknown> => {
    const environment = containersOf((await world().newest()).definition)[0]?.['environment'] as JsonObject[];
    return environment.find(({ name }) => name === 'X')?.['value'];
  };

  it.each(Object.entries(HOSTILE))('as a flag: %s', async (_what, value) => {
    const run = await world().register(['--family', 'web', '--container', 'app', '--environment', `X=${value}`]);
    expect(run.exitCode).toBe(0);
    expect(await environmentOfNewest()).toBe(value);
  });

  it.each(Object.entries({ ...HOSTILE, lines: 'a\nb\r\n\nc' }))('as JSON: %s', async (_what, value) => {
    const containers = JSON.stringify({ app: { environment: { X: value } } });
    await world().register(['--family', 'web', '--containers', containers]);
    expect(await environmentOfNewest()).toBe(value);
  });

  it.each(Object.entries({ ...HOSTILE, lines: 'a\nb\r\n\nc' }))(
    'in a file, and carried forward: %s',
    async (_what, value) => {
      const containerDefinitions = [{ name: 'app', image: 'ghcr.io/acme/web:1', environment: [{ name: 'X', value }] }];
      await world().register([], { file: { ...ON_FARGATE, containerDefinitions } });
      await world().register(['--family', 'web', '--image', 'ghcr.io/acme/web:2']);
      expect(await environmentOfNewest()).toBe(value);
      expect(await world().revisions()).toHaveLength(3);
    },
  );

  it('in the environment of a variable with a name of every object', async () => {
    const containers = '{"app": {"environment": {"__proto__": "1", "constructor": "2", "toString": "3"}}}';
    await world().register(['--family', 'web', '--containers', containers]);
    expect(containersOf((await world().newest()).definition)[0]?.['environment']).toEqual([
      { name: '__proto__', value: '1' },
      { name: 'constructor', value: '2' },
      { name: 'toString', value: '3' },
    ]);
  });
});

describe('E7: labels are kept whole', () => {
  it('several, with equals signs, and with the name of a variable', async () => {
    const dockerLabels = { 'traefik.rule': 'Host(`a`)=b,c=d', SHARED: 'label', empty: '' };
    const container = {
      name: 'app',
      image: 'ghcr.io/acme/web:1',
      environment: [{ name: 'SHARED', value: 'variable' }],
    };
    await world().register([], { file: { ...ON_FARGATE, containerDefinitions: [{ ...container, dockerLabels }] } });
    await world().register(['--family', 'web', '--environment', 'SHARED=new']);
    expect(containersOf((await world().newest()).definition)[0]).toMatchObject({
      dockerLabels,
      environment: [{ name: 'SHARED', value: 'new' }],
    });
  });
});

/** Members that were lost one after the other where they are listed by hand, and some that nobody knows. */
const OF_THE_TASK: readonly [string, JsonObject][] = [
  [
    'proxyConfiguration',
    {
      proxyConfiguration: {
        type: 'APPMESH',
        containerName: 'proxy',
        properties: [{ name: 'AppPorts', value: '80,81' }],
      },
    },
  ],
  ['ephemeralStorage', { ephemeralStorage: { sizeInGiB: 50 } }],
  ['runtimePlatform', { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } }],
  ['inferenceAccelerators', { inferenceAccelerators: [{ deviceName: 'd', deviceType: 'eia2.medium' }] }],
  ['enableFaultInjection', { enableFaultInjection: true }],
  ['pidMode and ipcMode', { pidMode: 'task', ipcMode: 'none' }],
  ['taskRoleArn', { taskRoleArn: 'arn:aws:iam::123456789012:role/task' }],
  ['placementConstraints', { placementConstraints: [{ type: 'memberOf', expression: 'attribute:x == y' }] }],
  [
    'volumes',
    {
      volumes: [
        {
          name: 'data',
          efsVolumeConfiguration: {
            fileSystemId: 'fs-1',
            transitEncryption: 'ENABLED',
            authorizationConfig: { accessPointId: 'fsap-1', iam: 'ENABLED' },
          },
        },
        { name: 'later', configuredAtLaunch: true },
      ],
    },
  ],
  ['tags', { tags: [{ key: 'team', value: 'a=b' }] }],
  ['a member that nobody knows', { zeitgeist: { deep: [{ a: null }, 1, 'x'] } }],
];

const OF_A_CONTAINER: readonly [string, JsonObject][] = [
  ['restartPolicy', { restartPolicy: { enabled: true, ignoredExitCodes: [0], restartAttemptPeriod: 180 } }],
  [
    'firelensConfiguration',
    { firelensConfiguration: { type: 'fluentbit', options: { 'enable-ecs-log-metadata': 'true' } } },
  ],
  ['credentialSpecs', { credentialSpecs: ['credentialspec:arn:aws:s3:::b/k'] }],
  ['versionConsistency', { versionConsistency: 'disabled' }],
  ['dependsOn', { dependsOn: [{ containerName: 'proxy', condition: 'START' }] }],
  ['environmentFiles', { environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::b/e.env' }] }],
  ['systemControls', { systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }] }],
  ['linuxParameters', { linuxParameters: { initProcessEnabled: true, capabilities: { drop: ['ALL'] } } }],
  ['ulimits', { ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 2 }] }],
  ['resourceRequirements', { resourceRequirements: [{ type: 'GPU', value: '1' }] }],
  ['repositoryCredentials', { repositoryCredentials: { credentialsParameter: 'arn:x' } }],
  ['startTimeout and stopTimeout', { startTimeout: 30, stopTimeout: 120 }],
  ['a member that nobody knows', { zeitgeist: ['x'] }],
];

describe('E9: whatever a revision has is in the next one', () => {
  const withImage = ['--family', 'web', '--image', 'web=ghcr.io/acme/web:2'];

  it.each(OF_THE_TASK)('of the task: %s', async (_what, members) => {
    world().stage.localAws.control.setScenario({ ecs: { unknownMembers: 'keep' } });
    await world().ecs.taskDefinitions.register({ ...ON_FARGATE, ...members });
    const before = (await world().newest()).definition;
    expect(resultOf(await world().register(withImage)).status).toBe('changed');
    const { tags = [], ...after } = (await world().newest()).definition;
    expect({ ...after, containerDefinitions: [], tags: [] }).toEqual({ ...before, containerDefinitions: [], tags: [] });
    expect(tags).toEqual(expect.arrayContaining((before['tags'] as JsonObject[] | undefined) ?? []));
    expect(before).toMatchObject(withoutNulls(members));
  });

  it.each(OF_A_CONTAINER)('of a container: %s', async (_what, members) => {
    world().stage.localAws.control.setScenario({ ecs: { unknownMembers: 'keep' } });
    const [first, ...others] = containersOf(ON_FARGATE);
    await world().ecs.taskDefinitions.register({
      ...ON_FARGATE,
      containerDefinitions: [{ ...first!, ...members }, ...others],
    });
    const before = containersOf((await world().newest()).definition);
    expect(resultOf(await world().register(withImage)).status).toBe('changed');
    const after = containersOf((await world().newest()).definition);
    expect(after).toEqual([{ ...before[0], image: 'ghcr.io/acme/web:2' }, before[1]]);
    expect(before[0]).toMatchObject(members);
  });
});

/** To AWS a member that is null is not there. */
function withoutNulls(members: JsonObject): JsonObject {
  return JSON.parse(
    JSON.stringify(members, (_key, value: unknown) => (value === null ? undefined : value)),
  ) as JsonObject;
}
