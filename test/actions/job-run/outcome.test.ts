import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { CONTAINER } from '../../support/definitions.ts';
import { localAwsForTests } from '../../support/local-aws-world.ts';
import { playJobs, submit } from '../../support/submit-job.ts';

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);
beforeEach(() => queue().register());

/** Our tags of a revision. */
async function verifiedAt(revision: number): Promise<string | undefined> {
  const command = new DescribeJobDefinitionsCommand({ jobDefinitions: [`crawl:${revision}`] });
  const { jobDefinitions } = await queue().client.send(command);
  return jobDefinitions?.[0]?.tags?.['aws-deploy:verified'];
}

describe('a job that failed is exit code 10', () => {
  it('with its exit code and the last twenty lines of its log', async () => {
    const log = Array.from({ length: 30 }, (_none, index) => `line ${index}`);
    playJobs(localAws(), { outcome: { exitCode: 3, log } });
    const { result } = await submit(localAws());
    expect(result).toMatchObject({
      exitCode: 10,
      status: 'failed',
      component: 'crawl',
      outputs: { jobStatus: 'FAILED', exitCode: 3, attempts: 1, logLink: expect.stringContaining('https://') },
      error: { code: 'batch.job_failed', title: expect.stringMatching(/^job crawl-[0-9a-f]{12} failed: exit code 3$/) },
    });
    const message = result.error?.message ?? '';
    expect(message).toMatch(/\| line 29$/m);
    expect(message).toMatch(/\| line 1\d$/m);
    expect(message).not.toMatch(/\| line 9$/m);
  });

  it('the log is told before the end, and only what the last attempt wrote stands in the error', async () => {
    await queue().register({ ...CONTAINER, retryStrategy: { attempts: 2 } });
    playJobs(
      localAws(),
      { times: 1, outcome: { exitCode: 1, log: ['one'] } },
      { outcome: { exitCode: 2, log: ['two'] } },
    );
    const { result, said } = await submit(localAws(), ['--poll-interval', '60s']);
    const order = ['| one', 'Attempt 1 ended', '| two', 'Attempt 2 ended', 'FAILED'];
    const places = order.map((start) => said.findIndex((line) => line.startsWith(start)));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(result.error?.message).toContain('| two');
    expect(result.error?.message).not.toContain('| one');
  });

  it('with each of its attempts', async () => {
    await queue().register({ ...CONTAINER, retryStrategy: { attempts: 2 } });
    playJobs(localAws(), { times: 1, outcome: { exitCode: 1 } }, { outcome: { exitCode: 2 } });
    const { result } = await submit(localAws());
    expect(result.outputs).toMatchObject({ exitCode: 2, attempts: 2 });
    expect(result.error?.message).toMatch(/^Attempt 1: exit code 1.*\n^Attempt 2: exit code 2/m);
  });

  it('with advice where the reason is of AWS', async () => {
    playJobs(localAws(), { outcome: { reason: 'CannotPullContainerError: manifest unknown' } });
    const { result } = await submit(localAws());
    expect(result).toMatchObject({
      exitCode: 10,
      error: { title: expect.stringContaining('CannotPullContainerError') },
    });
    expect(result.error?.hints.join(' ')).toContain('The image could not be pulled');
  });

  it('and its revision is not verified', async () => {
    playJobs(localAws(), { outcome: { exitCode: 3 } });
    const { result } = await submit(localAws(), ['--mark-verified']);
    expect(result.exitCode).toBe(10);
    expect(await verifiedAt(1)).toBeUndefined();
  });
});

describe('mark_verified', () => {
  it('tags the revision that ran with the time of the proof, after success', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 } });
    await queue().register();
    const { said } = await submit(localAws(), ['--revision', '1', '--mark-verified']);
    const [job] = await queue().jobs();
    expect(await verifiedAt(1)).toBe(new Date(job?.stoppedAt ?? 0).toISOString());
    expect(await verifiedAt(2)).toBeUndefined();
    expect(said).toContain('Revision crawl:1 is verified');
  });

  it('is not done unless asked for', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 } });
    await submit(localAws());
    expect(await verifiedAt(1)).toBeUndefined();
  });

  it('not allowed: the job succeeded and the step fails, because the revision is not verified', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 } });
    const { control } = localAws();
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'batch:TagResource' }] } });
    const { result } = await submit(localAws(), ['--mark-verified']);
    expect(result).toMatchObject({
      exitCode: 3,
      outputs: { jobStatus: 'SUCCEEDED' },
      error: { title: expect.stringContaining('not allowed: batch:TagResource') },
    });
  });

  it('a job that is followed again proves the revision that it ran, not a newer one', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 } });
    await submit(localAws(), ['--no-wait', '--idempotency-key', 'k']);
    await queue().register();
    const { result } = await submit(localAws(), ['--mark-verified', '--idempotency-key', 'k']);
    expect(result.exitCode).toBe(0);
    expect(await verifiedAt(1)).toBeDefined();
    expect(await verifiedAt(2)).toBeUndefined();
  });
});

describe('an array', () => {
  it('that succeeded tells how its children went', async () => {
    playJobs(localAws(), { outcome: { exitCode: 0 } });
    const { result, said } = await submit(localAws(), ['--array-size', '3', '--poll-interval', '1s']);
    expect(result).toMatchObject({ exitCode: 0, outputs: { jobStatus: 'SUCCEEDED' } });
    expect(Object.keys(result.outputs)).not.toContain('failedIndexes');
    expect(said.some((line) => /^SUCCEEDED \(3 SUCCEEDED\)$/.test(line))).toBe(true);
    expect(said.some((line) => /^PENDING \(.*RUNN/.test(line))).toBe(true);
  });

  it('that failed tells which indexes failed and how, with the log of the first', async () => {
    playJobs(
      localAws(),
      { times: 1, outcome: { exitCode: 0, log: ['fine'] } },
      { times: 2, outcome: { exitCode: 4, log: ['it broke'] } },
      { outcome: { exitCode: 0 } },
    );
    const { result, said } = await submit(localAws(), ['--array-size', '4']);
    const failed = result.outputs['failedIndexes'] as string[];
    expect(failed).toHaveLength(2);
    expect(result).toMatchObject({
      exitCode: 10,
      error: {
        title: expect.stringMatching(/failed: 2 of 4 children failed$/),
        message: expect.stringContaining('exit code 4'),
      },
    });
    expect(result.error?.message).toContain('| it broke');
    expect(said).toContain(`The log of index ${failed[0]}, the first that failed`);
    expect(said.filter((line) => line === '| it broke')).toHaveLength(1);
  });

  it('with more children than a page lists tells all that failed', async () => {
    playJobs(localAws(), { outcome: { exitCode: 1 } });
    const { result } = await submit(localAws(), ['--array-size', '1200']);
    expect(result.outputs['failedIndexes']).toEqual(Array.from({ length: 1200 }, (_none, index) => String(index)));
    expect(result.error?.message).toContain(': 0-1199');
  });
});
