import { SubmitJobCommand } from '@aws-sdk/client-batch';
import { expect, it } from '@jest/globals';
import type { JobStatus } from '../../../src/plan/job-status/job-status.ts';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { past, runOn } from '../rollback/release-history.ts';
import { scheduleWorldForTests } from '../schedule/schedule-world.ts';

const world = scheduleWorldForTests();
const queue = batchQueueForTests(() => world().localAws);

/** Runs a job of a revision to its end. */
async function runJob(jobName: string, jobDefinition: string): Promise<void> {
  await queue().client.send(new SubmitJobCommand({ jobName, jobQueue: 'nightly', jobDefinition }));
  await world().localAws.control.advance(60_000, { settle: true });
}

async function overview(args: readonly string[] = []): Promise<JobStatus> {
  const { result } = await runOn(world(), 'job-status', args);
  return result.outputs['overview'] as unknown as JobStatus;
}

function play(...jobs: { match: string; outcome?: object; stuck?: string }[]): void {
  world().localAws.control.setScenario({ batch: { work: [], jobs: jobs as never } });
}

it('the last runs of all revisions are told with how they ended, the newest first', async () => {
  await past(world(), { content: 'a' }, { content: 'b' });
  play(
    { match: 'good', outcome: { exitCode: 0 } },
    { match: 'bad', outcome: { exitCode: 3 } },
    { match: 'waiting', stuck: 'RUNNABLE' },
  );
  await runJob('good', 'crawl:1');
  await runJob('bad', 'crawl:2');
  await runJob('waiting', 'crawl:2');
  const { runs, unread } = await overview();
  expect(unread).toEqual([]);
  expect(runs).toMatchObject([
    { name: 'waiting', state: 'RUNNABLE', revision: 2, exitCode: null, runSeconds: null, queue: 'nightly' },
    { name: 'bad', state: 'FAILED', revision: 2, exitCode: 3, reason: expect.stringContaining('exit code 3') },
    { name: 'good', state: 'SUCCEEDED', revision: 1, exitCode: 0, reason: null, runSeconds: 30 },
  ]);
  expect(runs[2]?.logLink).toContain('https://eu-west-1.console.aws.amazon.com/cloudwatch/');
});

it('as many runs are told as are asked for, in the queues that are named', async () => {
  await past(world(), { content: 'a' });
  play({ match: '*', outcome: { exitCode: 0 } });
  for (const name of ['one', 'two', 'three']) await runJob(name, 'crawl:1');
  const { runs } = await overview(['--runs', '2', '--job-queue', 'nightly']);
  expect(runs.map(({ name }) => name)).toEqual(['three', 'two']);
});

it('with --runs 0 no queue is looked at', async () => {
  await past(world(), { content: 'a' });
  world().calls();
  expect((await overview(['--runs', '0'])).runs).toEqual([]);
  expect(
    world()
      .calls()
      .filter((call) => /Job(s|Queues)$/.test(call)),
  ).toEqual([]);
});

it('how they ended may be what can not be read', async () => {
  await past(world(), { content: 'a' });
  play({ match: '*', outcome: { exitCode: 0 } });
  await runJob('one', 'crawl:1');
  world().localAws.control.setScenario({ iam: { deny: [{ action: 'batch:DescribeJobs' }] } });
  const { runs, unread } = await overview();
  expect(runs).toMatchObject([{ name: 'one', state: 'SUCCEEDED', revision: 1, exitCode: null, runSeconds: null }]);
  expect(unread).toEqual(['how the last jobs ended: not allowed: batch:DescribeJobs on the last jobs']);
});
