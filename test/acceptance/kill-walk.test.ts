import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { RequestState } from '../../src/local-aws/request-log.ts';
import { buildCli } from './support/built-cli.ts';
import type { Running } from './support/child-process.ts';
import { FIRST_RELEASE, NEXT_RELEASE, rehearse, type Call, type Rehearsed } from './support/release-scenarios.ts';
import type { Workplace } from './support/workplace.ts';

// For every call that a release makes, the process is killed right there, once before AWS has carried the call out and
// once after it has. The release after that must end where one ends that nobody disturbed.

const program = await buildCli();
const rehearsals = await Promise.all([FIRST_RELEASE, NEXT_RELEASE].map((scenario) => rehearse(program, scenario)));
afterAll(() => Promise.all(rehearsals.map(({ cloud }) => cloud.close())));

let work: Workplace | undefined;
afterEach(() => work?.remove());

const ONE_HOUR_MS = 3_600_000;

describe.each(rehearsals)('$scenario.name', (rehearsed) => {
  it.each(rehearsed.calls)(
    'killed before $operation #$nth is applied, it is completed by the next run',
    async (call) => {
      await killAt(rehearsed, { ...call, kind: 'delay', ms: ONE_HOUR_MS }, 'delayed');
      await expectCompletion(rehearsed);
    },
  );

  it.each(rehearsed.calls)(
    'killed when the answer to $operation #$nth is lost, it is completed by the next run',
    async (call) => {
      await killAt(rehearsed, { ...call, kind: 'hang-after-apply' }, 'hanging');
      await expectCompletion(rehearsed);
    },
  );
});

async function killAt(
  { cloud, begin, arguments: args }: Rehearsed,
  fault: Call & { kind: 'delay' | 'hang-after-apply'; ms?: number },
  held: RequestState,
): Promise<void> {
  work = await begin();
  cloud.control.addFault(fault);
  const running = work.start(args);
  const { number } = await Promise.race([cloud.control.waitForRequest(({ state }) => state === held), ended(running)]);
  running.kill('SIGKILL');
  const { signal } = await running.ended;
  expect(signal).toBe('SIGKILL');
  const left = await cloud.control.waitForRequest((each) => each.number === number && each.state === 'disconnected');
  expect(left.applied).toBe(held === 'hanging');
}

async function expectCompletion({ cloud, state, arguments: args }: Rehearsed): Promise<void> {
  expect(await work?.run(args)).toMatchObject({ code: 0 });
  expect(cloud.control.state()).toEqual(state);
}

async function ended(running: Running): Promise<never> {
  const { code, stderr } = await running.ended;
  throw new Error(`The release ended with ${code} before the call at which it was to be killed:\n${stderr}`);
}
