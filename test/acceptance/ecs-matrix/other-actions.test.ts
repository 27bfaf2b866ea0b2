import { describe, expect, it } from '@jest/globals';
import { startEcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { CountedCases } from './support/counted-cases.ts';
import { everythingIn } from './support/everything.ts';
import { LASTING, PASSING, positions } from './support/faults.ts';
import { errorText, expectOwnWords, type Hit } from './support/refusal.ts';
import { kills, runKilled } from './support/kills.ts';
import { ourCalls, runAction, type Run } from './support/run.ts';
import { UNDERTAKINGS, type Undertaking } from './support/undertakings.ts';
import { stageForTests } from './support/world.ts';

// The other actions, and services that are created, each with its main ends: undisturbed; with a fault that passes and one
// that stays at the calls of each operation; and killed at every call where it is to come to what was asked for.

const stage = stageForTests();
const cases = new CountedCases('other actions, ends × faults and kills');

/** The calls of a run that nothing disturbs. */
async function rehearsed(undertaking: Undertaking): Promise<string[]> {
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
    killed: undertaking.exitCode === 0 ? kills(calls) : [],
  });
}

async function expectDone({ exitCode, outputs, leaves }: Undertaking, { result }: Run): Promise<void> {
  expect({ exitCode: result.exitCode, error: result.error?.title, outputs: result.outputs }).toMatchObject({
    exitCode,
    outputs,
  });
  expect(await everythingIn(stage())).toEqual(leaves.toSorted());
}

async function runWith(undertaking: Undertaking, hit: Hit): Promise<Run> {
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
    if (run.exitCode === undertaking.refused) return expect(errorText(run.result)).toContain(hit.operation);
    expectOwnWords(run, undertaking.exitCode, hit);
    // Nothing is lost: once it is allowed, the same run does the rest.
    if (undertaking.exitCode === 0) await expectDone(undertaking, await runAction(stage(), undertaking.argv));
  });

  if (killed.length === 0) return;
  it.each(killed)('killed $when', async (kill) => {
    cases.count();
    await undertaking.prepare(stage());
    await runKilled(stage(), undertaking.argv, kill);
    await expectDone(undertaking, await runAction(stage(), undertaking.argv));
  });
});

cases.expectAll(
  WALKS.map(({ passing, lasting, killed }) => 1 + passing.length + lasting.length + killed.length).reduce(
    (a, b) => a + b,
  ),
);
