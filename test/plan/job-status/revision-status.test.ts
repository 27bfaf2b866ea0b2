import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { pinProblem } from '../../../src/plan/job-status/revision-status.ts';

const REVISIONS: JsonObject[] = [
  { revision: 1, status: 'INACTIVE' },
  { revision: 2, status: 'ACTIVE', tags: { 'aws-deploy:rejected': '2026-11-20' } },
  { revision: 3, status: 'ACTIVE' },
];

describe('a schedule that is pinned to', () => {
  it.each<[string, number | null, string | null]>([
    ['no revision follows the newest', null, null],
    ['an active revision runs', 3, null],
    ['a revision that was deregistered can not run', 1, 'revision 1 is INACTIVE: no job can start'],
    ['a revision that AWS has forgotten can not run', 9, 'there is no revision 9: no job can start'],
    ['a rejected revision should not run', 2, 'revision 2 was rejected by a rollback'],
  ])('%s', (_rule, revision, problem) => {
    expect(pinProblem(revision, REVISIONS)).toBe(problem);
  });
});
