import { describe, expect, it } from '@jest/globals';
import {
  isSameDefinition,
  isSameQueue,
  isSameTaskDefinition,
  parseDefinitionReference,
  parseTaskDefinitionReference,
} from '../../../src/plan/schedule/definition-reference.ts';

const ARN = 'arn:aws:batch:eu-west-1:123456789012:job-definition/crawl';

describe('parseDefinitionReference', () => {
  it.each([
    ['crawl', { name: 'crawl', revision: undefined, place: undefined }],
    ['crawl:3', { name: 'crawl', revision: 3, place: undefined }],
    [ARN, { name: 'crawl', revision: undefined, place: 'eu-west-1:123456789012' }],
    [`${ARN}:12`, { name: 'crawl', revision: 12, place: 'eu-west-1:123456789012' }],
    [
      'arn:aws-cn:batch:cn-north-1:123456789012:job-definition/crawl:1',
      { name: 'crawl', revision: 1, place: 'cn-north-1:123456789012' },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseDefinitionReference(text)).toEqual(expected);
  });

  it.each([
    '',
    'crawl:',
    'crawl:latest',
    'a b',
    '<aws.scheduler.execution-id>',
    'crawl:3:4',
    `${ARN}\n`,
    'arn:aws:batch:eu-west-1:123456789012:job-queue/crawl',
    'arn:aws:ecs:eu-west-1:123456789012:task-definition/crawl:1',
    undefined,
    7,
  ])('takes no %j', (text) => {
    expect(parseDefinitionReference(text)).toBeUndefined();
  });
});

describe('isSameDefinition', () => {
  it.each([
    ['crawl:3', `${ARN}:3`, true],
    ['crawl', ARN, true],
    ['crawl:3', 'crawl:3', true],
    ['crawl:3', 'crawl:30', false],
    ['crawl:3', 'crawl', false],
    [ARN, `${ARN}:3`, false],
    ['crawl:3', 'crawl-more:3', false],
    [`${ARN}:3`, `${ARN}:3`.replace('eu-west-1', 'us-east-1'), false],
    ['<no reference>', '<no reference>', true],
    [undefined, 'crawl', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(isSameDefinition(one, other)).toBe(expected);
    expect(isSameDefinition(other, one)).toBe(expected);
  });
});

describe('isSameQueue', () => {
  const queue = 'arn:aws:batch:eu-west-1:123456789012:job-queue/nights';
  it.each([
    ['nights', queue, true],
    ['nights', 'nights', true],
    ['ights', queue, false],
    ['days', 'nights', false],
    [queue, queue.replace('eu-west-1', 'us-east-1'), false],
    [undefined, 'nights', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(isSameQueue(one, other)).toBe(expected);
    expect(isSameQueue(other, one)).toBe(expected);
  });
});

const TASKS = 'arn:aws:ecs:eu-west-1:123456789012:task-definition';

describe('parseTaskDefinitionReference', () => {
  it.each([
    ['web', { name: 'web', revision: undefined, place: undefined }],
    ['web:3', { name: 'web', revision: 3, place: undefined }],
    [`${TASKS}/web`, { name: 'web', revision: undefined, place: 'eu-west-1:123456789012' }],
    [`${TASKS}/web:12`, { name: 'web', revision: 12, place: 'eu-west-1:123456789012' }],
  ])('reads %s', (text, expected) => {
    expect(parseTaskDefinitionReference(text)).toEqual(expected);
  });

  it.each(['', 'web:latest', '<aws.scheduler.execution-id>', `${ARN}:1`, undefined])('takes no %j', (text) => {
    expect(parseTaskDefinitionReference(text)).toBeUndefined();
  });
});

describe('isSameTaskDefinition', () => {
  it.each([
    ['web:3', `${TASKS}/web:3`, true],
    ['web', `${TASKS}/web`, true],
    ['web', `${TASKS}/web:3`, false],
    ['web:2', `${TASKS}/web:3`, false],
    ['crawl:3', `${TASKS}/web:3`, false],
    [`${TASKS.replace('eu-west-1', 'eu-west-2')}/web:3`, `${TASKS}/web:3`, false],
    ['<a placeholder>', '<a placeholder>', true],
    [undefined, `${TASKS}/web:3`, false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(isSameTaskDefinition(one, other)).toBe(expected);
  });
});
