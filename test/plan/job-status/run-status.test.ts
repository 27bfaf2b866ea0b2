import { describe, expect, it } from '@jest/globals';
import type { JobDescription } from '../../../src/plan/job-run/job-description.ts';
import { runStatus } from '../../../src/plan/job-status/run-status.ts';

const PLACE = { queue: 'nights', region: 'eu-west-1', now: new Date(100_000) };

const JOB: JobDescription = {
  id: 'id',
  arn: 'arn',
  name: 'crawl-1',
  definitionArn: 'arn:aws:batch:eu-west-1:123456789012:job-definition/crawl:7',
  status: 'FAILED',
  statusReason: 'Essential container in task exited',
  createdAt: 1000,
  startedAt: 10_000,
  stoppedAt: 15_400,
  attempts: [],
  containers: [
    {
      name: '',
      exitCode: 3,
      reason: undefined,
      log: { kind: 'stream', group: '/aws/batch/job', stream: 'crawl/1', region: undefined },
    },
  ],
  array: undefined,
  mainNodeId: undefined,
};

it('a job that failed', () => {
  expect(runStatus(JOB, PLACE)).toEqual({
    id: 'id',
    name: 'crawl-1',
    queue: 'nights',
    state: 'FAILED',
    reason: 'exit code 3, Essential container in task exited',
    exitCode: 3,
    revision: 7,
    createdAt: '1970-01-01T00:00:01.000Z',
    startedAt: '1970-01-01T00:00:10.000Z',
    runSeconds: 5,
    logLink:
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Faws$252Fbatch$252Fjob/log-events/crawl$252F1',
  });
});

describe('is told', () => {
  it.each<[string, Partial<JobDescription>, object]>([
    ['until now for a job that runs', { status: 'RUNNING', stoppedAt: undefined }, { runSeconds: 90, exitCode: null }],
    ['no duration for one that has not started', { startedAt: undefined }, { startedAt: null, runSeconds: null }],
    ['no reason for one that succeeded', { status: 'SUCCEEDED' }, { reason: null }],
    ['no revision when its ARN says none', { definitionArn: '' }, { revision: null }],
    ['no log where there is none yet', { containers: [] }, { logLink: null, exitCode: null }],
    [
      'the children of an array',
      { status: 'PENDING', array: { size: 3, counts: { RUNNING: 2, SUCCEEDED: 1 } } },
      { state: 'PENDING (2 RUNNING, 1 SUCCEEDED)' },
    ],
  ])('%s', (_rule, more, expected) => {
    expect(runStatus({ ...JOB, ...more }, PLACE)).toMatchObject(expected);
  });
});
