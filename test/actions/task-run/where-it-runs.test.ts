import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { taskRunWorldForTests, type RunOfTask } from './task-run-world.ts';

const world = taskRunWorldForTests();

/** The input of RunTask as a dry run tells it. */
async function planned(args: readonly string[]): Promise<JsonObject> {
  const { result } = await world().run(['--dry-run', ...args], { bare: true });
  expect(result).toMatchObject({ exitCode: 0, status: 'planned' });
  const { diff = [] } = result.changes[0]!;
  return JSON.parse(diff.map((line) => line.slice(2)).join('\n')) as JsonObject;
}

const refused = async (args: readonly string[]): Promise<RunOfTask> => {
  const run = await world().run(args, { bare: true });
  expect(world().calls('RunTask')).toBe(0);
  return run;
};

describe('as a service runs its tasks', () => {
  const awsvpcConfiguration = {
    subnets: ['subnet-1', 'subnet-2'],
    securityGroups: ['sg-1'],
    assignPublicIp: 'ENABLED',
  };

  it('network, launch type, platform version and revision are those of the service', async () => {
    await world().stage.createService({
      networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, assignPublicIp: 'ENABLED' } },
      platformVersion: '1.4.0',
    });
    await world().stage.register();
    expect(await planned(['--service', 'web'])).toMatchObject({
      taskDefinition: expect.stringMatching(/web:1$/),
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      networkConfiguration: { awsvpcConfiguration },
    });
    const { result } = await world().run(['--service', 'web'], { bare: true });
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskDefinitionArn: expect.stringMatching(/web:1$/) } });
  });

  it('and cluster and service may be ARNs', async () => {
    const { serviceArn = '', clusterArn = '' } = await world().stage.createService();
    const { result } = await world().run(['--cluster', clusterArn, '--service', serviceArn], { bare: true });
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
  });

  it('or its capacity providers', async () => {
    const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 }];
    await world().stage.createService({ launchType: undefined, capacityProviderStrategy });
    const input = await planned(['--service', 'web']);
    expect(input).toMatchObject({ capacityProviderStrategy });
    expect(input).not.toHaveProperty('launchType');
  });

  it.each<[string, string[], JsonObject]>([
    [
      'subnets',
      ['--subnets', 'subnet-9'],
      { networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, subnets: ['subnet-9'] } } },
    ],
    [
      'security groups',
      ['--security-groups', 'sg-9'],
      { networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, securityGroups: ['sg-9'] } } },
    ],
    [
      'a public address',
      ['--assign-public-ip', 'disabled'],
      { networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, assignPublicIp: 'DISABLED' } } },
    ],
    ['a platform version', ['--platform-version', '1.3.0'], { platformVersion: '1.3.0', launchType: 'FARGATE' }],
    [
      'a definition',
      ['--task-definition', 'web'],
      { taskDefinition: expect.stringMatching(/web:2$/) as unknown as string },
    ],
  ])('%s that are given win', async (_what, args, expected) => {
    await world().stage.createService({
      networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, assignPublicIp: 'ENABLED' } },
    });
    await world().stage.register();
    expect(await planned(['--service', 'web', ...args])).toMatchObject(expected);
  });

  it('capacity providers that are given win over its launch type', async () => {
    await world().stage.createService();
    const input = await planned([
      '--service',
      'web',
      '--capacity-provider-strategy',
      '[{"capacityProvider":"FARGATE"}]',
    ]);
    expect(input).toMatchObject({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] });
    expect(input).not.toHaveProperty('launchType');
  });
});

describe('what is not there is exit code 5, with the name that is likely meant, before anything', () => {
  it('a cluster', async () => {
    const { result } = await refused(['--cluster', 'dmo', '--task-definition', 'web', '--subnets', 'subnet-1']);
    expect(result).toMatchObject({
      exitCode: 5,
      error: { code: 'ecs.cluster_not_found', hints: expect.arrayContaining(['Did you mean demo?']) },
    });
  });

  it('a service', async () => {
    await world().stage.createService();
    const { result } = await refused(['--service', 'wbe']);
    expect(result).toMatchObject({
      exitCode: 5,
      error: { title: 'there is no service wbe in cluster demo', hints: expect.arrayContaining(['Did you mean web?']) },
    });
  });

  it('a service that was deleted', async () => {
    await world().stage.createService({ desiredCount: 0 });
    await world().stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
    await world().stage.pass(120);
    const { result } = await refused(['--service', 'web']);
    expect(result).toMatchObject({ exitCode: 5 });
  });
});

