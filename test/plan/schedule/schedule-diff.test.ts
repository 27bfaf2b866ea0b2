import { describe, expect, it } from '@jest/globals';
import { diffSchedules, lostMembers } from '../../../src/plan/schedule/schedule-diff.ts';

const target = (input: object) => ({ Target: { Arn: 'a', Input: JSON.stringify(input) } });

describe('diffSchedules', () => {
  it('opens the Input, names variables, and writes dates in words', () => {
    const before = { StartDate: 0, ...target({ ContainerOverrides: { Environment: [{ Name: 'A', Value: '1' }] } }) };
    const after = { StartDate: 60, ...target({ ContainerOverrides: { Environment: [{ Name: 'A', Value: '2' }] } }) };
    expect(diffSchedules(before, after)).toEqual([
      '- StartDate: "1970-01-01T00:00:00.000Z"',
      '+ StartDate: "1970-01-01T00:01:00.000Z"',
      '- Target.Input.ContainerOverrides.Environment.A: "1"',
      '+ Target.Input.ContainerOverrides.Environment.A: "2"',
    ]);
  });

  it.each([
    ['Environment', { ContainerOverrides: { Environment: [{ Name: 'API_TOKEN', Value: 'swordfish' }] } }],
    ['environment', { containerOverrides: { environment: [{ name: 'API_TOKEN', value: 'swordfish' }] } }],
    [
      'Overrides of a task',
      {
        Overrides: {
          ContainerOverrides: [{ Name: 'app', Environment: [{ Name: 'API_TOKEN', Value: 'swordfish' }] }],
        },
      },
    ],
    ['Parameters', { Parameters: { API_TOKEN: 'swordfish' } }],
  ])('hides what is secret by its name, in %s', (_where, input) => {
    const lines = diffSchedules(undefined, target(input)).join('\n');
    expect(lines).toContain('API_TOKEN: ****');
    expect(lines).not.toContain('swordfish');
  });

  it('is empty when the Input only is written otherwise', () => {
    const one = { Target: { Input: '{"JobName":"a","JobQueue":"b"}' } };
    const other = { Target: { Input: '{ "JobQueue": "b", "JobName": "a" }' } };
    expect(diffSchedules(one, other)).toEqual([]);
  });
});

describe('lostMembers', () => {
  it('is what is not there at all any more, and not what has another value or is new', () => {
    const sent = { Description: 'a', State: 'ENABLED', KmsKeyArn: 'k' };
    expect(lostMembers(sent, { State: 'DISABLED', KmsKeyArn: 'k', New: 1 })).toEqual(['- Description: "a"']);
  });
});
