import { describe, it } from '@jest/globals';
import { startEcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { CountedCases } from './support/counted-cases.ts';
import { SUCCESS } from './support/ends.ts';
import { expectEnd } from './support/expectations.ts';
import { kills, runKilled } from './support/kills.ts';
import { deploy, DEPLOY, ourCalls, SELDOM } from './support/run.ts';
import { STRATEGIES, type Strategy } from './support/strategies.ts';
import { holdings, prepare, stageForTests } from './support/world.ts';

// deploy-service is killed at every call of a good deployment: the run after that ends where one ends that nobody disturbed,
// with one revision and one deployment.

const stage = stageForTests();
const cases = new CountedCases('deploy-service, strategies × killed at every call');

async function callsOf(strategy: Strategy): Promise<string[]> {
  const rehearsal = await startEcsStage();
  await prepare(rehearsal, strategy, SUCCESS);
  await deploy(rehearsal, SELDOM);
  await rehearsal.close();
  return ourCalls(rehearsal);
}

const WALKS = [];
for (const strategy of STRATEGIES) WALKS.push({ strategy, calls: await callsOf(strategy) });

describe.each(WALKS)('$strategy', ({ strategy, calls }) => {
  it.each(kills(calls))('$when', async (kill) => {
    cases.count();
    await prepare(stage(), strategy, SUCCESS);
    await runKilled(stage(), [...DEPLOY, ...SELDOM], kill);
    expectEnd(await deploy(stage(), SELDOM), await holdings(stage()), SUCCESS);
  });
});

cases.expectAll(WALKS.map(({ calls }) => calls.length + 1).reduce((sum, count) => sum + count, 0));
