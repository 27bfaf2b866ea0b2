import { describe, expect, it } from '@jest/globals';
import { mergeRule, mergeRuleTarget } from '../../../src/plan/schedule/rule-merge.ts';

describe('mergeRule', () => {
  it.each([
    ['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 'enabled', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'],
    ['DISABLED', 'enabled', 'ENABLED'],
    ['ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', 'disabled', 'DISABLED'],
  ] as const)('a rule that is %s and is to be %s is %s', (State, state, expected) => {
    expect(mergeRule({ Name: 'a', State, BrandNew: 1 }, { state })).toEqual({
      Name: 'a',
      State: expected,
      BrandNew: 1,
    });
  });
});

describe('mergeRuleTarget', () => {
  it('keeps what is not known, at every depth', () => {
    const current = { Id: 'a', BrandNew: 1, BatchParameters: { JobDefinition: 'crawl:1', JobName: 'x', BrandNew: 2 } };
    expect(mergeRuleTarget(current, { jobDefinition: 'crawl:2' })).toEqual({
      ...current,
      BatchParameters: { JobDefinition: 'crawl:2', JobName: 'x', BrandNew: 2 },
    });
  });

  it('leaves a reference to the same revision as it was written', () => {
    const current = { Id: 'a', BatchParameters: { JobDefinition: 'crawl:1' } };
    const arn = 'arn:aws:batch:eu-west-1:123456789012:job-definition/crawl:1';
    expect(mergeRuleTarget(current, { jobDefinition: arn })).toEqual(current);
  });
});
