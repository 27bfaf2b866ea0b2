import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { containersOf } from '../../../src/plan/task-definition/containers.ts';
import { tagMap } from '../../../src/plan/task-definition/tags.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { pausingProxy, type PausingProxy } from '../../support/pausing-proxy.ts';
import { resultOf, type CliRun } from '../../support/run-cli.ts';
import { ON_EC2, withTaskContainer } from '../../support/task-definitions.ts';
import { taskDefinitionsForTests, type Release } from './task-definition-world.ts';

const world = taskDefinitionsForTests();

/** Its requests can be held up, so that the other release comes in between at a certain place. */
let slow: PausingProxy;

beforeEach(async () => {
  slow = await pausingProxy(world().stage.localAws.endpoint);
});

const REGISTER = '.RegisterTaskDefinition';
const DESCRIBE = '.DescribeTaskDefinition';

const setting = (variable: string, release: Release = {}, more: readonly string[] = []): Promise<CliRun> =>
  world().register(['--family', 'web', '--container', 'app', '--environment', variable, ...more], release);

async function environmentOfNewest(): Promise<Record<string, string>> {
  const environment = containersOf((await world().newest()).definition)[0]?.['environment'] as JsonObject[];
  return Object.fromEntries(environment.map(({ name, value }) => [String(name), String(value)]));
}

describe('two releases that carry the newest revision forward', () => {
  it.each([
    ['before the first registers', REGISTER, 1],
    ['before the first reads back', DESCRIBE, 2],
  ])('the second comes %s: in the end both changes are there', async (_when, operation, nth) => {
    let second: CliRun | undefined;
    slow.before(operation, nth, async () => {
      second = await setting('SECOND=2');
    });
    const first = await setting('FIRST=1', { through: slow });
    expect(await environmentOfNewest()).toEqual({ FIRST: '1', SECOND: '2' });
    expect([first.exitCode, second?.exitCode]).toEqual([0, 0]);
    expect(resultOf(first).outputs['revision']).toBe((await world().newest()).revision);
  });

  it('that is told', async () => {
    slow.before(REGISTER, 1, () => setting('SECOND=2'));
    const first = await setting('FIRST=1', { through: slow });
    expect(first.stderr).toContain('warning: web:2 came from another release meanwhile; taking it into account');
  });

  it('each with its own image and tag: both are there', async () => {
    const image = (item: string, tag: string, release: Release = {}): Promise<CliRun> =>
      world().register(['--family', 'web', '--image', item, '--tags', tag], release);
    slow.before(REGISTER, 1, () => image('sidecar=ghcr.io/acme/sidecar:2', 'b=2'));
    await image('app=ghcr.io/acme/web:2', 'a=1', { through: slow });
    const { definition } = await world().newest();
    expect(containersOf(definition).map((container) => container['image'])).toEqual([
      'ghcr.io/acme/web:2',
      'ghcr.io/acme/sidecar:2',
    ]);
    expect(tagMap(definition)).toMatchObject({ a: '1', b: '2' });
  });

  it('what the other one has removed stays away', async () => {
    await setting('OLD=1');
    slow.before(REGISTER, 1, () =>
      world().register(['--family', 'web', '--container', 'app', '--remove-environment', 'OLD']),
    );
    await setting('FIRST=1', { through: slow });
    expect(await environmentOfNewest()).toEqual({ FIRST: '1' });
  });

  it('that start from before a rejected revision: its changes do not come back', async () => {
    await setting('REJECTED=1');
    await world().ecs.taskDefinitions.tag((await world().newest()).arn, { 'aws-deploy:rejected': 'now' });
    slow.before(REGISTER, 1, () => setting('SECOND=2'));
    await setting('FIRST=1', { through: slow });
    expect(await environmentOfNewest()).toEqual({ FIRST: '1', SECOND: '2' });
  });

  it('that ask for the same: one revision more than needed at most, and both succeed', async () => {
    let second: CliRun | undefined;
    slow.before(REGISTER, 1, async () => {
      second = await setting('A=1');
    });
    const first = await setting('A=1', { through: slow });
    expect([first.exitCode, second?.exitCode]).toEqual([0, 0]);
    expect(await environmentOfNewest()).toEqual({ A: '1' });
    expect(await world().revisions()).toHaveLength(3);
  });

  it('that ask for different values of one variable: the later one stands, the other one says superseded', async () => {
    slow.before(DESCRIBE, 2, () => setting('A=later'));
    const first = await setting('A=1', { through: slow });
    expect(first.exitCode).toBe(11);
    expect(first.stderr).toContain('superseded: another release has made web:3');
    expect(await environmentOfNewest()).toEqual({ A: 'later' });
  });

  it('four others in a row are all taken along', async () => {
    for (let round = 1; round <= 4; round++) slow.before(REGISTER, round, () => setting(`OTHER_${round}=x`));
    expect((await setting('FIRST=1', { through: slow })).exitCode).toBe(0);
    expect(Object.keys(await environmentOfNewest()).toSorted()).toEqual([
      'FIRST',
      'OTHER_1',
      'OTHER_2',
      'OTHER_3',
      'OTHER_4',
    ]);
  });

  it('gives up with exit code 11 when others keep coming in between', async () => {
    for (let round = 1; round <= 5; round++) slow.before(REGISTER, round, () => setting(`OTHER=${round}`));
    const run = await setting('FIRST=1', { through: slow });
    expect(resultOf(run)).toMatchObject({ exitCode: 11, error: { code: 'ecs.contended' } });
    expect(resultOf(run).error?.message).toMatch(/The last revision of this release is .*:\d+\.$/);
  });

  it('revisions that were deregistered since do not count as others', async () => {
    await setting('A=1');
    await world().ecs.taskDefinitions.deregister((await world().newest()).arn);
    const run = await setting('B=2');
    expect(resultOf(run).outputs['revision']).toBe(3);
    expect(run.stderr).not.toContain('came from another release');
    expect(await environmentOfNewest()).toEqual({ B: '2' });
  });
});

