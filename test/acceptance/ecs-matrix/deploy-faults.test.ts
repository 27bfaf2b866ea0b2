import { describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../../../src/local-aws/faults.ts';
import { COMBINATIONS, type Combination } from './support/combinations.ts';
import { CountedCases } from './support/counted-cases.ts';
import { ENDS, SUCCESS } from './support/ends.ts';
import { expectEnd } from './support/expectations.ts';
import { FAULTS, isPassing, positions, type Position } from './support/faults.ts';
import { expectRefusal, type Hit } from './support/refusal.ts';
import { deploy, ourCalls, SELDOM, type Run } from './support/run.ts';
import { STRATEGIES } from './support/strategies.ts';
import { holdings, prepare, stageForTests } from './support/world.ts';

// deploy-service with every strategy, every way to end and every fault, each at one call of the run. Which, goes around, so
// that the calls of all operations are hit, the first ones and those in the middle, with some end.

const stage = stageForTests();
const cases = new CountedCases('deploy-service, strategies × ends × faults');

function run({ end }: Combination): Promise<Run> {
  return deploy(stage(), [...(end.flags ?? []), ...SELDOM], { others: end.others });
}

/** Where a run that nothing disturbs can be hit. What others call meanwhile is not to be. */
async function positionsOf({ strategy, end }: Combination): Promise<Position[]> {
  await prepare(stage(), strategy, end);
  await run({ strategy, end });
  const found = positions(ourCalls(stage()));
  return end.others ? found.filter(({ nth }) => nth === 1) : found;
}

const found = new Map<Combination, Position[]>();
/** How often a fault was at a call. */
const hits = new Map<string, number>();

/** The call at which the fault was least often so far. */
async function hitOf(combination: Combination, kind: FaultKind): Promise<Hit> {
  const known = found.get(combination) ?? (await positionsOf(combination));
  found.set(combination, known);
  const placeOf = ({ operation, nth }: Position): string =>
    `${kind} at ${nth === 1 ? 'the first' : 'a later'} ${operation}`;
  const timesOf = (position: Position): number => hits.get(placeOf(position)) ?? 0;
  const [position] = known.toSorted((one, other) => timesOf(one) - timesOf(other)) as [Position];
  hits.set(placeOf(position), timesOf(position) + 1);
  return { ...position, kind };
}

describe.each(STRATEGIES)('%s', (strategy) => {
  const combinations = COMBINATIONS.filter((one) => one.strategy === strategy);
  describe.each(combinations)('$end.name', (combination) => {
    it.each(FAULTS)('%s', async (kind) => {
      cases.count();
      const hit = await hitOf(combination, kind);
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

it('has hit each operation of a good deployment with each fault', async () => {
  const calls = await positionsOf({ strategy: 'ROLLING', end: SUCCESS });
  const all = FAULTS.flatMap((kind) => calls.map(({ operation }) => `${kind} at the first ${operation}`));
  expect(all.filter((hit) => !hits.has(hit))).toEqual([]);
});
