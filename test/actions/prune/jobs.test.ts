import { CreateJobQueueCommand, SubmitJobCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { contents, past, runOn, type HistoryRun } from '../rollback/release-history.ts';
import { scheduleWorldForTests } from '../schedule/schedule-world.ts';

const world = scheduleWorldForTests();
const queue = batchQueueForTests(() => world().localAws);

const REVISIONS = [{ content: 'a' }, { content: 'b' }, { content: 'c' }, { content: 'd' }];
const IDLE = { deregistered: ['1', '2', '3'], kept: ['4'] };

beforeEach(async () => {
  // Every job waits for ever.
  const jobs = [{ match: '*', stuck: 'RUNNABLE' }];
  world().localAws.control.setScenario({ batch: { work: [], jobs } });
  await queue().client.send(
    new CreateJobQueueCommand({
      jobQueueName: 'spot',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'room' }],
    }),
  );
  await past(world(), ...REVISIONS);
});

async function submit(jobName: string, jobDefinition: string, jobQueue: string): Promise<string> {
  const { jobId } = await queue().client.send(new SubmitJobCommand({ jobName, jobQueue, jobDefinition }));
  return jobId!;
}

async function prune(args: readonly string[] = []): Promise<HistoryRun> {
  return runOn(world(), 'prune-job-definitions', ['--keep', '1', ...args]);
}

function advance(): Promise<void> {
  return world().localAws.control.advance(60_000);
}

describe('jobs whose revision is deregistered while they are in flight', () => {
  it('are never made: an unfinished job in any queue keeps its revision, and is named', async () => {
    await submit('crawl-1', 'crawl:1', 'nightly');
    await submit('crawl-2', 'crawl:3', 'spot');
    await advance();
    const { result, stderr } = await prune();
    expect(result.outputs).toEqual({ deregistered: ['2'], kept: ['4', '3', '1'] });
    expect(stderr).toContain('Revision 1 stays: used by job crawl-1 (RUNNABLE) in queue nightly');
    expect(stderr).toContain('Revision 3 stays: used by job crawl-2 (RUNNABLE) in queue spot');
  });

  it('are found also among more than a page of jobs', async () => {
    await submit('first', 'crawl:1', 'nightly');
    await advance();
    for (let count = 0; count < 105; count++) await submit(`later-${count}`, 'crawl:4', 'nightly');
    expect((await prune()).result.outputs).toEqual({ deregistered: ['2', '3'], kept: ['4', '1'] });
  });

  it('do not count once they have ended', async () => {
    const jobId = await submit('crawl-1', 'crawl:1', 'nightly');
    await queue().client.send(new TerminateJobCommand({ jobId, reason: 'by hand' }));
    await advance();
    expect((await prune()).result.outputs).toEqual(IDLE);
  });

  it('are those of exactly this definition', async () => {
    await queue().register({
      jobDefinitionName: 'crawl-more',
      type: 'container',
      containerProperties: {
        image: 'ghcr.io/acme/crawl:1',
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '512' },
        ],
      },
    });
    await submit('crawl-1', 'crawl-more:1', 'nightly');
    expect((await prune()).result.outputs).toEqual(IDLE);
  });
});

it('queues whose jobs may not be read count as using every revision, and are named', async () => {
  world().localAws.control.setScenario({ iam: { deny: [{ action: 'batch:ListJobs' }] } });
  const { exitCode, result, stderr } = await prune();
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({ status: 'unchanged', outputs: { deregistered: [] } });
  expect(stderr).toContain('may use any revision: the jobs of queue nightly, the jobs of queue spot');
  expect(await contents(world())).toEqual(['a', 'b', 'c', 'd']);
});
