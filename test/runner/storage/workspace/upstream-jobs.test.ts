import { describe, expect, it } from '@jest/globals';
import { isUpstream, upstreamJobs } from '../../../../src/runner/storage/workspace/upstream-jobs.ts';
import { workflowOf } from '../support/storage-world.ts';

describe('the jobs upstream of a job', () => {
  it.each<[string, Record<string, string[]>, string[]]>([
    ['none', { end: [] }, []],
    ['those that it requires, and that they require', { a: [], b: ['a'], end: ['b'], other: [] }, ['a', 'b']],
    ['each once', { a: [], b: ['a'], c: ['a'], end: ['b', 'c', 'a'] }, ['a', 'b', 'c']],
    ['each after its own, wherever the config has it', { end: ['c'], c: ['b'], b: ['a'], a: [] }, ['a', 'b', 'c']],
    ['else in the order of the config', { z: [], a: [], end: ['a', 'z'] }, ['z', 'a']],
    ['without those that a filter or a choice took away', { b: ['gone'], end: ['b', 'lost'] }, ['b']],
  ])('are %s', (_, requires, expected) => {
    expect(upstreamJobs(workflowOf(requires), 'end')).toEqual(expected);
  });

  it('are not those beside it or after it', () => {
    const workflow = workflowOf({ a: [], b: ['a'], c: ['a'] });
    expect([isUpstream(workflow, 'a', 'b'), isUpstream(workflow, 'b', 'c'), isUpstream(workflow, 'b', 'a')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
