import { describe, expect, it } from '@jest/globals';
import { COMBINATIONS, type Combination } from './support/combinations.ts';
import { CountedCases } from './support/counted-cases.ts';
import { ENDS } from './support/ends.ts';
import { expectEnd } from './support/expectations.ts';
import { FAULTS, isPassing, positions, type Position } from './support/faults.ts';
import { expectRefusal } from './support/refusal.ts';
import { deploy, ourCalls, type Run } from './support/run.ts';
import { STRATEGIES } from './support/strategies.ts';
import { holdings, prepare, stageForTests } from './support/world.ts';

// deploy-service with every strategy, every way to end and every fault, each at one call of the run. Which, goes around, so
// that the calls of all operations are hit, the first ones and those in the middle, with some end.

const stage = stageForTests();
const cases = new CountedCases('deploy-service, strategies × ends × faults');

function run({ end }: Combination): Promise<Run> {
  return deploy(stage(), end.flags, { others: end.others });
}

/** Where a run that nothing disturbs can be hit. What others call meanwhile is not to be. */
async function positionsOf({ strategy, end }: Combination): Promise<Position[]> {
  await prepare(stage(), strategy, end);
  await run({ strategy, end });
  const found = positions(ourCalls(stage()));
  return end.others ? found.filter(({ nth }) => nth === 1) : found;
}

const found = new Map<Combination, Position[]>();
let turn = 0;

async function nextPosition(combination: Combination): Promise<Position> {
  const known = found.get(combination) ?? (await positionsOf(combination));
  found.set(combination, known);
  turn += 1;
  return known[turn % known.length]!;
}

describe.each(STRATEGIES)('%s', (strategy) => {
  const combinations = COMBINATIONS.filter((one) => one.strategy === strategy);
  describe.each(combinations)('$end.name', (combination) => {
    it.each(FAULTS)('%s', async (kind) => {
      cases.count();
      const hit = { ...(await nextPosition(combination)), kind };
      await prepare(stage(), strategy, combination.end);
      stage().localAws.control.addFault(hit);
      const ended = await run(combination);
      expect(stage().localAws.control.requests()).toContainEqual(expect.objectContaining({ fault: kind }));
      stage().localAws.control.clearFaults();
      const holds = await holdings(stage());
      if (isPassing(kind)) expectEnd(ended, holds, combination.end);
      else expectRefusal(ended, holds, combination.end, hit);
    });
  });
});

cases.expectAll((STRATEGIES.length * ENDS.length - 16) * FAULTS.length);
