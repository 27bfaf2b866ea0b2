import { describe, expect, it } from '@jest/globals';
import { nearestName } from '../../src/core/nearest-name.ts';

const NAMES = ['environment', 'image', 'command', 'vcpus'];

describe('nearestName', () => {
  it.each([
    ['enviroment', 'environment'],
    ['Image', 'image'],
    ['imgae', 'image'],
    ['comand', 'command'],
    ['vcpu', 'vcpus'],
    ['imag', 'image'],
    ['iimage', 'image'],
  ])('%s means %s', (name, expected) => {
    expect(nearestName(name, NAMES)).toBe(expected);
  });

  it('two neighbours that are swapped are one mistake, also in a short name', () => {
    expect([nearestName('wbe', ['api', 'web']), nearestName('bew', ['api', 'web'])]).toEqual(['web', undefined]);
  });

  it.each(['retry', 'x', ''])('%j means none of them', (name) => {
    expect(nearestName(name, NAMES)).toBeUndefined();
  });

  it('is undefined without candidates', () => {
    expect(nearestName('image', [])).toBeUndefined();
  });

  it('of two, the nearer one', () => {
    expect(nearestName('parameter', ['perimeter', 'parameters'])).toBe('parameters');
  });
});
