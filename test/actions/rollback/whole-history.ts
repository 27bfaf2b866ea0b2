import { CONTAINER, withContainer } from '../../support/definitions.ts';
import { arnOf, type ScheduleWorld } from '../schedule/schedule-world.ts';
import { fetching, pushImage, scriptBucket } from './artifacts.ts';
import { past, putRule, putSchedule } from './release-history.ts';

/**
 * Revisions 1 and 2 that nobody needs, 3 and 4 that were verified, 5 that was rejected and that a schedule was left with,
 * and 6 that runs by a schedule and a rule; all with an image in ECR and a script in S3.
 */
export async function wholeHistory(world: ScheduleWorld): Promise<void> {
  const { uri, digest } = await pushImage(world);
  const bucket = await scriptBucket(world);
  await bucket.put('released\n');
  bucket.close();
  const definition = withContainer(CONTAINER, { image: `${uri}@${digest}`, environment: fetching('released\n') });
  await past(
    world,
    { content: 'x', definition },
    { content: 'y', definition },
    { content: 'a', verified: true, definition },
    { content: 'b', verified: true, definition },
    { content: 'c', rejected: true, definition },
    { content: 'd', definition },
  );
  await putSchedule(world, 'left-behind', 'crawl:5');
  await putSchedule(world, 'nightly', arnOf(6));
  await putRule(world, 'weekly', arnOf(6));
}
