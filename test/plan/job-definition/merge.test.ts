import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { mergeDefinitions } from '../../../src/plan/job-definition/merge.ts';

const variables = (values: Record<string, string>): JsonObject => ({
  environment: Object.entries(values).map(([name, value]) => ({ name, value })),
});

const numbered = (two: string, one: string): JsonObject => ({
  environment: [
    { name: '2', value: two },
    { name: '1', value: one },
  ],
});

describe('mergeDefinitions', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject, JsonObject]>([
    ['members that one of the two changed', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }],
    ['a member that both changed: the preferred one counts', { a: 1 }, { a: 2 }, { a: 3 }, { a: 3 }],
    ['a member that both changed alike', { a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }],
    ['members that are new', {}, { a: 1 }, { b: 2 }, { b: 2, a: 1 }],
    ['a member that one of the two removed', { a: 1, b: 1 }, { b: 1 }, { a: 1, b: 2 }, { b: 2 }],
    ['a member that one removed and the preferred one changed', { a: 1 }, {}, { a: 2 }, { a: 2 }],
    ['objects inside', { x: { a: 1, b: 1 } }, { x: { a: 2, b: 1 } }, { x: { a: 1, b: 2 } }, { x: { a: 2, b: 2 } }],
    ['objects that both added', {}, { x: { a: 1 } }, { x: { b: 2 } }, { x: { b: 2, a: 1 } }],
    [
      'variables by name',
      variables({ A: '1' }),
      variables({ A: '1', B: '2' }),
      variables({ A: '3' }),
      variables({ A: '3', B: '2' }),
    ],
    ['variables that both added', {}, variables({ B: '2' }), variables({ A: '1' }), variables({ A: '1', B: '2' })],
    [
      'a variable that one of the two removed',
      variables({ A: '1', B: '1' }),
      variables({ B: '1' }),
      variables({ A: '1', B: '2' }),
      variables({ B: '2' }),
    ],
    [
      'names that look like numbers stay in order',
      numbered('a', 'b'),
      numbered('a', 'c'),
      numbered('d', 'b'),
      numbered('d', 'c'),
    ],
    [
      'lists of plain values as a whole',
      { command: ['a'] },
      { command: ['b'] },
      { command: ['c'] },
      { command: ['c'] },
    ],
    ['items without names as a whole', { x: [{ a: 1 }] }, { x: [{ a: 2 }] }, { x: [{ a: 3 }] }, { x: [{ a: 3 }] }],
  ])('%s', (_what, start, other, preferred, expected) => {
    expect(mergeDefinitions(start, other, preferred)).toEqual(expected);
  });

  it('containers by name, and what is in them', () => {
    const containers = (main: string, proxy: string): JsonObject => ({
      containers: [
        { name: 'main', image: main },
        { name: 'proxy', image: proxy },
      ],
    });
    expect(mergeDefinitions(containers('1', '1'), containers('2', '1'), containers('1', '2'))).toEqual(
      containers('2', '2'),
    );
  });
});
