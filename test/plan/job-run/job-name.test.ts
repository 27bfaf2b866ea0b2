import { describe, expect, it } from '@jest/globals';
import { baseName, submittedName } from '../../../src/plan/job-run/job-name.ts';

const IDENTITY = { key: 'key', definition: 'crawl', queue: 'nightly', request: { command: ['a'] } };

describe('SubmitJob has no token, so the name of a job is made from what is submitted', () => {
  it('the same again has the same name', () => {
    expect(submittedName('crawl', { ...IDENTITY })).toBe(submittedName('crawl', IDENTITY));
    expect(submittedName('crawl', IDENTITY)).toMatch(/^crawl-[0-9a-f]{12}$/);
  });

  it.each([
    ['another key', { key: 'other' }],
    ['another definition', { definition: 'crawl:7' }],
    ['another queue', { queue: 'daily' }],
    ['another command: two steps of one job run both', { request: { command: ['b'] } }],
    ['parts that run into each other', { key: 'keyc', definition: 'rawl' }],
  ])('%s has another', (_what, change) => {
    expect(submittedName('crawl', { ...IDENTITY, ...change })).not.toBe(submittedName('crawl', IDENTITY));
  });
});

describe('a name made from that of the definition is one that a job may have', () => {
  it.each([
    ['crawl', 'crawl'],
    ['_crawl', 'job_crawl'],
    ['-', 'job-'],
    ['x'.repeat(128), 'x'.repeat(115)],
    [`_${'x'.repeat(127)}`, `job_${'x'.repeat(111)}`],
  ])('%s', (definition, name) => {
    expect(baseName(definition)).toBe(name);
    expect(submittedName(baseName(definition), IDENTITY)).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);
  });
});
