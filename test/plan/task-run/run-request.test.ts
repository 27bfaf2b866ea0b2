import { describe, expect, it } from '@jest/globals';
import { runIdentity } from '../../../src/plan/task-run/identity.ts';
import { taskOverrides, withoutValues } from '../../../src/plan/task-run/overrides.ts';
import { placementHints } from '../../../src/plan/task-run/placement-failure.ts';
import { taskPlacement, type ServicePlacement, type WantedPlacement } from '../../../src/plan/task-run/placement.ts';
import { hiddenLogs } from '../../../src/plan/task-run/log-places.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { failureOf } from '../../support/failures.ts';

describe('the names of a run', () => {
  it('are the same for the same, whatever the order, and have the shape that RunTask takes', () => {
    const identity = runIdentity('k', { a: 1, b: [2] });
    expect(runIdentity('k', { b: [2], a: 1 })).toEqual(identity);
    expect(identity.startedBy).toMatch(/^aws-deploy\/[0-9a-f]{24}$/);
    expect(identity.clientToken).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['key', 'other', { a: 1 }],
    ['work', 'k', { a: 2 }],
  ])('are others with another %s', (_what, key, work) => {
    const [one, other] = [runIdentity('k', { a: 1 }), runIdentity(key, work)];
    expect(other.startedBy).not.toBe(one.startedBy);
    expect(other.clientToken).not.toBe(one.clientToken);
  });
});

describe('where a task runs', () => {
  const AWSVPC: JsonObject = { networkMode: 'awsvpc' };
  const network = { subnets: ['a'], securityGroups: ['s'], assignPublicIp: 'ENABLED' };
  const service: ServicePlacement = {
    name: 'web',
    status: 'ACTIVE',
    taskDefinition: 'arn',
    networkConfiguration: { awsvpcConfiguration: network },
    launchType: 'FARGATE',
    capacityProviderStrategy: [],
    platformVersion: '1.4.0',
  };
  const onInstances = { ...service, networkConfiguration: undefined, launchType: 'EC2', platformVersion: undefined };
  const networkConfiguration = { awsvpcConfiguration: network };

  it.each<[string, JsonObject, WantedPlacement, ServicePlacement | undefined, JsonObject]>([
    [
      'all of the service',
      AWSVPC,
      {},
      service,
      { launchType: 'FARGATE', platformVersion: '1.4.0', networkConfiguration },
    ],
    [
      'not its network where there is none of its own',
      {},
      {},
      service,
      { launchType: 'FARGATE', platformVersion: '1.4.0' },
    ],
    ['nothing without a service: the cluster decides', {}, {}, undefined, {}],
    ['its launch type on instances', {}, {}, onInstances, { launchType: 'EC2' }],
    ['no platform version of Fargate on instances', {}, { launchType: 'EC2' }, service, { launchType: 'EC2' }],
    [
      'no platform version of the service with other capacity providers',
      {},
      { capacityProviderStrategy: [{ capacityProvider: 'mine' }] },
      service,
      { capacityProviderStrategy: [{ capacityProvider: 'mine' }] },
    ],
    [
      'subnets alone, without a public address',
      AWSVPC,
      { subnets: ['b'] },
      undefined,
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['b'] } } },
    ],
    [
      'a platform version for what the cluster decides',
      {},
      { platformVersion: 'LATEST' },
      undefined,
      { platformVersion: 'LATEST' },
    ],
  ])('%s', (_what, definition, wanted, from, expected) => {
    expect(taskPlacement(definition, wanted, from)).toEqual(expected);
  });

  it.each<[string, JsonObject, WantedPlacement]>([
    ['awsvpc and no subnets', AWSVPC, {}],
    ['awsvpc and an empty list', AWSVPC, { subnets: [] }],
    ['awsvpc and security groups alone', AWSVPC, { securityGroups: ['s'] }],
    ['bridge and subnets', {}, { subnets: ['a'] }],
    ['host and a public address', { networkMode: 'host' }, { assignPublicIp: 'enabled' }],
  ])('%s is exit code 2', (_what, definition, wanted) => {
    expect(failureOf(() => taskPlacement(definition, wanted, undefined))).toMatchObject({ exitCode: 2 });
  });
});

describe('overrides', () => {
  it.each([
    ['of nothing are nothing', {}, undefined, undefined, {}],
    ['stay when nothing is added', { cpu: '256' }, [], {}, { cpu: '256' }],
    ['name the container', {}, ['a', 'b'], undefined, { containerOverrides: [{ name: 'app', command: ['a', 'b'] }] }],
    [
      'keep members that nobody here knows',
      { containerOverrides: [{ name: 'app', newMember: 1 }] },
      undefined,
      { A: '1' },
      { containerOverrides: [{ name: 'app', newMember: 1, environment: [{ name: 'A', value: '1' }] }] },
    ],
  ])('%s', (_what, given, command, environment, expected) => {
    expect(taskOverrides(given, 'app', { command, environment })).toEqual(expected);
  });

  it('are 8192 characters at most, as JSON', () => {
    const longest = 8192 - JSON.stringify(taskOverrides({}, 'app', { command: [''], environment: {} })).length;
    const command = (length: number) => () =>
      taskOverrides({}, 'app', { command: ['x'.repeat(length)], environment: {} });
    expect(command(longest)).not.toThrow();
    expect(failureOf(command(longest + 1))).toMatchObject({ exitCode: 2 });
  });

  it('are told without the values of variables, and are else as they were', () => {
    const overrides = {
      cpu: '256',
      containerOverrides: [{ name: 'a', environment: [{ name: 'A', value: 'x' }] }, { name: 'b' }],
    };
    expect(withoutValues(overrides)).toEqual({
      cpu: '256',
      containerOverrides: [{ name: 'a', environment: [{ name: 'A', value: '****' }] }, { name: 'b' }],
    });
  });
});

it('each advice on what could not be placed is given once', () => {
  const failure = (reason: string) => ({ reason, detail: undefined });
  expect(placementHints([failure('RESOURCE:MEMORY'), failure('RESOURCE:CPU'), failure('AGENT')])).toEqual([
    expect.stringContaining('has room'),
    expect.stringContaining('agent'),
  ]);
  expect(placementHints([failure('SOMETHING NEW')])).toEqual([]);
});

it('awslogs without a prefix on instances can not be shown, and why is said', () => {
  const logConfiguration = { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web' } };
  const definition = { containerDefinitions: [{ name: 'app', logConfiguration }] };
  expect(hiddenLogs(['app'], definition)).toEqual([expect.stringContaining('no awslogs-stream-prefix')]);
});
