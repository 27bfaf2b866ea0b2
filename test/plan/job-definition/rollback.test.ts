import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { revisionNumber } from '../../../src/plan/job-definition/next-revision.ts';
import { planRollback } from '../../../src/plan/job-definition/rollback.ts';
import { CONTAINER } from '../../support/definitions.ts';

interface Kind {
  /** What it says: equal contents are equal definitions. */
  content: string;
  verified?: boolean;
  /** After it was verified, if it was. */
  rejected?: boolean;
  verifiedAgain?: boolean;
  inactive?: boolean;
}

/** Revisions 1, 2, 3 … as AWS describes them, in an order of its own. */
function revisions(...kinds: Kind[]): JsonObject[] {
  return kinds
    .map(({ content, verified, rejected, verifiedAgain, inactive }, index) => ({
      ...CONTAINER,
      parameters: { content },
      revision: index + 1,
      status: inactive ? 'INACTIVE' : 'ACTIVE',
      tags: {
        ...(verified ? { 'aws-deploy:verified': '2026-11-01' } : {}),
        ...(rejected ? { 'aws-deploy:rejected': '2026-11-02' } : {}),
        ...(verifiedAgain ? { 'aws-deploy:verified': '2026-11-03' } : {}),
      },
    }))
    .toReversed();
}

function target(all: JsonObject[], toRevision?: number): number {
  return revisionNumber(planRollback('crawl', all, toRevision).target);
}

describe('a rollback goes to', () => {
  it.each<[string, JsonObject[], number]>([
    [
      'the newest verified revision, not to the one before',
      revisions({ content: 'a', verified: true }, { content: 'b' }, { content: 'c' }),
      1,
    ],
    [
      'the newest of several verified ones',
      revisions({ content: 'a', verified: true }, { content: 'b', verified: true }, { content: 'c' }),
      2,
    ],
    [
      'an older one when the newest verified says what runs now',
      revisions({ content: 'a', verified: true }, { content: 'b', verified: true }, { content: 'b' }),
      1,
    ],
    ['an inactive one', revisions({ content: 'a', verified: true, inactive: true }, { content: 'b' }), 1],
    [
      'no revision that was rejected',
      revisions({ content: 'a', verified: true }, { content: 'b', verified: true, rejected: true }, { content: 'c' }),
      1,
    ],
    [
      'no content that was rejected in another revision',
      revisions(
        { content: 'a', verified: true },
        { content: 'b', verified: true },
        { content: 'b', rejected: true },
        { content: 'c' },
      ),
      1,
    ],
    [
      'a content that was rejected and then released again and verified',
      revisions(
        { content: 'a', verified: true },
        { content: 'b', rejected: true },
        { content: 'b', verified: true },
        { content: 'c' },
      ),
      3,
    ],
    [
      'a revision that was verified after it was rejected',
      revisions(
        { content: 'a', verified: true },
        { content: 'b', rejected: true, verifiedAgain: true },
        { content: 'c' },
      ),
      2,
    ],
  ])('%s', (_rule, all, expected) => {
    expect(target(all)).toBe(expected);
  });

  it('what is before the one that the rollback before it has left', () => {
    // 3 failed, and 4 is 2 registered anew; now 4 is to be left as well.
    const all = revisions(
      { content: 'a', verified: true },
      { content: 'b', verified: true },
      { content: 'c', rejected: true },
      { content: 'b' },
    );
    expect(target(all)).toBe(1);
  });

  it('the revision that is named, verified or not', () => {
    expect(target(revisions({ content: 'a' }, { content: 'b', verified: true }, { content: 'c' }), 1)).toBe(1);
  });
});

it('shows what will be different', () => {
  const { diff } = planRollback('crawl', revisions({ content: 'a', verified: true }, { content: 'b' }), undefined);
  expect(diff).toEqual(['- parameters.content: "b"', '+ parameters.content: "a"']);
});

describe('a rollback stops with exit code 5', () => {
  it.each<[string, JsonObject[], number | undefined, string]>([
    [
      'without an active revision',
      revisions({ content: 'a', inactive: true }),
      undefined,
      'there is no active revision of crawl',
    ],
    [
      'when nothing was verified',
      revisions({ content: 'a' }, { content: 'b' }),
      undefined,
      'no revision of crawl before 2 was verified and is different',
    ],
    ['when the named revision is not there', revisions({ content: 'a' }), 7, 'there is no revision 7 of crawl'],
  ])('%s', (_rule, all, toRevision, title) => {
    expect(() => planRollback('crawl', all, toRevision)).toThrow(expect.objectContaining({ title, exitCode: 5 }));
  });
});
