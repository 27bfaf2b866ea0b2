import { describe, expect, it } from '@jest/globals';
import { COMBINATIONS, excluded } from './support/combinations.ts';
import { CountedCases } from './support/counted-cases.ts';
import { ENDS } from './support/ends.ts';
import { expectEnd } from './support/expectations.ts';
import { deploy } from './support/run.ts';
import { STRATEGIES } from './support/strategies.ts';
import { holdings, prepare, stageForTests } from './support/world.ts';

// deploy-service with every strategy and every way to end: exit code, verdict, and what AWS holds then.

const stage = stageForTests();
const cases = new CountedCases('deploy-service, strategies × ends');

it('leaves out only what AWS does not have', () => {
  expect(excluded()).toEqual({
    'the circuit breaker is for rolling updates (API reference)': 15,
    'a rolling update without hooks has no stages': 1,
  });
  expect(COMBINATIONS).toHaveLength(STRATEGIES.length * ENDS.length - 16);
});

describe.each(STRATEGIES)('%s', (strategy) => {
  const ends = COMBINATIONS.filter((one) => one.strategy === strategy).map(({ end }) => end);
  it.each(ends)('$name: exit $exitCode, $deploymentStatus', async (end) => {
    cases.count();
    await prepare(stage(), strategy, end);
    const run = await deploy(stage(), end.flags, { others: end.others });
    expectEnd(run, await holdings(stage()), end);
  });
});

cases.expectAll(STRATEGIES.length * ENDS.length - 16);
