import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { revisionNumber } from '../../../src/plan/job-definition/next-revision.ts';
import { decideRollback, type RollbackWish } from '../../../src/plan/job-definition/rollback-decision.ts';
import { CONTAINER } from '../../support/definitions.ts';

type Kind = [content: string, tags?: Record<string, string>, status?: 'INACTIVE'];

/** Revisions 1, 2, 3 …, and in the end one that a rollback of the job `mine` made from the one before. */
function revisions(...kinds: Kind[]): JsonObject[] {
  return kinds.map(([content, tags = {}, status = 'ACTIVE'], index) => ({
    ...CONTAINER,
    parameters: { content },
    revision: index + 1,
    status,
    tags: Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws-deploy:${name}`, value])),
  }));
}

const VERIFIED = { verified: '2026-11-01' };
const MINE = { 'rolled-back-from': '2', 'rollback-key': 'mine' };
const ROLLED_BACK: Kind[] = [
  ['a', VERIFIED],
  ['b', { rejected: '2026-11-02' }],
  ['a', MINE],
];

/** `made 3`, `superseded by 4`, or `from 4 to 1`. */
function decided(kinds: Kind[], wish: Partial<RollbackWish> = {}): string {
  const asked = { name: 'crawl', toRevision: undefined, leaving: undefined, key: undefined, ...wish };
  const decision = decideRollback(asked, revisions(...kinds));
  switch (decision.kind) {
    case 'made':
      return `made ${revisionNumber(decision.made)}${decision.bySameKey ? ' by itself' : ''}`;
    case 'superseded':
      return `superseded by ${revisionNumber(decision.newest)}`;
    case 'plan':
      return `from ${revisionNumber(decision.plan.current)} to ${revisionNumber(decision.plan.target)}`;
  }
}

describe('a rollback that is run', () => {
  it.each<[string, Kind[], Partial<RollbackWish>, string]>([
    ['for the first time has a plan', [['a', VERIFIED], ['b']], { key: 'mine' }, 'from 2 to 1'],
    ['again finds what it made', ROLLED_BACK, { key: 'mine' }, 'made 3 by itself'],
    ['again to what it went to finds what it made', ROLLED_BACK, { key: 'mine', toRevision: 1 }, 'made 3 by itself'],
    ['again to another revision goes there', ROLLED_BACK, { key: 'mine', toRevision: 2 }, 'from 3 to 2'],
    ['again after a release of others is superseded', [...ROLLED_BACK, ['c']], { key: 'mine' }, 'superseded by 4'],
    ['by another job goes further back', [['0', VERIFIED], ...ROLLED_BACK], { key: 'other' }, 'from 4 to 1'],
    ['without a key goes further back', [['0', VERIFIED], ...ROLLED_BACK], {}, 'from 4 to 1'],
    ['to what runs already has nothing to do', ROLLED_BACK, { toRevision: 3 }, 'made 3'],
    ['to what the newest says already has nothing to do', ROLLED_BACK, { toRevision: 1 }, 'made 3'],
  ])('%s', (_rule, kinds, wish, expected) => {
    expect(decided(kinds, wish)).toBe(expected);
  });
});

describe('a release that goes back when its smoke test has failed', () => {
  it.each<[string, Kind[], number, string]>([
    ['leaves its own revision', [['a', VERIFIED], ['b']], 2, 'from 2 to 1'],
    ['leaves the release of nobody else', [['a', VERIFIED], ['b'], ['c']], 2, 'superseded by 3'],
    ['finds what it made', ROLLED_BACK, 2, 'made 3 by itself'],
    [
      'goes back once more when its step was run again, and has released again',
      [['0', VERIFIED], ...ROLLED_BACK, ['b']],
      5,
      'from 5 to 2',
    ],
  ])('%s', (_rule, kinds, leaving, expected) => {
    expect(decided(kinds, { leaving, key: 'mine' })).toBe(expected);
  });
});
