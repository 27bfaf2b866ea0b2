import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { definitionHash } from '../../../src/plan/job-definition/canonical.ts';
import { carryForward } from '../../../src/plan/job-definition/carry-forward.ts';
import {
  newestRevision,
  planRevision,
  settle,
  type RevisionRequest,
} from '../../../src/plan/job-definition/next-revision.ts';
import type { Settlement, SettleRequest } from '../../../src/plan/settlement.ts';
import { CONTAINER, EKS, withContainer } from '../../support/definitions.ts';

const FACTS = { gitSha: 'abc', pipelineNumber: 10, imageDigest: undefined, scriptSha256: undefined };

/** A revision that somebody registered by hand or from Terraform. */
function foreign(revision: number, definition: JsonObject = CONTAINER): JsonObject {
  return { ...definition, revision, status: 'ACTIVE', jobDefinitionArn: `arn:crawl:${revision}` };
}

/** A revision as a release of this product leaves it. */
function released(revision: number, definition: JsonObject = CONTAINER, pipeline?: number): JsonObject {
  const tags = {
    ...(definition['tags'] as JsonObject | undefined),
    'aws-deploy:definition-hash': definitionHash(definition),
    ...(pipeline === undefined ? {} : { 'aws-deploy:pipeline': String(pipeline) }),
  };
  return foreign(revision, { ...definition, tags });
}

const image = (tag: string): JsonObject => withContainer(CONTAINER, { image: `ghcr.io/acme/crawl:${tag}` });

function plan(request: Partial<RevisionRequest>) {
  return planRevision({ desired: CONTAINER, active: [], facts: FACTS, allowOlder: false, ...request });
}

describe('newestRevision', () => {
  it('is the highest number, whatever the order', () => {
    expect(newestRevision([9, 101, 10].map((revision) => foreign(revision)))).toMatchObject({ revision: 101 });
  });

  it('is undefined without revisions', () => {
    expect(newestRevision([])).toBeUndefined();
  });
});

describe('planRevision registers', () => {
  it('a first revision, with our tags beside those of users', () => {
    const desired = { ...CONTAINER, tags: { team: 'data' } };
    const decided = plan({ desired });
    expect(decided).toMatchObject({ kind: 'register', foreign: false, hash: definitionHash(desired) });
    expect(decided).toHaveProperty('definition.tags', {
      team: 'data',
      'aws-deploy:git-sha': 'abc',
      'aws-deploy:pipeline': '10',
      'aws-deploy:definition-hash': definitionHash(desired),
    });
  });

  it('what differs from the newest revision, with the difference', () => {
    expect(plan({ desired: image('2'), active: [released(1, image('2')), released(2, image('1'))] })).toMatchObject({
      kind: 'register',
      diff: [
        '- containerProperties.image: "ghcr.io/acme/crawl:1"',
        '+ containerProperties.image: "ghcr.io/acme/crawl:2"',
      ],
    });
  });

  it('over a revision without our tags, and says that', () => {
    expect(plan({ desired: image('2'), active: [foreign(1)] })).toMatchObject({ kind: 'register', foreign: true });
  });

  it('a change of the users’ tags, although the revision was made from the same content otherwise', () => {
    const changed = { ...released(1), tags: { ...(released(1)['tags'] as JsonObject), team: 'by hand' } };
    expect(plan({ active: [changed] })).toMatchObject({ kind: 'register', diff: ['- tags.team: "by hand"'] });
  });

  it('another order of the variables of a pod', () => {
    const swapped = structuredClone(EKS) as { eksProperties: { podProperties: { containers: { env?: unknown[] }[] } } };
    swapped.eksProperties.podProperties.containers[0]?.env?.reverse();
    expect(plan({ desired: swapped as unknown as JsonObject, active: [released(1, EKS)] }).kind).toBe('register');
  });
});

describe('planRevision does nothing', () => {
  it.each<[string, JsonObject]>([
    ['when the newest revision is the same', released(1)],
    ['whoever registered it', foreign(1)],
    ['when only commit and pipeline differ', released(1, CONTAINER, 3)],
    ['when a later pipeline has released the same', released(1, CONTAINER, 99)],
    [
      'when AWS gives back in another form what was registered from the same content',
      withContainer(released(1), { somethingThatAwsAdds: true }),
    ],
  ])('%s', (_what, newest) => {
    expect(plan({ active: [newest] })).toEqual({ kind: 'nothing', newest });
  });

  it('when the newest revision is carried forward without a change', () => {
    const newest = released(4, { ...CONTAINER, tags: { team: 'data' }, brandNew: 1 });
    expect(plan({ desired: carryForward(newest), active: [released(3), newest] }).kind).toBe('nothing');
  });
});

