import { describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { playJobs } from '../../support/submit-job.ts';
import { arnOf, GOOD, NEW_SCHEDULE, releaseWorldForTests, SCHEDULE, SMOKE, type ReleaseRun } from './release-world.ts';

const world = releaseWorldForTests();
const JOB = { CIRCLECI: 'true', CIRCLE_WORKFLOW_JOB_ID: '9a3c' };

/** A release that is canceled so many seconds after it began to wait. */
async function canceled(seconds: number): Promise<ReleaseRun> {
  playJobs(world().localAws, GOOD);
  await world().release('good', [...SMOKE, ...NEW_SCHEDULE]);
  const clock = drivingClock(world().localAws.control);
  const controller = new AbortController();
  clock.at(seconds * 1000, () => controller.abort());
  return world().release('new', [...SMOKE, ...SCHEDULE], { clock, signal: controller.signal, env: JOB });
}

describe.each([
  ['while the job waits', 1],
  ['while the job runs', 20],
])('a release that is canceled %s', (_when, seconds) => {
  it('is exit code 6: the job is ended, the revision unverified and the schedule where it was', async () => {
    const { result } = await canceled(seconds);
    expect(result).toMatchObject({ exitCode: 6, status: 'canceled' });
    await world().localAws.control.advance(600_000, { settle: true });
    const job = (await world().queue.jobs()).find(({ jobDefinition }) => jobDefinition === arnOf(2));
    expect(job).toMatchObject({ status: 'FAILED', statusReason: expect.stringContaining('canceled') });
    expect(await world().revisions()).toEqual([
      { content: 'good', tags: ['verified'] },
      { content: 'new', tags: [] },
    ]);
    expect(await world().scheduled()).toBe(arnOf(1));
  });

  it.each([
    ['again by itself', JOB],
    ['by hand', { ...JOB, CIRCLE_WORKFLOW_JOB_ID: 'b1d7' }],
  ])('goes on when it is run %s: the job that was ended is not held against the revision', async (_how, env) => {
    await canceled(seconds);
    const { result } = await world().release('new', [...SMOKE, ...SCHEDULE], { env });
    expect(result).toMatchObject({ exitCode: 0, outputs: { revision: 2, verified: true } });
    const own = (await world().queue.jobs()).filter(({ jobDefinition }) => jobDefinition === arnOf(2));
    expect(own).toHaveLength(2);
    expect(new Set(own.map(({ status }) => status))).toEqual(new Set(['FAILED', 'SUCCEEDED']));
    expect(await world().scheduled()).toBe(arnOf(2));
  });
});
