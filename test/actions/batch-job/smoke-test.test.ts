import { UpdateJobQueueCommand } from '@aws-sdk/client-batch';
import { describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { playJobs } from '../../support/submit-job.ts';
import { arnOf, BAD, GOOD, releaseWorldForTests, SMOKE } from './release-world.ts';

const world = releaseWorldForTests();
const play = (...rules: Parameters<typeof playJobs>[1][]): void => playJobs(world().localAws, ...rules);
const jobs = () => world().queue.jobs();

describe('a smoke test that succeeds', () => {
  it('verifies the revision, shows the log of the job, and is exit code 0', async () => {
    play(GOOD);
    const { result, said } = await world().release('a', SMOKE);
    expect(result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      outputs: {
        revision: 1,
        verified: true,
        exitCode: 0,
        jobId: expect.any(String),
        logLink: expect.stringContaining('https://'),
      },
    });
    expect(said).toContain('| crawled 3 pages');
    expect(await world().revisions()).toEqual([{ content: 'a', tags: ['verified'] }]);
    const [job] = await jobs();
    expect(result.changes).toContainEqual({ resource: job?.jobArn, kind: 'created' });
  });

  it('runs the revision by its number, with its own environment', async () => {
    play(GOOD);
    await world().release('a', [...SMOKE, '--smoke-environment', 'SMOKE=1']);
    const [job, ...others] = await jobs();
    expect(others).toEqual([]);
    expect(job?.jobDefinition).toBe(arnOf(1));
    expect(job?.container?.environment).toContainEqual({ name: 'SMOKE', value: '1' });
  });

  it('is not made again for a release that changes nothing', async () => {
    play(GOOD);
    await world().release('a', SMOKE);
    const { result, said } = await world().release('a', SMOKE);
    expect(result).toMatchObject({ exitCode: 0, status: 'unchanged', outputs: { revision: 1, verified: true } });
    expect(said).toContain('Revision 1 of crawl was verified before');
    expect(await jobs()).toHaveLength(1);
  });

  it('is made for a release that changes nothing, when the revision was never verified', async () => {
    play(GOOD);
    await world().release('a');
    const { result } = await world().release('a', SMOKE);
    expect(result).toMatchObject({ exitCode: 0, status: 'changed', outputs: { revision: 1, verified: true } });
    expect(await jobs()).toHaveLength(1);
  });
});

describe('without smoke_test', () => {
  it('a release is unverified, and says so', async () => {
    const { result, said } = await world().release('a');
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: false } });
    expect(said).toContain('It is unverified: no job of revision 1 of crawl has succeeded yet (smoke_test)');
    expect(result.events).toContainEqual(
      expect.objectContaining({ level: 'warn', text: expect.stringContaining('unverified') }),
    );
  });

  it('one that changes nothing is as verified as its revision', async () => {
    play(GOOD);
    await world().release('a', SMOKE);
    const { result } = await world().release('a');
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: true } });
  });
});

