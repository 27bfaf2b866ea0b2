import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { parseS3Url, s3Url } from '../../core/s3-location.ts';
import { containerAt, containerSlots, imageOf } from '../../plan/job-definition/containers.ts';
import { environmentValue } from '../job-definition/release-inputs.ts';
import { resolveImage } from '../resolve-image.ts';

/** Stops (exit code 5) when an image or a script that a definition runs is gone; what can't be asked is said. */
export async function checkStillThere(definition: JsonObject, session: AwsSession, progress: Progress): Promise<void> {
  for (const slot of containerSlots(definition)) {
    const image = imageOf(definition, slot);
    if (image !== undefined) await resolveImage(image, session, progress);
    await checkScript(containerAt(definition, slot), session, progress);
  }
}

async function checkScript(container: JsonObject, session: AwsSession, progress: Progress): Promise<void> {
  const url = environmentValue(container, 'BATCH_FILE_S3_URL');
  const wanted = environmentValue(container, 'BATCH_FILE_SHA256');
  if (url === undefined) return;
  const location = parseS3Url(url);
  const found = location && (await (await session.s3()).sha256(location));
  if (location && found !== undefined && (wanted === undefined || found === wanted)) {
    progress.info(`The script is still there: ${s3Url(location)}`);
    return;
  }
  throw new DeployError({
    code: 's3.script_not_found',
    title: found === undefined ? `the script is gone: ${url}` : `the script is another one now: ${url}`,
    message:
      found === undefined
        ? 'S3 has no such object, or does not show it.'
        : `SHA-256 ${found}, and ${String(wanted)} was released.`,
    hints: ['Restore it, or go to another revision with to_revision. Nothing was changed.'],
    exitCode: EXIT.notFound,
  });
}
