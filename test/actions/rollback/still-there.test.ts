import { describe, expect, it } from '@jest/globals';
import { CONTAINER, ECS, withContainer } from '../../support/definitions.ts';
import { scheduleWorldForTests } from '../schedule/schedule-world.ts';
import { deleteImage, fetching, pushImage, scriptBucket } from './artifacts.ts';
import { contents, past, runOn, tagged, type HistoryRun } from './release-history.ts';

const world = scheduleWorldForTests();

function rollBack(): Promise<HistoryRun> {
  return runOn(world(), 'rollback-job-definition');
}

async function expectNothingChanged(): Promise<void> {
  expect(await tagged(world(), 'rejected')).toEqual([]);
  expect(await contents(world())).toEqual(['good', 'bad']);
}

describe('the image must still exist', () => {
  it('in ECR, by its digest', async () => {
    const { uri, digest } = await pushImage(world());
    const definition = withContainer(CONTAINER, { image: `${uri}@${digest}` });
    await past(world(), { content: 'good', verified: true, definition }, { content: 'bad' });
    await deleteImage(world(), digest);
    const { exitCode, result } = await rollBack();
    expect(exitCode).toBe(5);
    expect(result.error).toMatchObject({
      code: 'ecr.image_not_found',
      title: `no such image in ECR: ${uri}@${digest}`,
    });
    await expectNothingChanged();
  });

  it('and when it does, the revision says its digest', async () => {
    const { uri, digest } = await pushImage(world());
    const definition = withContainer(CONTAINER, { image: `${uri}@${digest}` });
    await past(world(), { content: 'good', verified: true, definition }, { content: 'bad' });
    expect((await rollBack()).exitCode).toBe(0);
    expect(await tagged(world(), 'image-digest')).toEqual([3]);
  });

  it('of each container', async () => {
    const { uri, digest } = await pushImage(world());
    const containers = [
      { name: 'main', image: `${uri}@${digest}` },
      { name: 'proxy', image: `${uri}:gone` },
    ];
    const definition = { ...ECS, ecsProperties: { taskProperties: [{ containers }] } };
    await past(world(), { content: 'good', verified: true, definition }, { content: 'bad' });
    expect((await rollBack()).result.error?.title).toBe(`no such image in ECR: ${uri}:gone`);
    await expectNothingChanged();
  });

  it('or it is said that its registry was not asked', async () => {
    await past(world(), { content: 'good', verified: true }, { content: 'bad' });
    const { exitCode, stderr } = await rollBack();
    expect(exitCode).toBe(0);
    expect(stderr).toContain('ghcr.io was not asked whether it has this image');
  });

  it('and who may not look it up is told so: exit code 3', async () => {
    const { uri, digest } = await pushImage(world());
    const definition = withContainer(CONTAINER, { image: `${uri}@${digest}` });
    await past(world(), { content: 'good', verified: true, definition }, { content: 'bad' });
    world().localAws.control.setScenario({ iam: { deny: [{ action: 'ecr:DescribeImages' }] } });
    expect(await rollBack()).toMatchObject({ exitCode: 3 });
    await expectNothingChanged();
  });
});

describe('the script must still exist', () => {
  const definition = withContainer(CONTAINER, { environment: fetching('released\n') });

  it.each<[string, string | undefined, number, string | undefined]>([
    ['that is there as it was released', 'released\n', 0, undefined],
    ['that is gone', undefined, 5, 'the script is gone: s3://scripts/crawl.sh'],
    ['that was replaced', 'another\n', 5, 'the script is another one now: s3://scripts/crawl.sh'],
  ])('one %s', async (_what, body, exitCode, title) => {
    const bucket = await scriptBucket(world());
    await past(world(), { content: 'good', verified: true, definition }, { content: 'bad' });
    if (body !== undefined) await bucket.put(body);
    bucket.close();
    const run = await rollBack();
    expect(run.exitCode).toBe(exitCode);
    expect(run.result.error?.title).toBe(title);
    if (exitCode !== 0) await expectNothingChanged();
  });

  it('and when its whole bucket is gone, that is exit code 5 as well', async () => {
    await past(world(), { content: 'good', verified: true, definition }, { content: 'bad' });
    expect(await rollBack()).toMatchObject({ exitCode: 5 });
    await expectNothingChanged();
  });
});
