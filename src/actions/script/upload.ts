import { s3Url, type S3Location } from '../../core/s3-location.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Progress } from '../../core/progress.ts';
import type { ScriptBundle } from './script-bundle.ts';

/**
 * Puts the script where its hash says, unless it is there. Nothing is overwritten: a key that is taken must hold the
 * same bytes (exit code 10 otherwise).
 * @returns whether it was sent, or in a dry run whether it would be
 */
export async function uploadBundle(
  script: ScriptBundle,
  location: S3Location,
  { session, progress, dryRun }: { session: AwsSession; progress: Progress; dryRun: boolean },
): Promise<boolean> {
  const s3 = await session.s3();
  const url = s3Url(location);
  const there = await s3.sha256(location);
  if (there === undefined) {
    progress.step(`${dryRun ? 'Would upload' : 'Uploading'} ${url} (${script.bytes.length} bytes)`);
    if (dryRun || (await s3.putNew(location, script.bytes, script.sha256))) return true;
  }
  const holds = there ?? (await s3.sha256(location));
  if (holds !== script.sha256) throw otherContent(url, script.sha256, holds);
  progress.info(`Already there, and verified: ${url}`);
  return false;
}

function otherContent(url: string, wanted: string, holds: string | undefined): DeployError {
  return new DeployError({
    code: 's3.other_content',
    title: `${url} holds something else`,
    message:
      holds === undefined ? 'It exists but can not be read.' : `Its SHA-256 is ${holds}, and ${wanted} was expected.`,
    hints: ['Something else writes under this prefix, or s3:GetObject is not allowed. Nothing was overwritten.'],
    exitCode: EXIT.failedNotRolledBack,
  });
}
