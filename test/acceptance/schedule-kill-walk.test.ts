import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../../src/local-aws/faults.ts';
import { buildCli } from './support/built-cli.ts';
import { killAtEveryCall } from './support/kill-walk.ts';
import { callsOf, rehearse, type Call, type Rehearsed, type Scenario } from './support/release-scenarios.ts';
import { SCHEDULE_SCENARIOS } from './support/schedule-scenarios.ts';
import type { Workplace } from './support/workplace.ts';

const walks: { scenario: Scenario; calls: Call[] }[] = [];
for (const scenario of SCHEDULE_SCENARIOS) walks.push({ scenario, calls: await callsOf(scenario) });

killAtEveryCall(walks);

// Every call that changes something fails once in every way that passes by itself: this run copes, and needs no next one.

let work: Workplace | undefined;
afterEach(() => work?.remove());

const PASSING: readonly FaultKind[] = ['reset-before', 'reset-after-apply', '500', 'throttle'];

describe.each(walks)('$scenario.name', ({ scenario, calls }) => {
  let rehearsed: Rehearsed;
  beforeAll(async () => {
    rehearsed = await rehearse(await buildCli(), scenario);
  });
  afterAll(() => rehearsed?.cloud.close());

  const cases = calls.filter(({ operation }) => /:(Create|Update|Put)/.test(operation));
  it.each(cases.flatMap((call) => PASSING.map((kind) => ({ ...call, kind }))))(
    '$kind at $operation #$nth does not stop it',
    async (fault) => {
      const { cloud, state, arguments: args } = rehearsed;
      work = await rehearsed.begin();
      cloud.control.addFault(fault);
      const { code, stderr } = await work.run(args);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(cloud.control.requests().filter((request) => request.fault !== undefined)).toHaveLength(1);
      expect(cloud.control.state()).toEqual(state);
    },
  );
});