describe('a smoke test that fails', () => {
  async function releaseBad(args: readonly string[] = []) {
    play(GOOD);
    await world().release('good', SMOKE);
    play(BAD);
    return world().release('bad', [...SMOKE, ...args]);
  }

  it('rolls back: exit code 9, the verified content is registered anew and the failed one rejected', async () => {
    const { result, stderr } = await releaseBad();
    expect(result).toMatchObject({
      exitCode: 9,
      status: 'failed',
      outputs: { revision: 2, verified: false, exitCode: 3, rolledBackTo: 3 },
      error: {
        code: 'batch.smoke_test_failed',
        title: 'the smoke test failed; rolled back: revision 3 of crawl is revision 1 registered anew',
        message: expect.stringMatching(/^job crawl-[0-9a-f]{12} failed: exit code 3$/m),
      },
    });
    expect(stderr).toMatch(/^ *\| the site is gone$/m);
    expect(result.changes).toContainEqual(expect.objectContaining({ resource: arnOf(3) }));
    expect(await world().revisions()).toEqual([
      { content: 'good', tags: ['verified'] },
      { content: 'bad', tags: ['rejected'] },
      { content: 'good', tags: [] },
    ]);
  });

  it('is not what later jobs of the workflow find', async () => {
    await releaseBad();
    const { result } = await world().run('submit-job', ['--record', ...SMOKE.slice(1)]);
    // The release before it is what this workflow released.
    expect(result).toMatchObject({ component: 'crawl', changes: [{ kind: 'created' }] });
    const last = (await jobs()).find(({ jobArn }) => jobArn === result.changes[0]?.resource);
    expect(last?.jobDefinition).toBe(arnOf(1));
  });

  it('with on_failure: keep it stays the newest, unverified: exit code 10', async () => {
    const { result } = await releaseBad(['--on-failure', 'keep']);
    expect(result).toMatchObject({
      exitCode: 10,
      outputs: { revision: 2, verified: false, exitCode: 3 },
      error: {
        code: 'batch.smoke_test_failed',
        title: 'the smoke test failed; revision 2 of crawl is kept, unverified',
        hints: expect.arrayContaining([expect.stringContaining('aws-deploy rollback-job-definition')]),
      },
    });
    expect(result.outputs).not.toHaveProperty('rolledBackTo');
    expect(await world().revisions()).toEqual([
      { content: 'good', tags: ['verified'] },
      { content: 'bad', tags: [] },
    ]);
  });

  it('of the first release ever has nothing to go back to: exit code 10, and the revision stays', async () => {
    play(BAD);
    const { result } = await world().release('bad', SMOKE);
    expect(result).toMatchObject({
      exitCode: 10,
      error: { title: expect.stringMatching(/^the smoke test failed; there is nothing to go back to \(.*\)/) },
    });
    expect(result.error?.hints.join('\n')).not.toContain('Nothing was changed');
    expect(await world().revisions()).toEqual([{ content: 'bad', tags: [] }]);
  });

  it('and can not be rolled back is exit code 10, with both reasons', async () => {
    play(GOOD);
    await world().release('good', SMOKE);
    play(BAD);
    const { control } = world().localAws;
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'batch:TagResource' }] } });
    const { result } = await world().release('bad', SMOKE);
    expect(result).toMatchObject({
      exitCode: 10,
      error: {
        code: 'batch.smoke_test_failed_not_rolled_back',
        title: expect.stringContaining('batch:TagResource'),
        message: expect.stringContaining('failed: exit code 3'),
      },
    });
    expect(await world().revisions()).toMatchObject([{ content: 'good' }, { content: 'bad', tags: [] }]);
  });

  it('does not undo what another pipeline has released meanwhile: exit code 10, with both reasons', async () => {
    play(GOOD);
    await world().release('good', SMOKE);
    play(BAD);
    const clock = drivingClock(world().localAws.control);
    clock.at(10_000, () => world().queue.register());
    const { result } = await world().release('bad', SMOKE, { clock });
    expect(result).toMatchObject({
      exitCode: 10,
      error: {
        title: expect.stringContaining('superseded: nothing was changed, because by now there is revision 3'),
        message: expect.stringContaining('failed: exit code 3'),
      },
    });
    expect(await world().revisions()).toMatchObject([{}, { tags: [] }, { tags: [] }]);
  });

  it('once, and not when the same is released again, is no reason never to go back there', async () => {
    await releaseBad();
    play(GOOD);
    expect((await world().release('bad', SMOKE)).result).toMatchObject({ exitCode: 0, outputs: { revision: 4 } });
    play(BAD);
    const { result } = await world().release('worse', SMOKE);
    expect(result).toMatchObject({ exitCode: 9, outputs: { rolledBackTo: 6 } });
    expect((await world().revisions()).map(({ content }) => content)).toEqual([
      'good',
      'bad',
      'good',
      'bad',
      'worse',
      'bad',
    ]);
  });

  it('is run anew by the next release of the same content', async () => {
    await releaseBad(['--on-failure', 'keep']);
    play(GOOD);
    const { result } = await world().release('bad', SMOKE);
    expect(result).toMatchObject({ exitCode: 0, outputs: { revision: 2, verified: true } });
  });
});

