import { describe, expect, it } from '@jest/globals';
import { goYamlOrder } from '../../../../src/config/orbs/packing/go-yaml-order.ts';

describe('the order of keys in what circleci orb pack writes', () => {
  it.each([
    ['letters by their code, capitals first', ['a', 'B', 'b', 'A'], ['A', 'B', 'a', 'b']],
    ['_ before digits before letters', ['ab', 'a1', 'a_'], ['a_', 'a1', 'ab']],
    ['numbers by value', ['a10', 'a2', 'a1'], ['a1', 'a2', 'a10']],
    ['numbers by value, zeros inside', ['a100', 'a1', 'a10', 'a2'], ['a1', 'a2', 'a10', 'a100']],
    ['the shorter one first', ['build-all', 'build'], ['build', 'build-all']],
    ['letters after a digit before more digits', ['a1b', 'a10'], ['a1b', 'a10']],
    ['leading zeros after none', ['a01', 'a1'], ['a1', 'a01']],
    ['keys that begin with digits', ['10', '9', 'x'], ['9', '10', 'x']],
    ['numbers too large for a number', [`a${'9'.repeat(50)}`, 'a1'], ['a1', `a${'9'.repeat(50)}`]],
    ['letters of any language', ['é', 'a', '1'], ['1', 'a', 'é']],
  ])('%s', (_, keys, ordered) => {
    expect(goYamlOrder(keys)).toEqual(ordered);
  });
});
