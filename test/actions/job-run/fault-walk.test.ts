import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { submitJob } from '../../../src/actions/submit-job.ts';
import type { FaultKind } from '../../../src/local-aws/faults.ts';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { localAwsForTests } from '../../support/local-aws-world.ts';
import { playJobs, submit, type SubmitRun } from '../../support/submit-job.ts';

// Every call of a run fails once, in every way that passes by itself: the run copes, with one job and its revision proven.

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);
beforeEach(async () => {
  await queue().register();
  playJobs(localAws(), { outcome: { exitCode: 0, log: ['crawling'] } });
});

const run = (): Promise<SubmitRun> =>
  submit(localAws(), ['--mark-verified', '--idempotency-key', 'k'], { env: { AWS_MAX_ATTEMPTS: '3' } });

const OPERATIONS = [
  'sts:GetCallerIdentity',
  'batch:DescribeJobQueues',
  'batch:ListJobs',
  'batch:DescribeJobDefinitions',
  'batch:SubmitJob',
  'batch:DescribeJobs',
  'logs:GetLogEvents',
  'batch:TagResource',
];
const PASSING: readonly FaultKind[] = ['throttle', '500', 'reset-before', 'reset-after-apply'];

describe.each(PASSING)('%s', (kind) => {
  it.each(OPERATIONS)('at %s', async (operation) => {
    localAws().control.addFault({ operation, kind });
    const { result, said } = await run();
    expect(result).toMatchObject({ exitCode: 0, outputs: { jobStatus: 'SUCCEEDED' } });
    expect(said.filter((line) => line === '| crawling')).toHaveLength(1);
    expect(
      localAws()
        .control.requests()
        .filter(({ fault }) => fault !== undefined),
    ).toHaveLength(1);
    expect(await queue().jobs()).toHaveLength(1);
    const command = new DescribeJobDefinitionsCommand({ jobDefinitions: ['crawl:1'] });
    const { jobDefinitions } = await queue().client.send(command);
    expect(Object.keys(jobDefinitions?.[0]?.tags ?? {})).toEqual(['aws-deploy:verified']);
  });
});

it('the calls of the walk are those that a run makes, and all of them are declared', async () => {
  localAws().control.clearRequests();
  await run();
  const made = new Set(
    localAws()
      .control.requests()
      .map(({ operation }) => operation),
  );
  // What the job itself does is not ours.
  const called = [...made].filter((operation) => !/^logs:(Create|Put)/.test(operation));
  expect(called.filter((operation) => operation !== 'batch:GetJobQueueSnapshot').toSorted()).toEqual(
    OPERATIONS.toSorted(),
  );
  expect(submitJob.awsCalls).toEqual(expect.arrayContaining(called));
});
