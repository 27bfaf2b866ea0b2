import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { mergeSchedule, newSchedule, type ScheduleEdits } from '../../../src/plan/schedule/schedule-merge.ts';

const CURRENT: JsonObject = {
  Name: 'nightly',
  GroupName: 'crawlers',
  ScheduleExpression: 'rate(1 day)',
  State: 'ENABLED',
  FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5, BrandNew: 1 },
  BrandNew: { deep: [1] },
  Target: {
    Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
    RoleArn: 'arn:aws:iam::123456789012:role/a',
    // With spaces: the text stays as it was written when nothing in it changes.
    Input: '{ "JobName": "crawl", "JobQueue": "nights", "JobDefinition": "crawl:1" }',
    RetryPolicy: { MaximumRetryAttempts: 5, BrandNew: 2 },
    BrandNew: true,
  },
};

const withTarget = (members: JsonObject): JsonObject => ({
  ...CURRENT,
  Target: { ...(CURRENT['Target'] as JsonObject), ...members },
});

describe('mergeSchedule', () => {
  it.each<[string, ScheduleEdits, JsonObject]>([
    ['nothing', {}, CURRENT],
    ['what is so already', { expression: 'rate(1 day)', state: 'enabled', jobDefinition: 'crawl:1' }, CURRENT],
    ['an expression', { expression: 'rate(2 days)' }, { ...CURRENT, ScheduleExpression: 'rate(2 days)' }],
    ['a pause', { state: 'disabled' }, { ...CURRENT, State: 'DISABLED' }],
    ['a zone', { timezone: 'Europe/Berlin' }, { ...CURRENT, ScheduleExpressionTimezone: 'Europe/Berlin' }],
    ['dates', { startDate: 1, endDate: 2 }, { ...CURRENT, StartDate: 1, EndDate: 2 }],
    ['no window', { flexibleWindowMinutes: 0 }, { ...CURRENT, FlexibleTimeWindow: { Mode: 'OFF', BrandNew: 1 } }],
    [
      'a window',
      { flexibleWindowMinutes: 9 },
      { ...CURRENT, FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 9, BrandNew: 1 } },
    ],
    [
      'fewer retries, down to none',
      { maximumRetryAttempts: 0 },
      withTarget({ RetryPolicy: { MaximumRetryAttempts: 0, BrandNew: 2 } }),
    ],
    [
      'a queue for what failed',
      { deadLetterQueueArn: 'arn:aws:sqs:r:1:q' },
      withTarget({ DeadLetterConfig: { Arn: 'arn:aws:sqs:r:1:q' } }),
    ],
    [
      'another revision',
      { jobDefinition: 'crawl:2' },
      withTarget({ Input: '{"JobName":"crawl","JobQueue":"nights","JobDefinition":"crawl:2"}' }),
    ],
  ])('%s: all the rest stays', (_what, edits, expected) => {
    const before = structuredClone(CURRENT);
    expect(mergeSchedule(CURRENT, edits)).toEqual(expected);
    expect(CURRENT).toEqual(before);
  });
});

describe('newSchedule', () => {
  it('sets retries on purpose, unless they are asked for', () => {
    const id = { group: 'default', name: 'nightly', partition: 'aws-cn' };
    const target = (edits: ScheduleEdits) => newSchedule(id, edits)['Target'] as JsonObject;
    expect(target({ maximumRetryAttempts: undefined })).toMatchObject({
      Arn: 'arn:aws-cn:scheduler:::aws-sdk:batch:submitJob',
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 900 },
    });
    expect(target({ maximumRetryAttempts: 0 })['RetryPolicy']).toEqual({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 900,
    });
  });
});
