import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { FaultKind } from '../../src/local-aws/faults.ts';
import { buildCli } from './support/built-cli.ts';
import { killAtEveryCall } from './support/kill-walk.ts';
import { rehearse } from './support/release-scenarios.ts';
import { SCHEDULE_SCENARIOS } from './support/schedule-scenarios.ts';
import type { Workplace } from './support/workplace.ts';

const program = await buildCli();
const rehearsals = await Promise.all(SCHEDULE_SCENARIOS.map((scenario) => rehearse(program, scenario)));
afterAll(() => Promise.all(rehearsals.map(({ cloud }) => cloud.close())));

killAtEveryCall(rehearsals);

// Every call that changes something fails once in every way that passes by itself: this run copes, and needs no next one.

let work: Workplace | undefined;
afterEach(() => work?.remove());

const PASSING: readonly FaultKind[] = ['reset-before', 'reset-after-apply', '500', 'throttle'];

describe.each(rehearsals)('$scenario.name', ({ begin, calls, cloud, state, arguments: args }) => {
  const cases = calls.filter(({ operation }) => /:(Create|Update|Put)/.test(operation));
  it.each(cases.flatMap((call) => PASSING.map((kind) => ({ ...call, kind }))))(
    '$kind at $operation #$nth does not stop it',
    async (fault) => {
      work = await begin();
      cloud.control.addFault(fault);
      const { code, stderr } = await work.run(args);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(cloud.control.requests().filter((request) => request.fault !== undefined)).toHaveLength(1);
      expect(cloud.control.state()).toEqual(state);
    },
  );
});
