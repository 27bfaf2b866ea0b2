import { describe, expect, it } from '@jest/globals';
import type { Result } from '../../src/core/result.ts';
import { resultText } from '../../src/report/result-text.ts';

const RESULT: Result = {
  schema: 'aws-deploy/result@1',
  action: 'register-job-definition',
  component: 'crawl',
  status: 'changed',
  exitCode: 0,
  account: null,
  region: null,
  changes: [],
  outputs: {},
  events: [],
  startedAt: '2026-11-20T07:00:00.000Z',
  finishedAt: '2026-11-20T07:00:01.000Z',
};

describe('resultText', () => {
  it('has the outputs in columns, spelled like flags', () => {
    const outputs = { jobDefinitionArn: 'arn:x', revision: 8, batchFileS3Url: 's3://b/k', tags: ['a', 'b'], ok: true };
    expect(resultText({ ...RESULT, outputs })).toBe(
      [
        'register-job-definition crawl: done',
        '  job-definition-arn  arn:x',
        '  revision            8',
        '  batch-file-s3-url   s3://b/k',
        '  tags                a, b',
        '  ok                  true',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['changed', 'done'],
    ['unchanged', 'nothing to do'],
    ['planned', 'dry run: nothing was changed'],
  ] as const)('%s is said as: %s', (status, words) => {
    expect(resultText({ ...RESULT, status })).toBe(`register-job-definition crawl: ${words}\n`);
  });
});
