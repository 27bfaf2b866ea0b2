import { beforeAll, describe, expect, it } from '@jest/globals';
import { BOMBS } from './support/bombs.ts';
import { fuzz, type Outcome } from './support/fuzz-run.ts';

describe('a text that is made to take more than there is', () => {
  let outcomes: ReadonlyMap<string, Outcome>;

  beforeAll(async () => {
    outcomes = await fuzz(['bombs']);
  });

  it.each(Object.keys(BOMBS))('%s', (name) => {
    expect(outcomes.get(name)).toMatch(/^(?:compiled|refused)$/);
  });
});
