import {
  type BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DescribeJobsCommand,
  type JobDetail,
  ListJobsCommand,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import { type EventBridgeClient, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, type SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { LocalAws } from '../../../src/local-aws/server.ts';
import { batchTarget, eventsClient, JOB_QUEUE, nightlyRule } from '../events/events-client.ts';
import {
  batchClientOf,
  DAY,
  happened,
  nightly,
  ROLE,
  runs,
  schedulerClient,
  startAtFriday,
} from './scheduler-client.ts';

let localAws: LocalAws;
let scheduler: SchedulerClient;
let events: EventBridgeClient;
let batch: BatchClient;

beforeAll(async () => {
  localAws = await startAtFriday();
  scheduler = schedulerClient(localAws);
  events = eventsClient(localAws);
  batch = batchClientOf(localAws);
});
beforeEach(async () => {
  localAws.control.reset();
  await batch.send(
    new CreateComputeEnvironmentCommand({
      computeEnvironmentName: 'fargate',
      type: 'MANAGED',
      computeResources: { type: 'FARGATE', maxvCpus: 4, subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
    }),
  );
  await batch.send(
    new CreateJobQueueCommand({
      jobQueueName: 'nights',
      priority: 1,
      computeEnvironmentOrder: [{ order: 0, computeEnvironment: 'fargate' }],
    }),
  );
  await register();
});
afterAll(async () => {
  for (const client of [scheduler, events, batch]) client.destroy();
  await localAws.close();
});

const register = () =>
  batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: 'crawl',
      type: 'container',
      platformCapabilities: ['FARGATE'],
      parameters: { depth: '1' },
      containerProperties: {
        image: 'ghcr.io/acme/crawl:1',
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        resourceRequirements: [
          { type: 'VCPU', value: '0.25' },
          { type: 'MEMORY', value: '512' },
        ],
      },
    }),
  );

/** A universal target that submits a job of that definition. */
const submit = (JobDefinition: string, more: object = {}) => ({
  Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
  RoleArn: ROLE,
  Input: JSON.stringify({ JobName: 'nightly-crawl', JobQueue: 'nights', JobDefinition, ...more }),
});

/** The jobs that were submitted, the earliest first. */
async function jobs(): Promise<JobDetail[]> {
  const { jobSummaryList = [] } = await batch.send(
    new ListJobsCommand({ jobQueue: 'nights', filters: [{ name: 'JOB_NAME', values: ['nightly-crawl'] }] }),
  );
  const ids = jobSummaryList.map(({ jobId }) => jobId!);
  if (ids.length === 0) return [];
  const found = (await batch.send(new DescribeJobsCommand({ jobs: ids }))).jobs!;
  return found.toSorted((a, b) => a.createdAt! - b.createdAt!);
}

const definitions = async () => (await jobs()).map(({ jobDefinition }) => jobDefinition!.split('/')[1]);

describe('a schedule submits a job', () => {
  it('each night, with its parameters and overrides', async () => {
    const Target = submit('crawl', {
      Parameters: { depth: '2' },
      ContainerOverrides: { Environment: [{ Name: 'MODE', Value: 'full' }] },
      Tags: { by: 'night' },
    });
    await scheduler.send(new CreateScheduleCommand(nightly({ Target })));
    await localAws.control.advance(2 * DAY);
    const found = await jobs();
    expect(found.map(({ createdAt }) => new Date(createdAt!).toISOString())).toEqual([
      '2026-11-20T03:00:00.000Z',
      '2026-11-21T03:00:00.000Z',
    ]);
    expect(found[0]).toMatchObject({
      jobName: 'nightly-crawl',
      parameters: { depth: '2' },
      container: { environment: expect.arrayContaining([{ name: 'MODE', value: 'full' }]) as unknown },
      tags: { by: 'night' },
    });
  });

  it('whose id is in the state', async () => {
    await scheduler.send(new CreateScheduleCommand(nightly({ Target: submit('crawl') })));
    await localAws.control.advance(DAY);
    const [job] = await jobs();
    expect(happened(localAws).invocations[0]?.answer).toMatchObject({ jobId: job!.jobId, jobName: 'nightly-crawl' });
  });

  it('of the revision that it is pinned to, or of the newest', async () => {
    await scheduler.send(new CreateScheduleCommand(nightly({ Target: submit('crawl:1') })));
    await register();
    await localAws.control.advance(DAY);
    await scheduler.send(new UpdateScheduleCommand(nightly({ Target: submit('crawl') })));
    await localAws.control.advance(DAY);
    expect(await definitions()).toEqual(['crawl:1', 'crawl:2']);
  });

  it('never of a definition that is not there, and says so', async () => {
    await scheduler.send(new CreateScheduleCommand(nightly({ Target: submit('nothing') })));
    await localAws.control.advance(DAY);
    expect(runs(localAws)).toEqual(['2026-11-20T03:00Z failed']);
    expect(happened(localAws).invocations[0]?.error?.code).toBe('ClientException');
    expect(await jobs()).toEqual([]);
  });
});

