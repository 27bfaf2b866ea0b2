import { describe, expect, it } from '@jest/globals';
import { spread } from '../../../../src/report/run-page/graph/spread.ts';

describe('spread', () => {
  it.each([
    ['gives what is wished when that is far enough apart', [0, 50, 100], [20, 20], [0, 50, 100]],
    ['moves both apart when two wish the same', [10, 10], [20], [0, 20]],
    ['keeps the order against the wishes', [100, 0], [20], [40, 60]],
    ['leaves alone who is not in the way', [0, 0, 100], [10, 10], [-5, 5, 100]],
    ['is nothing for nobody', [], [], []],
  ])('%s', (_what, wishes, apart, places) => {
    expect(
      spread(
        wishes.map((at) => ({ at, weight: 1 })),
        apart,
      ),
    ).toEqual(places);
  });

  it('moves more who counts less', () => {
    expect(
      spread(
        [
          { at: 10, weight: 3 },
          { at: 10, weight: 1 },
        ],
        [20],
      ),
    ).toEqual([5, 25]);
  });
});