describe('planRevision and pipelines that overtake each other', () => {
  const newest = released(5, image('2'), 11);

  it('an older pipeline does not replace what a newer one released', () => {
    expect(plan({ active: [newest] })).toEqual({ kind: 'superseded', newest, byPipeline: 11 });
  });

  it.each<[string, Partial<RevisionRequest>]>([
    ['unless it is allowed to', { allowOlder: true }],
    ['nor is it one without a number, outside CircleCI', { facts: { ...FACTS, pipelineNumber: undefined } }],
    ['the same pipeline may', { facts: { ...FACTS, pipelineNumber: 11 } }],
    ['a newer pipeline may', { facts: { ...FACTS, pipelineNumber: 12 } }],
    ['nor when no pipeline released it', { active: [released(5, image('2'))] }],
  ])('%s', (_what, request) => {
    expect(plan({ active: [newest], ...request }).kind).toBe('register');
  });
});

describe('settle: what became of revision 3 while others released too', () => {
  const ours = released(3, image('3'), 10);
  const settled = (active: JsonObject[], request: Partial<SettleRequest<JsonObject>> = {}): Settlement<JsonObject> =>
    settle({ ours: 3, above: 2, carried: true, active, allowOlder: false, ...request });

  it.each<[string, JsonObject[], Partial<SettleRequest<JsonObject>>]>([
    ['nobody did', [released(2), ours], {}],
    ['it was the first', [ours], { above: 0 }],
    [
      'one came in between, but a file is the whole truth',
      [released(2, image('2')), ours],
      { above: 1, carried: false },
    ],
    ['one came after, with the same', [released(2), ours, released(4, image('3'))], {}],
    [
      'a newer pipeline came in between, but an older one may replace it',
      [released(2, image('2'), 11), ours],
      { above: 1, carried: false, allowOlder: true },
    ],
  ])('stands: %s', (_what, active, request) => {
    expect(settled(active, request)).toEqual({ kind: 'stands' });
  });

  it.each<[string, JsonObject[], Partial<SettleRequest<JsonObject>>, JsonObject]>([
    [
      'one came in between, whose changes ours lacks',
      [released(1), released(2, image('2')), ours],
      { above: 1 },
      released(2, image('2')),
    ],
    [
      'several came in between: the newest of them counts',
      [released(2, image('2')), released(1), ours],
      { above: 0 },
      released(2, image('2')),
    ],
    [
      'another job of the same pipeline came in between',
      [released(1), released(2, image('2'), 10), ours],
      { above: 1 },
      released(2, image('2'), 10),
    ],
    [
      'an older pipeline put its revision over ours',
      [ours, released(4, image('4'), 9)],
      {},
      released(4, image('4'), 9),
    ],
    [
      'an older pipeline did, and a file is the whole truth',
      [ours, released(4, image('4'), 9)],
      { carried: false },
      released(4, image('4'), 9),
    ],
  ])('again: %s', (_what, active, request, from) => {
    expect(settled(active, request)).toEqual({ kind: 'again', from });
  });

  it.each<[string, JsonObject]>([
    ['a newer pipeline', released(4, image('4'), 11)],
    ['the same pipeline', released(4, image('4'), 10)],
    ['somebody without a pipeline', foreign(4, image('4'))],
  ])('superseded: after it came one of %s', (_what, newest) => {
    expect(settled([released(2), ours, newest])).toEqual({ kind: 'superseded', newest });
  });

  it('superseded: one came after, and ours is no longer active', () => {
    expect(settled([released(4, image('3'))])).toEqual({ kind: 'superseded', newest: released(4, image('3')) });
  });

  it.each([true, false])('give way: a newer pipeline came in between (carried forward: %j)', (carried) => {
    const to = released(2, image('2'), 11);
    expect(settled([released(1), to, ours], { above: 1, carried })).toEqual({ kind: 'give-way', to });
  });
});
