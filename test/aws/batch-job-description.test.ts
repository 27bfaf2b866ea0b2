import type { JobDetail } from '@aws-sdk/client-batch';
import { describe, expect, it } from '@jest/globals';
import { describedJob } from '../../src/aws/batch-job-description.ts';

const BASE: JobDetail = {
  jobId: 'id-1',
  jobArn: 'arn:aws:batch:eu-west-1:123456789012:job/id-1',
  jobName: 'crawl',
  jobQueue: 'nightly',
  jobDefinition: 'arn:aws:batch:eu-west-1:123456789012:job-definition/crawl:7',
  status: 'RUNNING',
  startedAt: 2000,
};
const stream = (name: string, group = '/aws/batch/job', region?: string) => ({
  kind: 'stream',
  group,
  stream: name,
  region,
});

it('a job that has not started', () => {
  const job = describedJob({ ...BASE, status: 'SUBMITTED', startedAt: 0, createdAt: 1000, statusReason: '' });
  expect(job).toMatchObject({ id: 'id-1', status: 'SUBMITTED', createdAt: 1000, definitionArn: BASE.jobDefinition });
  expect([job.startedAt, job.stoppedAt, job.statusReason, job.array, job.mainNodeId]).toEqual(Array(5).fill(undefined));
});

describe('containers and where their output goes', () => {
  it.each<[string, Partial<JobDetail>, object[]]>([
    [
      'a plain one in the usual group',
      { container: { exitCode: 3, reason: 'r', logStreamName: 's' } },
      [{ name: '', exitCode: 3, reason: 'r', log: stream('s') }],
    ],
    ['one that has not started', { container: {} }, [{ name: '', log: { kind: 'later' } }]],
    [
      'a group and region of its own',
      {
        container: {
          logStreamName: 's',
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': '/jobs/crawl', 'awslogs-region': 'eu-north-1' },
          },
        },
      },
      [{ log: stream('s', '/jobs/crawl', 'eu-north-1') }],
    ],
    [
      'another driver',
      { container: { logStreamName: 's', logConfiguration: { logDriver: 'splunk' } } },
      [{ log: { kind: 'elsewhere', driver: 'splunk' } }],
    ],
    [
      'containers of a task',
      {
        ecsProperties: {
          taskProperties: [
            {
              containers: [
                { name: 'main', exitCode: 1, logStreamName: 'a' },
                { name: 'proxy', logStreamName: 'b' },
              ],
            },
          ],
        },
        container: {},
      },
      [
        { name: 'main', exitCode: 1, log: stream('a') },
        { name: 'proxy', log: stream('b') },
      ],
    ],
    [
      'containers of a pod',
      {
        eksProperties: {
          podProperties: { initContainers: [{ name: 'prepare', exitCode: 0 }], containers: [{ name: 'main' }] },
        },
      },
      [
        { name: 'prepare', exitCode: 0, log: { kind: 'elsewhere' } },
        { name: 'main', log: { kind: 'elsewhere' } },
      ],
    ],
  ])('%s', (_what, detail, containers) => {
    expect(describedJob({ ...BASE, ...detail }).containers).toMatchObject(containers);
  });
});

describe('attempts', () => {
  it('of a plain container: their streams are in the group of the job', () => {
    const { attempts } = describedJob({
      ...BASE,
      container: { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } } },
      attempts: [{ startedAt: 1, stoppedAt: 2, statusReason: 'sr', container: { exitCode: 1, logStreamName: 's' } }],
    });
    expect(attempts).toMatchObject([
      {
        startedAt: 1,
        stoppedAt: 2,
        statusReason: 'sr',
        containers: [{ name: '', exitCode: 1, log: stream('s', 'g') }],
      },
    ]);
  });

  it('of a task', () => {
    const { attempts } = describedJob({
      ...BASE,
      ecsProperties: {
        taskProperties: [
          {
            containers: [
              { name: 'main', logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } } },
            ],
          },
        ],
      },
      attempts: [
        { container: {}, taskProperties: [{ containers: [{ name: 'main', exitCode: 9, logStreamName: 's' }] }] },
      ],
    });
    expect(attempts).toMatchObject([{ containers: [{ name: 'main', exitCode: 9, log: stream('s', 'g') }] }]);
  });

  it('of a pod', () => {
    const { attempts } = describedJob({
      ...BASE,
      attempts: [],
      eksAttempts: [{ startedAt: 1, stoppedAt: 2, containers: [{ name: 'main', exitCode: 2, reason: 'Error' }] }],
    });
    expect(attempts).toMatchObject([
      { startedAt: 1, stoppedAt: 2, containers: [{ name: 'main', exitCode: 2, reason: 'Error' }] },
    ]);
  });
});

it('the parent of an array has the counts of its children, a child has none', () => {
  const parent = describedJob({ ...BASE, arrayProperties: { size: 3, statusSummary: { RUNNING: 3 } } });
  expect(parent.array).toEqual({ size: 3, counts: { RUNNING: 3 } });
  expect(describedJob({ ...BASE, arrayProperties: { index: 2 } }).array).toBeUndefined();
});

it('a multi-node job tells through its main node', () => {
  const nodeProperties = { mainNode: 1, numNodes: 3, nodeRangeProperties: [] };
  expect(describedJob({ ...BASE, nodeProperties }).mainNodeId).toBe('id-1#1');
});

describe('the values of variables whose names say secret', () => {
  const environment = [
    { name: 'API_TOKEN', value: 'planted-key' },
    { name: 'SECRET_MODE', value: 'short' },
    { name: 'LOG_LEVEL', value: 'very-verbose' },
  ];

  it.each<[string, Partial<JobDetail>]>([
    ['of a container', { container: { environment } }],
    ['of a task', { ecsProperties: { taskProperties: [{ containers: [{ name: 'main', environment }] }] } }],
    ['of a pod', { eksProperties: { podProperties: { containers: [{ name: 'main', env: environment }] } } }],
    [
      'of a node range',
      {
        nodeProperties: {
          numNodes: 2,
          mainNode: 0,
          nodeRangeProperties: [{ targetNodes: '0:', container: { environment } }],
        },
      },
    ],
  ])('%s are known as secrets, other than short ones', (_what, more) => {
    expect(describedJob({ ...BASE, ...more }).secrets).toEqual(['planted-key']);
  });

  it('are left out when there are none', () => {
    expect(describedJob({ ...BASE, container: { environment: [] } })).not.toHaveProperty('secrets');
  });
});
