import { describe, expect, it } from '@jest/globals';
import { fileLink } from '../../../../src/report/run-page/logs/file-link.ts';

describe('a link to a file of the run', () => {
  it.each([
    ['logs/w/build/0-checkout.log', './logs/w/build/0-checkout.log'],
    ['artifacts/a b/ü#1?.txt', './artifacts/a%20b/%C3%BC%231%3F.txt'],
    ['javascript:alert(1)', './javascript%3Aalert(1)'],
    ['a\\..\\b', './a%5C..%5Cb'],
    ['lone \ud800 surrogate', './lone%20%EF%BF%BD%20surrogate'],
  ])('%p is %p', (path, link) => {
    expect(fileLink(path)).toBe(link);
  });

  it.each([['../secret'], ['/etc/passwd'], ['a/../../b'], ['a/./b'], ['//host/share'], [''], ['x'.repeat(5000)]])(
    'there is none to %p',
    (path) => {
      expect(fileLink(path)).toBeUndefined();
    },
  );
});
