import { describe, expect, it } from '@jest/globals';
import { chooseTarget, type Candidate } from '../../../src/plan/service-rollback/candidates.ts';
import type { DescribedTaskDefinition } from '../../../src/plan/task-definition/described.ts';
import { REJECTED, revision, VERIFIED, VERIFIED_AGAIN } from './revisions.ts';

const deployed = (described: DescribedTaskDefinition): Candidate => ({ described, source: 'deployment' });
const tagged = (described: DescribedTaskDefinition): Candidate => ({ described, source: 'tag' });
const current = revision(5, 'e');

describe('a service goes back to', () => {
  it.each<[string, Candidate[], number | undefined]>([
    ['what was deployed last before', [deployed(current), deployed(revision(3, 'c')), deployed(revision(2, 'b'))], 3],
    ['a deployment whatever its number is', [deployed(current), deployed(revision(9, 'i'))], 9],
    ['a deployment that was never tagged', [deployed(revision(1, 'a'))], 1],
    ['a deployment before a tag', [deployed(revision(1, 'a')), tagged(revision(4, 'd', VERIFIED))], 1],
    ['the newest tag when no deployment will do', [deployed(current), tagged(revision(4, 'd', VERIFIED))], 4],
    ['none that says what runs', [deployed(revision(4, 'e')), deployed(revision(2, 'b'))], 2],
    ['none that was rejected', [deployed(revision(4, 'd', REJECTED)), deployed(revision(2, 'b'))], 2],
    [
      'none that was verified and rejected since',
      [deployed(revision(4, 'd', { ...VERIFIED, ...REJECTED })), deployed(revision(2, 'b'))],
      2,
    ],
    [
      'one that was rejected and verified since',
      [deployed(revision(4, 'd', { ...REJECTED, ...VERIFIED_AGAIN })), deployed(revision(2, 'b'))],
      4,
    ],
    [
      'none that says what a rejected one says',
      [deployed(revision(4, 'd', REJECTED)), deployed(revision(3, 'd')), deployed(revision(2, 'b'))],
      2,
    ],
    [
      'one that says it, and was proven when it was registered again',
      [deployed(revision(4, 'd', VERIFIED)), deployed(revision(3, 'd', REJECTED))],
      4,
    ],
    [
      'none whose tag is missing where only a tag could tell',
      [tagged(revision(4, 'd')), tagged(revision(2, 'b', VERIFIED))],
      2,
    ],
    ['none that is newer where only a tag tells', [tagged(revision(6, 'f', VERIFIED))], undefined],
    ['none at all when there is none', [deployed(current)], undefined],
  ])('%s', (_, candidates, expected) => {
    expect(chooseTarget(current, candidates).target?.described.revision).toBe(expected);
  });

  it('and says of each that was passed over why', () => {
    const { passed } = chooseTarget(current, [
      deployed(current),
      deployed(revision(4, 'e')),
      deployed(revision(3, 'c', REJECTED)),
      deployed(revision(2, 'c')),
      tagged(revision(1, 'a')),
      tagged(revision(6, 'f', VERIFIED)),
    ]);
    expect(passed.map(({ arn, why }) => `${arn.split('/').at(-1)} ${why}`)).toEqual([
      'web:5 is what runs now',
      'web:4 says what runs now',
      'web:3 is rejected',
      'web:2 says what web:3 says, which is rejected',
      'web:1 was never verified',
      'web:6 is newer than what runs now',
    ]);
  });
});
