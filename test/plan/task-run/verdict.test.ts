import { describe, expect, it } from '@jest/globals';
import { judgeTaskRun, type TaskRunFacts, type TaskRunVerdict } from '../../../src/plan/task-run/verdict.ts';
import { container, task } from '../rollout/describe.ts';

function stopped(...codes: (number | undefined)[]): ReturnType<typeof task> {
  const containers = codes.map((exitCode, index) => container({ name: ['app', 'sidecar'][index] ?? '', exitCode }));
  return task({ lastStatus: 'STOPPED', stoppedReason: 'Essential container in task exited', containers });
}

function judge(told: Partial<TaskRunFacts>): TaskRunVerdict {
  return judgeTaskRun({ wanted: told.tasks?.length ?? 1, failures: [], tasks: [], deciding: ['app'], ...told });
}

describe('a run of tasks', () => {
  it.each<[string, Partial<TaskRunFacts>, TaskRunVerdict['state'], number | undefined]>([
    ['goes on while a task does', { tasks: [stopped(0), task()] }, 'GOING', undefined],
    ['succeeded when all exited with 0', { tasks: [stopped(0), stopped(0)] }, 'SUCCEEDED', 0],
    ['succeeded whatever a container does that does not count', { tasks: [stopped(0, 137)] }, 'SUCCEEDED', 0],
    ['failed by a container that counts', { tasks: [stopped(0, 3)], deciding: ['app', 'sidecar'] }, 'FAILED', 3],
    ['failed by the exit code of its only task', { tasks: [stopped(3)] }, 'FAILED', 3],
    ['E6: failed by the second of two tasks', { tasks: [stopped(0), stopped(4)] }, 'FAILED', 4],
    ['E6: failed when a container has no exit code', { tasks: [stopped(undefined)] }, 'FAILED', undefined],
    ['failed when the container that counts is not there', { tasks: [stopped()] }, 'FAILED', undefined],
    ['failed when it is not said which containers count', { tasks: [stopped(0)], deciding: [] }, 'FAILED', undefined],
    [
      'E4: failed when nothing could be placed',
      { failures: [{ reason: 'RESOURCE:MEMORY', detail: undefined }] },
      'FAILED',
      undefined,
    ],
    [
      'E4: failed when one of two could not be placed, although the other did well',
      { wanted: 2, tasks: [stopped(0)], failures: [{ reason: 'RESOURCE:CPU', detail: undefined }] },
      'FAILED',
      undefined,
    ],
    [
      'E4: failed when AWS started fewer tasks and says nothing',
      { wanted: 2, tasks: [stopped(0)] },
      'FAILED',
      undefined,
    ],
    ['succeeded by itself', { tasks: [{ ...stopped(0), stopCode: 'EssentialContainerExited' }] }, 'SUCCEEDED', 0],
    ...['UserInitiated', 'SpotInterruption', 'TerminationNotice', 'InfrastructureHealth'].map(
      (stopCode): [string, Partial<TaskRunFacts>, TaskRunVerdict['state'], undefined] => [
        `failed when it was cut off (${stopCode}), although it exited with 0 then`,
        { tasks: [{ ...stopped(0), stopCode }] },
        'FAILED',
        undefined,
      ],
    ),
    ['failed when nothing was started', { wanted: 1 }, 'FAILED', undefined],
  ])('%s', (_how, told, state, exitCode) => {
    expect(judge(told)).toMatchObject({ state, exitCode });
  });

  it('that failed says why', () => {
    expect(judge({ tasks: [stopped(3)] }).problems).toEqual([
      'Task 0123456789abcdef0123456789abcdef: Essential container in task exited; app: exit code 3',
    ]);
    expect(judge({ failures: [{ reason: 'RESOURCE:MEMORY', detail: 'no instance' }] }).problems).toEqual([
      'A task could not be placed: RESOURCE:MEMORY, no instance',
    ]);
  });
});
