import { describe, expect, it } from '@jest/globals';
import { orbCachePath } from '../../../src/config/orbs/orb-cache-path.ts';

describe('where an orb is kept', () => {
  it.each([
    ['circleci/node@5.2.0', 'circleci/node@5.2.0.yml'],
    ['circleci/node@volatile', 'circleci/node@volatile.yml'],
    ['acme/orb@dev:feature/a', 'acme/orb@dev%3afeature%2fa.yml'],
    ['acme/Orb@1', 'acme/%4frb@1.yml'],
    ['https://example.com/orb.yml', 'url/https%3a%2f%2fexample.com%2forb.yml.yml'],
    ['../../etc/passwd', 'malformed/%2e.%2f..%2fetc%2fpasswd.yml'],
    ['', 'malformed/.yml'],
  ])('%s', (reference, path) => {
    expect(orbCachePath(reference)).toBe(path);
  });

  const nasty = [
    'a/b@1',
    'A/b@1',
    'a/B@1',
    'a/b@dev:x',
    'a/b@dev:X',
    'a/b@dev:%58',
    'a/b@dev:../../x',
    'a/b@dev:\0',
    'url/https@1',
    'https://a/b',
    'https://a/b/',
    'https://a/B',
    '..',
    '.',
    '/',
    '/etc/passwd',
    '\\\\server\\share',
    'C:\\x',
    `https://a/${'x'.repeat(500)}1`,
    `https://a/${'x'.repeat(500)}2`,
    `a/b@dev:${'ü'.repeat(300)}`,
    `a/b@dev:${'ü'.repeat(301)}`,
  ];

  it('is another place for every reference, also where capitals do not count', () => {
    expect(new Set(nasty.map((reference) => orbCachePath(reference).toLowerCase())).size).toBe(nasty.length);
  });

  it.each(nasty)('is a folder and a short file name of plain characters: %j', (reference) => {
    expect(orbCachePath(reference)).toMatch(/^[a-z0-9%_-]{1,200}\/[a-z0-9@%_.-]{0,220}\.yml$/);
  });
});
