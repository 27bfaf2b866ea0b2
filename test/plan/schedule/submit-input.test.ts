import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { editSubmitInput, type SubmitEdits } from '../../../src/plan/schedule/submit-input.ts';
import { readTargetInput } from '../../../src/plan/schedule/target-input.ts';

const ARN = 'arn:aws:batch:eu-west-1:123456789012:job-definition/crawl';
const BASE: JsonObject = { JobName: 'crawl', JobQueue: 'nights', JobDefinition: 'crawl:1' };

describe('editSubmitInput', () => {
  it.each<[string, JsonObject, SubmitEdits, JsonObject]>([
    ['nothing', BASE, {}, BASE],
    ['another revision', BASE, { jobDefinition: `${ARN}:2` }, { ...BASE, JobDefinition: `${ARN}:2` }],
    ['the same revision, written otherwise', BASE, { jobDefinition: `${ARN}:1` }, BASE],
    ['the same queue, written otherwise', BASE, { jobQueue: 'arn:aws:batch:r:a:job-queue/nights' }, BASE],
    ['another queue', BASE, { jobQueue: 'days' }, { ...BASE, JobQueue: 'days' }],
    [
      'parameters: others stay',
      { ...BASE, Parameters: { a: '1', b: '2' } },
      { parameters: { b: '3', c: '' } },
      { ...BASE, Parameters: { a: '1', b: '3', c: '' } },
    ],
    [
      'an environment: others stay, in their order',
      { ...BASE, ContainerOverrides: { Environment: [{ Name: 'A', Value: '1' }, { Name: 'B' }], Vcpus: 2 } },
      { environment: { C: '3', A: '4' } },
      {
        ...BASE,
        ContainerOverrides: {
          Environment: [{ Name: 'A', Value: '4' }, { Name: 'B' }, { Name: 'C', Value: '3' }],
          Vcpus: 2,
        },
      },
    ],
    ['a command', BASE, { command: ['a', 'b'] }, { ...BASE, ContainerOverrides: { Command: ['a', 'b'] } }],
    [
      'a size, beside what is not known',
      { ...BASE, ArrayProperties: { Size: 2, New: 1 }, BrandNew: { deep: [1] } },
      { arraySize: 3 },
      { ...BASE, ArrayProperties: { Size: 3, New: 1 }, BrandNew: { deep: [1] } },
    ],
    [
      'the spelling that is there',
      { jobName: 'a', jobDefinition: 'crawl:1', containerOverrides: { environment: [{ name: 'A', value: '1' }] } },
      { jobDefinition: 'crawl:2', environment: { A: '2', B: '3' } },
      {
        jobName: 'a',
        jobDefinition: 'crawl:2',
        containerOverrides: {
          environment: [
            { name: 'A', value: '2' },
            { name: 'B', value: '3' },
          ],
        },
      },
    ],
  ])('%s', (_what, input, edits, expected) => {
    const before = structuredClone(input);
    expect(editSubmitInput(input, edits)).toEqual(expected);
    expect(input).toEqual(before);
  });

  it('a variable called like a member of every object is one like others', () => {
    expect(editSubmitInput(BASE, { environment: { constructor: '1', toString: '2' } })).toEqual({
      ...BASE,
      ContainerOverrides: {
        Environment: [
          { Name: 'constructor', Value: '1' },
          { Name: 'toString', Value: '2' },
        ],
      },
    });
  });
});

describe('readTargetInput', () => {
  it.each(['', 'crawl', '[]', '"a"', 'null', '{', undefined, 3])('takes no %j', (text) => {
    expect(readTargetInput(text)).toBeUndefined();
  });
});
