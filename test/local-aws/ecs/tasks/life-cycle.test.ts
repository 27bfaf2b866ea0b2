import { describe, expect, it } from '@jest/globals';

import { taskPlay } from '../../../../src/local-aws/ecs/scenario/task-rules.ts';
import { arrival, nextHappening, statusAfter } from '../../../../src/local-aws/ecs/tasks/life-cycle.ts';
import type { EcsTask, TaskEnd, TaskStatus } from '../../../../src/local-aws/ecs/tasks/task.ts';

const END: TaskEnd = { stopCode: 'UserInitiated', stoppedReason: 'enough', isFailure: false };

function task(change: Partial<EcsTask> = {}): EcsTask {
  const container = { image: 'a/b', hasHealthCheck: false, containerArn: 'arn', networkInterfaces: [], cpu: '0' };
  return {
    taskArn: 'arn',
    id: 'id',
    region: 'eu-central-1',
    clusterArn: 'arn',
    taskDefinitionArn: 'arn',
    group: 'family:web',
    overrides: {},
    enableExecuteCommand: false,
    attachments: [],
    tags: {},
    hasInterface: true,
    isRegistered: false,
    lastStatus: 'PROVISIONING',
    statusSince: 1000,
    healthStatus: 'UNKNOWN',
    isReady: false,
    containers: [
      { ...container, name: 'app', isEssential: true },
      { ...container, name: 'sidecar', isEssential: false },
    ],
    play: taskPlay(undefined, { containers: [], hasLoadBalancer: false, isOfService: true }),
    version: 1,
    createdAt: 0,
    ...change,
  };
}

/** All states from the one that the task has to the last. */
function way(from: EcsTask): TaskStatus[] {
  const states = [from.lastStatus];
  for (let now = from; now.lastStatus !== 'STOPPED';) {
    now = { ...now, lastStatus: statusAfter(now) };
    states.push(now.lastStatus);
    if (now.lastStatus === 'RUNNING' && now.end === undefined) break;
  }
  return states;
}

describe('the way of a task', () => {
  it.each<[string, Partial<EcsTask>, TaskStatus[]]>([
    ['to running', {}, ['PROVISIONING', 'PENDING', 'RUNNING']],
    ['behind a load balancer', { isRegistered: true }, ['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING']],
    ['on an instance', { hasInterface: false, lastStatus: 'PENDING' }, ['PENDING', 'RUNNING']],
    ['to its end', { lastStatus: 'RUNNING', end: END }, ['RUNNING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']],
    [
      'to its end behind a load balancer',
      { lastStatus: 'RUNNING', end: END, isRegistered: true },
      ['RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'],
    ],
    [
      'to its end on an instance',
      { lastStatus: 'RUNNING', end: END, hasInterface: false },
      ['RUNNING', 'STOPPING', 'STOPPED'],
    ],
    ['when it has not run', { lastStatus: 'PENDING', end: END }, ['PENDING', 'DEPROVISIONING', 'STOPPED']],
    ['when it has not even been pulled', { end: END }, ['PROVISIONING', 'DEPROVISIONING', 'STOPPED']],
  ])('%s', (_title, change, states) => {
    expect(way(task(change))).toEqual(states);
  });
});

describe('what happens to a task next', () => {
  const of = (rule: Parameters<typeof taskPlay>[0], isOfService = true) =>
    taskPlay(rule, { containers: [], hasLoadBalancer: false, isOfService });
  const running = { lastStatus: 'RUNNING', startedAt: 5000 } as const;
  it.each<[string, Partial<EcsTask>, ReturnType<typeof nextHappening>]>([
    ['it goes on after its time', {}, { at: 6000, what: 'advance' }],
    ['it is stuck', { play: of({ stuck: 'PROVISIONING' }) }, undefined],
    [
      'it is stuck no more when it is stopped',
      { play: of({ stuck: 'PROVISIONING' }), end: END },
      { at: 6000, what: 'advance' },
    ],
    ['it becomes healthy', running, { at: 45_000, what: 'ready' }],
    ['it stays healthy', { ...running, isReady: true, readyAt: 45_000 }, undefined],
    ['it never becomes healthy', { ...running, play: of({ health: 'never' }) }, { at: 95_000, what: 'unhealthy' }],
    ['it exits before', { ...running, play: of({ exit: { after: '2s' } }) }, { at: 7000, what: 'exit' }],
    [
      'it exits after it was healthy',
      { ...running, isReady: true, readyAt: 45_000, play: of({ exit: { from: 'HEALTHY', after: '2s' } }) },
      { at: 47_000, what: 'exit' },
    ],
    ['it has done its work', { ...running, isReady: true, play: of(undefined, false) }, { at: 35_000, what: 'exit' }],
    ['it is forgotten', { lastStatus: 'STOPPED' }, { at: 3_601_000, what: 'forget' }],
  ])('%s', (_title, change, happening) => {
    expect(nextHappening(task(change))).toEqual(happening);
  });
});

describe('a task that has stopped', () => {
  it('has the exit codes of its end, and that of SIGTERM for the others', () => {
    const end: TaskEnd = { ...END, exitCodes: { app: 3 }, containerReasons: { app: 'why' } };
    const { containers, stoppedAt } = arrival(task({ startedAt: 5000, end }), 'STOPPED', 9000);
    expect(containers!.map(({ name, exitCode, reason }) => [name, exitCode, reason])).toEqual([
      ['app', 3, 'why'],
      ['sidecar', 143, undefined],
    ]);
    expect(stoppedAt).toBe(9000);
  });
});
