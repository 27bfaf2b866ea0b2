import { describe, expect, it } from '@jest/globals';
import { killingProxy } from '../../support/killing-proxy.ts';
import { startEcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { CountedCases } from './support/counted-cases.ts';
import { SUCCESS } from './support/ends.ts';
import { expectEnd } from './support/expectations.ts';
import { deploy, ourCalls } from './support/run.ts';
import { STRATEGIES, type Strategy } from './support/strategies.ts';
import { holdings, prepare, stageForTests } from './support/world.ts';

// deploy-service is killed at every call of a good deployment, once before AWS has carried the call out and once after it
// has: the run after that ends where one ends that nobody disturbed.

const stage = stageForTests();
const cases = new CountedCases('deploy-service, strategies × killed before and after every call');

async function callsOf(strategy: Strategy): Promise<string[]> {
  const rehearsal = await startEcsStage();
  await prepare(rehearsal, strategy, SUCCESS);
  await deploy(rehearsal);
  await rehearsal.close();
  return ourCalls(rehearsal);
}

const KILLED = [];
for (const strategy of STRATEGIES) {
  const calls = await callsOf(strategy);
  KILLED.push({ strategy, calls: calls.map((operation, index) => ({ operation, nth: index + 1 })) });
}

describe.each(KILLED)('$strategy', ({ strategy, calls }) => {
  describe.each([
    { when: 'before', applied: false },
    { when: 'after', applied: true },
  ])('$when it was applied', ({ applied }) => {
    it.each(calls)('call $nth, $operation', async ({ nth }) => {
      cases.count();
      await prepare(stage(), strategy, SUCCESS);
      const dead = new AbortController();
      const proxy = await killingProxy(stage().localAws.endpoint, { nth, applied, then: () => dead.abort() });
      await deploy(stage(), [], { endpoint: proxy.endpoint, signal: dead.signal });
      await proxy.close();
      expect(dead.signal.aborted).toBe(true);
      expectEnd(await deploy(stage()), await holdings(stage()), SUCCESS);
    });
  });
});

cases.expectAll(2 * KILLED.map(({ calls }) => calls.length).reduce((sum, count) => sum + count, 0));
