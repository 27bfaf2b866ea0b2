import { describe, expect, it } from '@jest/globals';
import { highestVersion, isHighEnough, lowestAfter } from '../../scripts/orb-versions.ts';

describe('lowestAfter', () => {
  it.each([
    ['1.4.2', 'patch', '1.4.3'],
    ['1.4.2', 'minor', '1.5.0'],
    ['1.4.2', 'major', '2.0.0'],
    ['0.4.2', 'minor', '0.5.0'],
    ['0.4.2', 'major', '0.5.0'],
  ] as const)('%s, %s: %s', (last, asked, lowest) => {
    expect(lowestAfter(last, asked)).toBe(lowest);
  });
});

describe('isHighEnough', () => {
  it.each([
    ['the same version for no changes', '1.0.0', '1.0.0', 'none', true],
    ['a lower version for no changes', '1.0.0', '0.9.0', 'none', false],
    ['the same version for a patch', '1.0.0', '1.0.0', 'patch', false],
    ['a higher patch for a patch', '1.0.9', '1.0.10', 'patch', true],
    ['a higher patch for something new', '1.0.0', '1.0.1', 'minor', false],
    ['a higher minor version for a patch', '1.0.0', '1.1.0', 'patch', true],
    ['a higher minor version for what breaks', '1.9.0', '1.10.0', 'major', false],
    ['a higher minor version for what breaks, before 1.0.0', '0.9.0', '0.10.0', 'major', true],
    ['a higher major version for what breaks', '1.9.0', '2.0.0', 'major', true],
  ] as const)('%s', (_what, last, current, asked, enough) => {
    expect(isHighEnough(last, current, asked)).toBe(enough);
  });
});

describe('highestVersion', () => {
  it('counts numbers as numbers, and leaves out what is no release', () => {
    expect(highestVersion(['v0.9.0', 'v0.10.0', 'v1.0.0-rc.1', 'nightly', ''])).toBe('0.10.0');
  });

  it('is undefined without a release', () => {
    expect(highestVersion([''])).toBeUndefined();
  });
});
