import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { ORB_CASES, UNUSED } from './support/orb-cases.ts';
import { currentOrb } from './support/orb-under-test.ts';

// Of what the orb has, nothing is left out of the tests that run its steps.

const orb = await currentOrb();
let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const commands = Object.entries(orb['commands'] as Record<string, JsonObject>);
const actions = [...new Set(ORB_CASES.map(({ action }) => action))];

it('there are cases of every command and of every job', () => {
  expect([...actions, 'install'].toSorted()).toEqual(commands.map(([name]) => name).toSorted());
  expect(actions).toEqual(expect.arrayContaining(Object.keys(orb['jobs'] as JsonObject)));
});

it.each(commands.filter(([name]) => actions.includes(name)))(
  'the cases give every parameter of %s',
  (name, command) => {
    const given = ORB_CASES.filter(({ action }) => action === name).flatMap((each) =>
      Object.keys(each.arguments(cloud)),
    );
    const unused: readonly string[] = Object.hasOwn(UNUSED, name) ? UNUSED[name as keyof typeof UNUSED] : [];
    expect([...new Set([...given, ...unused])].toSorted()).toEqual(
      Object.keys(command['parameters'] as JsonObject).toSorted(),
    );
  },
);
