import { describe, expect, it } from '@jest/globals';

import type { JsonObject, JsonValue } from '../../../../src/core/json.ts';
import { JobRules, jobRuleProblems } from '../../../../src/local-aws/batch/jobs/job-rules.ts';
import { worldOf } from '../../world.ts';

describe('a scenario of jobs is refused', () => {
  it.each<[JsonValue, string]>([
    [{}, 'must be a list of rules'],
    [['x'], '"batch.jobs[0]" must be an object.'],
    [[{}], 'needs "match"'],
    [[{ match: 'a', when: 'now' }], 'has no member "when", only match, times,'],
    [[{ match: 'a', times: 0 }], '"times" must be'],
    [[{ match: 'a', stuck: 'RUNNING' }], '"stuck" must be'],
    [[{ match: 'a', statusReason: 'x' }], 'belongs to "stuck"'],
    [[{ match: 'a', stuck: 'RUNNABLE', statusReason: 1 }], '"statusReason" must be text'],
    [[{ match: 'a', outcome: 3 }], '"outcome" must be an object'],
    [[{ match: 'a', outcome: {} }], 'needs "exitCode"'],
    [[{ match: 'a', outcome: { exitCode: 256 } }], '"exitCode" must be'],
    [[{ match: 'a', outcome: { exitCode: 1, log: 'x' } }], '"log" must be a list'],
    [[{ match: 'a', outcome: { exitCode: 1, code: 1 } }], 'has no member "code"'],
    [[{ match: 'a', durations: { FAILED: '1s' } }], 'has no state "FAILED"'],
    [[{ match: 'a', durations: { RUNNABLE: 'soon' } }], '"RUNNABLE" must be milliseconds'],
  ])('%j', (jobs, text) => {
    expect(jobRuleProblems(jobs, undefined).join(' ')).toContain(text);
  });

  it.each([['docker'], [['vm']]])('work %j', (work) => {
    expect(jobRuleProblems(undefined, work)).toEqual([expect.stringContaining('"docker" and "host"')]);
  });
});

describe('the rules of a scenario', () => {
  const rulesOf = (batch: JsonObject): JobRules => new JobRules(worldOf({ scenario: () => batch }));

  it('fit by the name of the job or of its definition, the first one first', () => {
    const rules = rulesOf({
      jobs: [
        { match: 'nightly-?', outcome: { exitCode: 1 } },
        { match: 'cr*', outcome: { exitCode: 2 } },
      ],
    });
    const exitCodes = ['nightly-1', 'nightly-10', 'x'].map((name) => rules.take(name, 'crawl').outcome?.exitCode);
    expect([...exitCodes, rules.take('x', 'y').outcome]).toEqual([1, 2, 2, undefined]);
  });

  it('are used up, until they are used anew', () => {
    const rules = rulesOf({ jobs: [{ match: '*', outcome: { exitCode: 1 }, times: 2 }] });
    const take = (): unknown => rules.take('a', 'b').outcome?.exitCode;
    expect([take(), take(), take()]).toEqual([1, 1, undefined]);
    rules.reset();
    expect(take()).toBe(1);
  });

  it('change the durations that they name', () => {
    const rules = rulesOf({ jobs: [{ match: 'a', durations: { RUNNABLE: '2m' } }] });
    expect(rules.durations('a', 'b')).toEqual({ ...rules.durations('x', 'x'), RUNNABLE: 120_000 });
  });
});