describe('a smoke test that takes too long', () => {
  const STUCK = { stuck: 'RUNNABLE', statusReason: 'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT' };
  const SLOW = { outcome: { exitCode: 0 }, durations: { RUNNING: '5h' } };

  async function jobEnded(): Promise<void> {
    await world().localAws.control.advance(600_000, { settle: true });
    const last = (await jobs()).find(({ jobDefinition }) => jobDefinition === arnOf(2));
    expect(last).toMatchObject({ status: 'FAILED', statusReason: 'aws-deploy: its time is over' });
  }

  it.each([
    ['runnable_timeout', STUCK, ['--runnable-timeout', '2m'], 'did not start in 2m'],
    ['smoke_timeout', SLOW, ['--smoke-timeout', '20m', '--poll-interval', '60s'], 'did not end in 20m'],
  ])('%s: the job is ended and the release rolled back, exit code 9', async (_name, rule, args, told) => {
    play(GOOD);
    await world().release('good', SMOKE);
    play(rule);
    const { result } = await world().release('slow', [...SMOKE, ...args]);
    expect(result).toMatchObject({ exitCode: 9, error: { message: expect.stringContaining(told) } });
    expect(await world().revisions()).toMatchObject([{}, { tags: ['rejected'] }, { content: 'good' }]);
    await jobEnded();
  });

  it.each([
    ['runnable_timeout', STUCK, ['--runnable-timeout', '2m']],
    ['smoke_timeout', SLOW, ['--smoke-timeout', '20m', '--poll-interval', '60s']],
  ])('%s with on_failure: keep is exit code 8, the job is ended too', async (_name, rule, args) => {
    play(GOOD);
    await world().release('good', SMOKE);
    play(rule);
    const { result } = await world().release('slow', [...SMOKE, '--on-failure', 'keep', ...args]);
    expect(result).toMatchObject({ exitCode: 8, outputs: { verified: false } });
    expect(await world().revisions()).toMatchObject([{}, { content: 'slow', tags: [] }]);
    await jobEnded();
  });
});

describe('what says nothing about the revision does not roll it back', () => {
  it.each([
    ['the job may not be submitted', 'batch:SubmitJob', 3],
    ['the job can not be looked at', 'batch:DescribeJobs', 3],
    ['its success may not be kept as a tag', 'batch:TagResource', 3],
  ])('%s', async (_what, action, exitCode) => {
    play(GOOD);
    await world().release('good', SMOKE);
    const { control } = world().localAws;
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action }] } });
    const { result } = await world().release('new', SMOKE);
    expect(result).toMatchObject({
      exitCode,
      outputs: { revision: 2, verified: false },
      error: { title: expect.stringMatching(/^revision 2 of crawl is released, but unverified: /) },
    });
    expect(result.error?.title).toContain(action);
    expect(await world().revisions()).toMatchObject([{}, { content: 'new', tags: [] }]);
  });
});

describe('a queue that takes no jobs is found out before anything is changed', () => {
  it.each([
    ['missing', 'nowhere', 5, 'there is no job queue nowhere'],
    ['disabled', 'nightly', 4, 'job queue nightly is DISABLED'],
  ])('%s', async (_what, queue, exitCode, title) => {
    const { client } = world().queue;
    await client.send(new UpdateJobQueueCommand({ jobQueue: 'nightly', state: 'DISABLED' }));
    world().localAws.control.clearRequests();
    const { result } = await world().release('a', ['--smoke-test', '--job-queue', queue]);
    expect(result).toMatchObject({ exitCode, error: { title: expect.stringContaining(title) } });
    expect(operationsOf(world().localAws)).toEqual(['sts:GetCallerIdentity', 'batch:DescribeJobQueues']);
  });
});
