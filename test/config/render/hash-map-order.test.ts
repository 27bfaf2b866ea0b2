import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hashMapOrder } from '../../../src/config/render/hash-map-order.ts';

const tablePath = join(import.meta.dirname, 'support/hash-map-orders.json');
const table = JSON.parse(readFileSync(tablePath, 'utf8')) as { given: string; order: string }[];

describe('hashMapOrder', () => {
  it.each(table.map(({ given, order }) => [given, order]))(
    'gives keys in the order of a Clojure map: %j',
    (given, order) => {
      expect(hashMapOrder(given.split('|'))).toEqual(order.split('|'));
    },
  );

  it('leaves what it is given as it is', () => {
    const keys = ['i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a'];
    hashMapOrder(keys);
    expect(keys).toEqual(['i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a']);
  });
});