describe('what AWS would refuse, or what contradicts itself, is exit code 2', () => {
  it.each<[string, string[], RegExp]>([
    ['nothing to run', [], /^it is not said what to run$/],
    ['awsvpc without subnets', ['--task-definition', 'web'], /^the task needs subnets: its network mode is awsvpc$/],
    [
      'a launch type and capacity providers',
      ['--task-definition', 'web', '--launch-type', 'EC2', '--capacity-provider-strategy', '[]'],
      /contradict each other/,
    ],
    [
      'a platform version on instances',
      ['--task-definition', 'web', '--launch-type', 'EC2', '--platform-version', '1.4.0'],
      /^platform_version is for Fargate, and launch_type is EC2$/,
    ],
    ['a poll interval of half a second', ['--task-definition', 'web', '--poll-interval', '500ms'], /at least 1s$/],
    [
      'overrides that are no object',
      ['--task-definition', 'web', '--overrides', '[]'],
      /^overrides must be a JSON object$/,
    ],
    [
      'an override that is misspelt',
      ['--task-definition', 'web', '--overrides', '{"containerOverride":[]}'],
      /^overrides\.containerOverride is not known .*\(did you mean containerOverrides\?\)$/,
    ],
    [
      'an override of another type',
      ['--task-definition', 'web', '--overrides', '{"containerOverrides":[{"name":"app","command":"x"}]}'],
      /^overrides\.containerOverrides\[0\]\.command must be a list/,
    ],
    [
      'capacity providers that are no list',
      ['--task-definition', 'web', '--capacity-provider-strategy', '{}'],
      /^capacity_provider_strategy must be a JSON array$/,
    ],
    [
      'capacity providers of another shape',
      ['--task-definition', 'web', '--capacity-provider-strategy', '[{"capacityProvder":"FARGATE"}]'],
      /^capacity_provider_strategy\[0\]\.capacityProvder is not known .*\(did you mean capacityProvider\?\)$/,
    ],
  ])('%s', async (_what, args, title) => {
    const { result } = await refused(args);
    expect(result).toMatchObject({ exitCode: 2, error: { title: expect.stringMatching(title) } });
  });

  it('subnets for a definition that has none', async () => {
    await registerClassic();
    const { result } = await refused(['--task-definition', 'classic', '--subnets', 'subnet-1']);
    expect(result).toMatchObject({ exitCode: 2, error: { title: expect.stringContaining('has bridge') } });
    const { result: without } = await world().run(['--task-definition', 'classic'], { bare: true });
    expect(without.exitCode).toBe(0);
  });

  it('a service without subnets to take over is named', async () => {
    await registerClassic();
    await world().stage.createService({
      taskDefinition: 'classic',
      launchType: 'EC2',
      networkConfiguration: undefined,
    });
    const { result } = await refused(['--service', 'web', '--task-definition', 'web']);
    expect(result).toMatchObject({
      exitCode: 2,
      error: { hints: ['Service web has none to take over. Give subnets.'] },
    });
  });
});

it('what AWS refuses all the same is told in its words', async () => {
  await registerClassic();
  const { result } = await world().run(['--task-definition', 'classic', '--launch-type', 'FARGATE'], { bare: true });
  expect(result).toMatchObject({
    exitCode: 4,
    error: { message: expect.stringContaining('Task definition does not support launch_type FARGATE') },
  });
});

/** A definition for instances, on the network of its host. */
function registerClassic(): Promise<string> {
  return world().stage.register({
    family: 'classic',
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    containerDefinitions: [{ name: 'app', image: 'ghcr.io/acme/web:1', memory: 128 }],
  });
}