describe('two pipelines with a file each: the newer one has the last word', () => {
  const withCommand = (command: string): JsonObject => withTaskContainer(ON_EC2, { command: [command] });
  const older: Release = { pipeline: 10, file: withCommand('older') };
  const newer: Release = { pipeline: 11, file: withCommand('newer') };
  const commandOfNewest = async (): Promise<unknown> =>
    containersOf((await world().newest()).definition)[0]?.['command'];

  it.each([
    ['before the older one registers', REGISTER, 1],
    ['before the older one reads back', DESCRIBE, 2],
  ])('the newer one comes %s: the older one is superseded', async (_when, operation, nth) => {
    let second: CliRun | undefined;
    slow.before(operation, nth, async () => {
      second = await world().register([], newer);
    });
    const first = await world().register([], { ...older, through: slow });
    expect(resultOf(first)).toMatchObject({ exitCode: 11, status: 'superseded' });
    expect(second?.exitCode).toBe(0);
    expect(await commandOfNewest()).toEqual(['newer']);
    expect(tagMap((await world().newest()).definition)).toMatchObject({ 'aws-deploy:pipeline': '11' });
  });

  it.each([
    ['before the newer one registers', REGISTER, 1],
    ['before the newer one reads back', DESCRIBE, 2],
  ])('the older one comes %s: the newer one stands', async (_when, operation, nth) => {
    slow.before(operation, nth, () => world().register([], older));
    expect((await world().register([], { ...newer, through: slow })).exitCode).toBe(0);
    expect(await commandOfNewest()).toEqual(['newer']);
  });

  it('with allow_older the older one may lie over the newer', async () => {
    slow.before(REGISTER, 1, () => world().register([], newer));
    expect((await world().register(['--allow-older'], { ...older, through: slow })).exitCode).toBe(0);
    expect(await commandOfNewest()).toEqual(['older']);
  });
});

describe('an answer to RegisterTaskDefinition that is lost', () => {
  const registrations = (): number =>
    operationsOf(world().stage.localAws).filter((name) => name === 'ecs:RegisterTaskDefinition').length;

  it.each([
    ['reset-before', 2],
    ['reset-after-apply', 1],
    ['500', 2],
  ] as const)('%s: registered exactly once', async (kind, calls) => {
    world().stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind });
    const run = await setting('A=1');
    expect(resultOf(run)).toMatchObject({ exitCode: 0, status: 'changed', outputs: { revision: 2 } });
    expect(run.stderr).toContain('warning: The answer to RegisterTaskDefinition was lost');
    expect(await world().revisions()).toHaveLength(2);
    expect(registrations()).toBe(calls);
  });

  it('throttling is no lost answer', async () => {
    world().stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind: 'throttle' });
    const run = await setting('A=1');
    expect(run.exitCode).toBe(0);
    expect(run.stderr).not.toContain('was lost');
  });

  it('another’s revision that came in between is not taken for it', async () => {
    const { control } = world().stage.localAws;
    slow.before(REGISTER, 1, async () => {
      await setting('OTHER=1');
      control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind: 'reset-before' });
    });
    expect((await setting('OURS=1', { through: slow })).exitCode).toBe(0);
    expect(await environmentOfNewest()).toEqual({ OURS: '1', OTHER: '1' });
  });

  it('it is found also when another release has come after it', async () => {
    world().stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind: 'reset-after-apply' });
    slow.before('.ListTaskDefinitions', 1, () => world().register([], { file: ON_EC2 }));
    expect((await setting('OURS=1', { through: slow })).exitCode).toBe(11);
    expect(registrations()).toBe(2);
  });

  it('a server that never answers well ends in exit code 4', async () => {
    world().stage.localAws.control.addFault({ operation: 'ecs:RegisterTaskDefinition', kind: '500', times: 10 });
    expect(resultOf(await setting('A=1'))).toMatchObject({
      exitCode: 4,
      error: { title: 'ecs:RegisterTaskDefinition failed on web' },
    });
    expect(registrations()).toBe(4);
  });
});

describe('a look that fails', () => {
  it.each([
    ['throttle', 'throttle'],
    ['a server error', '500'],
    ['a broken connection', 'reset-before'],
  ] as const)('%s is repeated', async (_what, kind) => {
    world().stage.localAws.control.addFault({ operation: 'ecs:DescribeTaskDefinition', kind });
    expect((await setting('A=1')).exitCode).toBe(0);
  });

  it('for good after the revision was registered: the error tells that it is there, and the next run goes on', async () => {
    const { control } = world().stage.localAws;
    control.addFault({ operation: 'ecs:DescribeTaskDefinition', kind: '500', nth: 2, times: 20 });
    const run = await setting('A=1');
    expect(run.exitCode).toBe(4);
    expect(run.stderr).toContain('web:2 is registered.');
    control.clearFaults();
    expect(resultOf(await setting('A=1'))).toMatchObject({ status: 'unchanged', outputs: { revision: 2 } });
  });
});
