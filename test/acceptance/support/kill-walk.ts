import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestState } from '../../../src/local-aws/request-log.ts';
import type { Running } from './child-process.ts';
import { buildCli } from './built-cli.ts';
import { rehearse, type Call, type Rehearsed, type Scenario } from './release-scenarios.ts';
import type { Workplace } from './workplace.ts';

const ONE_HOUR_MS = 3_600_000;

/**
 * For every call of every scenario, the process is killed right there, once before AWS has carried the call out and once
 * after it has. The run after that must end where one ends that nobody disturbed.
 */
export function killAtEveryCall(walks: readonly { scenario: Scenario; calls: readonly Call[] }[]): void {
  let work: Workplace | undefined;
  afterEach(() => work?.remove());

  describe.each(walks)('$scenario.name', ({ scenario, calls }) => {
    let rehearsed: Rehearsed;
    beforeAll(async () => {
      rehearsed = await rehearse(await buildCli(), scenario);
    });
    afterAll(() => rehearsed?.cloud.close());

    it.each(calls)('killed before $operation #$nth is applied, it is completed by the next run', async (call) => {
      work = await rehearsed.begin();
      await killAt(rehearsed, work, { ...call, kind: 'delay', ms: ONE_HOUR_MS }, 'delayed');
      await expectCompletion(rehearsed, work);
    });

    it.each(calls)(
      'killed when the answer to $operation #$nth is lost, it is completed by the next run',
      async (call) => {
        work = await rehearsed.begin();
        await killAt(rehearsed, work, { ...call, kind: 'hang-after-apply' }, 'hanging');
        await expectCompletion(rehearsed, work);
      },
    );
  });
}

async function killAt(
  { cloud, arguments: args }: Rehearsed,
  work: Workplace,
  fault: Call & { kind: 'delay' | 'hang-after-apply'; ms?: number },
  held: RequestState,
): Promise<void> {
  cloud.control.addFault(fault);
  const running = work.start(args);
  const { number } = await Promise.race([cloud.control.waitForRequest(({ state }) => state === held), ended(running)]);
  running.kill('SIGKILL');
  const { signal } = await running.ended;
  expect(signal).toBe('SIGKILL');
  const left = await cloud.control.waitForRequest((each) => each.number === number && each.state === 'disconnected');
  expect(left.applied).toBe(held === 'hanging');
}

async function expectCompletion({ cloud, state, arguments: args }: Rehearsed, work: Workplace): Promise<void> {
  expect(await work.run(args)).toMatchObject({ code: 0 });
  expect(cloud.control.state()).toEqual(state);
}

async function ended(running: Running): Promise<never> {
  const { code, stderr } = await running.ended;
  throw new Error(`The run ended with ${code} before the call at which it was to be killed:\n${stderr}`);
}
