import { describe, expect, it } from '@jest/globals';
import type { ExitCode } from '../../../src/core/exit-codes.ts';
import { playJobs } from '../../support/submit-job.ts';
import { arnOf, GOOD, NEW_SCHEDULE, releaseWorldForTests, SCHEDULE, SMOKE } from './release-world.ts';

const world = releaseWorldForTests();

/** Releases of two pipelines that are under way at the same time, from the same beginning. */
async function atOnce(): Promise<{ older: ExitCode; newer: ExitCode }> {
  playJobs(world().localAws, GOOD);
  await world().release('first', [...SMOKE, ...NEW_SCHEDULE], { env: { AWS_DEPLOY_PIPELINE_NUMBER: '4' } });
  const release = (pipeline: number) =>
    world().run(
      'release-batch-job',
      [...['--job-definition-name', 'crawl', '--environment', `BY_${pipeline}=1`], ...SMOKE, ...SCHEDULE],
      { env: { AWS_DEPLOY_PIPELINE_NUMBER: String(pipeline), CIRCLE_WORKFLOW_JOB_ID: `job-${pipeline}` } },
    );
  const [older, newer] = await Promise.all([release(5), release(6)]);
  return { older: older.result.exitCode, newer: newer.result.exitCode };
}

describe('two pipelines that release at the same time', () => {
  it('leave the schedule at a verified revision that has what the newer one has released', async () => {
    const { older, newer } = await atOnce();
    expect([0, 11]).toContain(older);
    expect(newer).toBe(0);
    const scheduled = await world().scheduled();
    const all = await world().described();
    const runs = all.find(({ revision }) => arnOf(Number(revision)) === scheduled);
    expect(runs?.containerProperties?.environment?.map(({ name }) => name)).toContain('BY_6');
    expect(runs?.tags).toHaveProperty('aws-deploy:verified');
  });
});
