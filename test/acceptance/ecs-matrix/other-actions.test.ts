import { describe, expect, it } from '@jest/globals';
import { startEcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { killingProxy } from '../../support/killing-proxy.ts';
import { CountedCases } from './support/counted-cases.ts';
import { everythingIn } from './support/everything.ts';
import { LASTING, PASSING, positions, type Position } from './support/faults.ts';
import { expectOwnWords } from './support/refusal.ts';
import { ourCalls, runAction, type Run } from './support/run.ts';
import { UNDERTAKINGS, type Undertaking } from './support/undertakings.ts';
import { stageForTests } from './support/world.ts';

// The other actions, each with its main ends: undisturbed; with a fault that passes and one that stays at the calls of each
// operation; and killed before and after every call, for those that are to do something.

const stage = stageForTests();
const cases = new CountedCases('other actions, ends × faults and kills');

async function rehearsed(undertaking: Undertaking) {
  const rehearsal = await startEcsStage();
  await undertaking.prepare(rehearsal);
  rehearsal.localAws.control.clearRequests();
  await runAction(rehearsal, undertaking.argv);
  await rehearsal.close();
  return ourCalls(rehearsal);
}

const WALKS = [];
for (const [index, undertaking] of UNDERTAKINGS.entries()) {
  const calls = await rehearsed(undertaking);
  const hits = positions(calls);
  const turned = <T>(kinds: readonly T[]) =>
    hits.map((hit, at) => ({ ...hit, kind: kinds[(at + index) % kinds.length]! }));
  WALKS.push({
    name: undertaking.name,
    undertaking,
    passing: turned(PASSING),
    lasting: turned(LASTING),
    killed: undertaking.exitCode === 0 ? calls.map((operation, at) => ({ operation, nth: at + 1 })) : [],
  });
}

async function expectDone({ exitCode, outputs, leaves }: Undertaking, { result }: Run): Promise<void> {
  expect({ exitCode: result.exitCode, error: result.error?.title, outputs: result.outputs }).toMatchObject({
    exitCode,
    outputs,
  });
  expect(await everythingIn(stage())).toEqual(leaves.toSorted());
}

async function runWith(undertaking: Undertaking, hit: Position & { kind: (typeof PASSING | typeof LASTING)[number] }) {
  await undertaking.prepare(stage());
  stage().localAws.control.addFault(hit);
  const run = await runAction(stage(), undertaking.argv);
  expect(stage().localAws.control.requests()).toContainEqual(expect.objectContaining({ fault: hit.kind }));
  stage().localAws.control.clearFaults();
  return run;
}

describe.each(WALKS)('$name', ({ undertaking, passing, lasting, killed }) => {
  it('undisturbed', async () => {
    cases.count();
    await undertaking.prepare(stage());
    await expectDone(undertaking, await runAction(stage(), undertaking.argv));
  });

  it.each(passing)('$kind at $operation #$nth', async (hit) => {
    cases.count();
    await expectDone(undertaking, await runWith(undertaking, hit));
  });

  it.each(lasting)('$kind at $operation #$nth', async (hit) => {
    cases.count();
    const run = await runWith(undertaking, hit);
    expectOwnWords(run, undertaking.exitCode, hit);
    // Nothing is lost: once it is allowed, the same run does the rest.
    if (undertaking.exitCode === 0) await expectDone(undertaking, await runAction(stage(), undertaking.argv));
  });

  if (killed.length === 0) return;
  describe.each([
    { when: 'before', applied: false },
    { when: 'after', applied: true },
  ])('killed $when it was applied', ({ applied }) => {
    it.each(killed)('call $nth, $operation', async ({ nth }) => {
      cases.count();
      await undertaking.prepare(stage());
      const dead = new AbortController();
      const proxy = await killingProxy(stage().localAws.endpoint, { nth, applied, then: () => dead.abort() });
      await runAction(stage(), undertaking.argv, { endpoint: proxy.endpoint, signal: dead.signal });
      await proxy.close();
      expect(dead.signal.aborted).toBe(true);
      await expectDone(undertaking, await runAction(stage(), undertaking.argv));
    });
  });
});

cases.expectAll(
  WALKS.map(({ passing, lasting, killed }) => 1 + passing.length + lasting.length + 2 * killed.length).reduce(
    (a, b) => a + b,
  ),
);
