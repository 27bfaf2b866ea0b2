import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  FAR_NIGHT,
  nightlySchedule,
  playJobs,
  prepareBatch,
  revisionOf,
  SCHEDULER_ROLE,
} from './support/batch-world.ts';
import { succeeded } from './support/child-process.ts';
import { resultsIn } from './support/circleci-job.ts';
import { BUCKET } from './support/local-cloud.ts';
import { whileTimePasses } from './support/passing-time.ts';
import { workflowForTests } from './support/workflow.ts';

const workflow = workflowForTests();

describe('a release that is run, proven and scheduled', () => {
  const scheduling = { schedule_name: 'nightly', schedule: FAR_NIGHT, schedule_role_arn: SCHEDULER_ROLE };
  const released = () => ({
    job_definition: 'job-definition.json',
    repository: 'crawl',
    create_repository: true,
    builder: 'embedded',
    build_args: `BASE=${workflow().cloud.base}`,
    script: 'job/crawl.sh',
    script_destination: `s3://${BUCKET}/jobs`,
  });

  beforeEach(() => prepareBatch(workflow().cloud, []));

  /** The revisions, with what proves them, and the schedules. */
  const definitionsAndSchedules = () => [workflow().revisions(), workflow().cloud.control.state()['scheduler']];

  it('comes by separate jobs, connected by the record, to what release_batch_job comes to in one', async () => {
    await whileTimePasses(workflow().cloud.control, async () => {
      const more = { smoke_test: true, job_queue: 'nightly', poll_interval: '1s', ...scheduling };
      succeeded(await workflow().job('release_batch_job', { ...released(), ...more }));
    });
    const inOne = definitionsAndSchedules();
    await workflow().cloud.restart();
    await prepareBatch(workflow().cloud, []);

    await whileTimePasses(workflow().cloud.control, async () => {
      succeeded(await workflow().job('release_batch_job', released()));
      succeeded(await workflow().job('submit_job', { job_queue: 'nightly', mark_verified: true, poll_interval: '1s' }));
      succeeded(await workflow().job('schedule_job', { job_queue: 'nightly', ...scheduling }));
    });
    expect(definitionsAndSchedules()).toEqual(inOne);
    expect(workflow().revisions()).toMatchObject([{ tags: { 'aws-deploy:verified': expect.any(String) } }]);
    expect(nightlySchedule(workflow().cloud.control).input).toMatchObject({
      JobDefinition: revisionOf(1),
      JobQueue: 'nightly',
    });
  });

  it('runs and schedules the revision of the workflow, also when there is a newer one', async () => {
    succeeded(await workflow().job('release_batch_job', released()));
    const register = ['register-job-definition', '--job-definition-name', 'crawl', '--parameters', 'by=hand'];
    succeeded(await workflow().work.run(register));
    const { container } = succeeded(await workflow().job('submit_job', { job_queue: 'nightly', wait: false }));
    succeeded(await workflow().job('schedule_job', { job_queue: 'nightly', ...scheduling }));
    expect(workflow().revisions()).toHaveLength(2);
    const [submitted] = await resultsIn(container.home);
    expect(submitted).toMatchObject({ component: 'crawl', status: 'changed' });
    expect(submitted?.events?.map(({ text }) => text)).toContainEqual(expect.stringMatching(/with crawl:1$/));
    expect(nightlySchedule(workflow().cloud.control).input).toMatchObject({ JobDefinition: revisionOf(1) });
  });

  it('stops before the schedule when the job fails, and leaves the revision unverified', async () => {
    playJobs(workflow().cloud.control, { match: 'crawl*', outcome: { exitCode: 3, log: ['no such page'] } });
    succeeded(await workflow().job('release_batch_job', released()));
    const { code, output } = await whileTimePasses(workflow().cloud.control, () =>
      workflow().job('submit_job', { job_queue: 'nightly', mark_verified: true, poll_interval: '1s' }),
    );
    expect({ code, output }).toMatchObject({ code: 10, output: expect.stringContaining('| no such page') });
    expect(Object.keys(workflow().revisions()[0]?.['tags'] ?? {})).not.toContain('aws-deploy:verified');
  });
});
