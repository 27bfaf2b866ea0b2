import type { AwsSession } from '../../aws/session.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { parseS3Url } from '../../core/s3-location.ts';
import { parseImageReference } from '../../image/image-reference.ts';
import { containerAt, containerSlots, imageOf } from '../../plan/job-definition/containers.ts';
import type { ContainerStatus, ScriptStatus } from '../../plan/job-status/job-status.ts';
import { environmentValue } from '../job-definition/release-inputs.ts';
import { isInOurRegistry } from '../resolve-image.ts';
import type { Unread } from './unread.ts';

/** Of each container the image and the script, and whether they still exist. */
export async function containerStatuses(
  definition: JsonObject,
  session: AwsSession,
  unread: Unread,
  progress: Progress,
): Promise<ContainerStatus[]> {
  const statuses: ContainerStatus[] = [];
  for (const slot of containerSlots(definition)) {
    const image = imageOf(definition, slot);
    const found = image === undefined ? NO_IMAGE : await imageStatus(image, session, unread, progress);
    const script = await scriptStatus(containerAt(definition, slot), session, unread);
    statuses.push({ label: slot.label, image: image ?? null, ...found, script });
  }
  return statuses;
}

type ImageStatus = Pick<ContainerStatus, 'digest' | 'imageState'>;

const NO_IMAGE: ImageStatus = { digest: null, imageState: 'not asked' };

function imageStatus(image: string, session: AwsSession, unread: Unread, progress: Progress): Promise<ImageStatus> {
  const unreadable: ImageStatus = { digest: null, imageState: 'unreadable' };
  return unread.unless(
    `image ${image}`,
    async (): Promise<ImageStatus> => {
      const reference = parseImageReference(image);
      const { repository, tag, digest } = reference;
      if (!(await isInOurRegistry(reference, session, progress))) {
        return { digest: digest ?? null, imageState: 'not asked' };
      }
      const wanted = digest === undefined ? { tag: tag ?? 'latest' } : { digest };
      const found = await (await session.ecr()).imageDigest(repository, wanted);
      return { digest: found ?? digest ?? null, imageState: found === undefined ? 'gone' : 'there' };
    },
    unreadable,
  );
}

async function scriptStatus(container: JsonObject, session: AwsSession, unread: Unread): Promise<ScriptStatus | null> {
  const url = environmentValue(container, 'BATCH_FILE_S3_URL');
  const sha256 = environmentValue(container, 'BATCH_FILE_SHA256');
  if (url === undefined) return null;
  const state = await unread.unless(
    `script ${url}`,
    async (): Promise<ScriptStatus['state']> => {
      const location = parseS3Url(url);
      const found = location && (await (await session.s3()).sha256(location));
      if (found === undefined) return 'gone';
      return sha256 === undefined || found === sha256 ? 'there' : 'changed';
    },
    'unreadable',
  );
  return { url, sha256: sha256 ?? null, state };
}