describe('a retry of a schedule', () => {
  it('may start a job hours after its time', async () => {
    localAws.control.addFault({ operation: 'batch:SubmitJob', kind: 'throttle', times: 30 });
    await scheduler.send(new CreateScheduleCommand(nightly({ Target: submit('crawl') })));
    await localAws.control.advance(DAY);
    expect((await jobs()).map(({ createdAt }) => new Date(createdAt!).toISOString())).toEqual([
      '2026-11-20T06:43:00.000Z',
    ]);
  });

  it('starts a second job when only the answer was lost', async () => {
    localAws.control.addFault({ operation: 'batch:SubmitJob', kind: 'reset-after-apply' });
    await scheduler.send(new CreateScheduleCommand(nightly({ Target: submit('crawl') })));
    await localAws.control.advance(DAY);
    expect(await jobs()).toHaveLength(2);
  });
});

describe('a rule submits a job', () => {
  it('each night, of its name, definition, size and attempts', async () => {
    const BatchParameters = {
      JobDefinition: 'crawl:1',
      JobName: 'nightly-crawl',
      ArrayProperties: { Size: 2 },
      RetryStrategy: { Attempts: 3 },
    };
    await nightlyRule(events, batchTarget({ BatchParameters }));
    await localAws.control.advance(DAY);
    expect(await jobs()).toMatchObject([
      { jobName: 'nightly-crawl', jobQueue: JOB_QUEUE, arrayProperties: { size: 2 }, retryStrategy: { attempts: 3 } },
    ]);
  });

  it('with the parameters and overrides of a constant Input', async () => {
    const Input = JSON.stringify({
      Parameters: { depth: '3' },
      ContainerOverrides: { Environment: [{ Name: 'MODE', Value: 'quick' }] },
    });
    await nightlyRule(events, batchTarget({ Input }));
    await localAws.control.advance(DAY);
    expect(await jobs()).toMatchObject([
      {
        parameters: { depth: '3' },
        container: { environment: expect.arrayContaining([{ name: 'MODE', value: 'quick' }]) as unknown },
      },
    ]);
  });

  it('for each target, and of the definition that was put last for its id', async () => {
    await nightlyRule(events, batchTarget({ Id: 'a' }), batchTarget({ Id: 'b' }));
    await register();
    const pinned = batchTarget({ Id: 'a', BatchParameters: { JobDefinition: 'crawl:1', JobName: 'nightly-crawl' } });
    await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [pinned] }));
    await localAws.control.advance(DAY);
    expect(new Set(await definitions())).toEqual(new Set(['crawl:1', 'crawl:2']));
  });

  it('not of a definition that is not there: the event is undeliverable for want of a resource', async () => {
    const BatchParameters = { JobDefinition: 'nothing', JobName: 'nightly-crawl' };
    await nightlyRule(events, batchTarget({ BatchParameters }));
    await localAws.control.advance(DAY);
    expect(happened(localAws, 'events').invocations).toMatchObject([
      { outcome: 'failed', error: { code: 'NO_RESOURCE' } },
    ]);
  });
});
