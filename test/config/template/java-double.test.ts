import { describe, expect, it } from '@jest/globals';
import { javaDouble } from '../../../src/config/template/java-double.ts';

describe('javaDouble', () => {
  it.each([
    [0, '0.0'],
    [-0, '-0.0'],
    [14, '14.0'],
    [3.1, '3.1'],
    [0.001, '0.001'],
    [0.00099, '9.9E-4'],
    [9999999, '9999999.0'],
    [9999999.5, '9999999.5'],
    [1e7, '1.0E7'],
    [-12345678.9, '-1.23456789E7'],
    [1e21, '1.0E21'],
    [1.5e300, '1.5E300'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('writes %p as %s', (value, text) => {
    expect(javaDouble(value)).toBe(text);
  });
});
