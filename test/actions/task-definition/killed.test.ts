import { afterEach, describe, expect, it } from '@jest/globals';
import { containersOf } from '../../../src/plan/task-definition/containers.ts';
import { killingProxy, type KillingProxy } from '../../support/killing-proxy.ts';
import { resultOf, type CliRun } from '../../support/run-cli.ts';
import { taskDefinitionsForTests, type Release } from './task-definition-world.ts';

const world = taskDefinitionsForTests();

const open: KillingProxy[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((proxy) => proxy.close()));
});

const release = (through?: Release['through']): Promise<CliRun> =>
  world().register(['--family', 'web', '--container', 'app', '--environment', 'A=1'], through ? { through } : {});

describe('a release that is killed at any call', () => {
  const calls = ['who we are', 'the newest revision', 'registering', 'reading back'];

  it.each(calls.flatMap((call, index) => [true, false].map((applied) => ({ call, nth: index + 1, applied }))))(
    '$call, applied: $applied: the next run brings it to its end, with one revision',
    async ({ nth, applied }) => {
      const dying = await killingProxy(world().stage.localAws.endpoint, { nth, applied });
      open.push(dying);
      expect((await release(dying)).exitCode).not.toBe(0);
      const isThere = nth > 3 || (nth === 3 && applied);
      expect(resultOf(await release()).status).toBe(isThere ? 'unchanged' : 'changed');
      const revisions = await world().revisions();
      expect(revisions.map(({ definition }) => containersOf(definition)[0]?.['environment'])).toEqual([
        [],
        [{ name: 'A', value: '1' }],
      ]);
    },
  );

  it('makes no other calls than those', async () => {
    const counting = await killingProxy(world().stage.localAws.endpoint);
    open.push(counting);
    await release(counting);
    expect(counting.count()).toBe(calls.length);
  });
});
