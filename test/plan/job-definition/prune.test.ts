import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { planPrune, type PruneRequest } from '../../../src/plan/job-definition/prune.ts';
import { CONTAINER } from '../../support/definitions.ts';

/** Revisions 1 to `count`, each with a content of its own. */
function active(count: number, verified: readonly number[] = []): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    ...CONTAINER,
    revision: index + 1,
    status: 'ACTIVE',
    parameters: { content: String(index) },
    tags: verified.includes(index + 1) ? { 'aws-deploy:verified': '2026-11-01' } : {},
  }));
}

function staying(request: Partial<PruneRequest>): Record<number, readonly string[]> {
  const decisions = planPrune({ revisions: active(6), keep: 2, uses: [], unreadable: [], ...request });
  return Object.fromEntries(
    decisions.filter(({ reasons }) => reasons.length > 0).map(({ revision, reasons }) => [revision, reasons]),
  );
}

describe('planPrune keeps', () => {
  it('the newest ones, as many as are asked for', () => {
    expect(staying({})).toEqual({ 6: ['the newest'], 5: ['one of the newest 2'] });
  });

  it('the newest one even when none is asked for', () => {
    expect(staying({ keep: 0 })).toEqual({ 6: ['the newest'] });
  });

  it('the verified ones that two rollbacks in a row would go to', () => {
    expect(staying({ revisions: active(6, [1, 2, 3]), keep: 1 })).toEqual({
      6: ['the newest'],
      3: ['verified: a rollback would go there'],
      2: ['verified: a rollback would go there'],
    });
  });

  it('what was verified with the content that the newest has: a rollback of the next release goes there', () => {
    const [one, two, three] = active(3, [1]);
    const revisions = [one!, two!, { ...three!, parameters: one!['parameters']! }];
    expect(staying({ revisions, keep: 1 })[1]).toEqual(['verified: a rollback would go there']);
  });

  it('no verified one whose content was rejected, also when the one that was is INACTIVE', () => {
    const [one, two, three] = active(3, [1]);
    const rejected = {
      ...two!,
      parameters: one!['parameters']!,
      status: 'INACTIVE',
      tags: { 'aws-deploy:rejected': 'x' },
    };
    expect(staying({ revisions: [one!, rejected, three!], keep: 1 })).toEqual({ 3: ['the newest'] });
  });

  it('what a schedule, a rule or a job uses by its revision', () => {
    const uses = [
      { revision: 2, by: 'schedule nightly' },
      { revision: 2, by: 'job crawl-17 (RUNNING) in queue spot' },
    ];
    expect(staying({ uses })[2]).toEqual(['used by schedule nightly', 'used by job crawl-17 (RUNNING) in queue spot']);
  });

  it('the newest for what goes by the name', () => {
    expect(staying({ uses: [{ revision: undefined, by: 'rule weekly' }] })[6]).toEqual([
      'the newest',
      'used by rule weekly',
    ]);
  });

  it('everything when something could not be read', () => {
    const reasons = Object.values(staying({ unreadable: ['queue spot'] }));
    expect(reasons).toHaveLength(6);
    for (const each of reasons) expect(each).toContain('queue spot could not be read and may use it');
  });
});

it('says nothing about INACTIVE ones', () => {
  const revisions = active(3).map((each) => (each['revision'] === 2 ? { ...each, status: 'INACTIVE' } : each));
  const decided = planPrune({ revisions, keep: 1, uses: [], unreadable: [] });
  expect(decided.map(({ revision }) => revision)).toEqual([3, 1]);
});

it('decides about the newest first', () => {
  expect(
    planPrune({ revisions: active(3), keep: 1, uses: [], unreadable: [] }).map(({ revision }) => revision),
  ).toEqual([3, 2, 1]);
});
