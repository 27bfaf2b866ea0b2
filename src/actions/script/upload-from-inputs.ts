import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Change } from '../../core/result.ts';
import { s3Url } from '../../core/s3-location.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { UploadInputs, UploadOutputs } from '../upload-script.ts';
import { readScript, type ScriptBundle } from './script-bundle.ts';
import { scriptLocation } from './script-location.ts';
import { uploadBundle } from './upload.ts';

/** The work of upload-script. */
export async function uploadFromInputs(inputs: UploadInputs, context: ActionContext): Promise<Outcome<UploadOutputs>> {
  const script = await readScript(inputs.script, context.cwd);
  const session = await context.openSession(inputs);
  const uploaded = await uploadScriptBundle(script, inputs.scriptDestination, session, context, inputs.dryRun);
  return { component: script.name, status: uploaded.status, changes: [uploaded.change], outputs: uploaded.outputs };
}

/** Throws (exit code 5) when the bucket of a destination does not exist. */
export async function checkBucket(destination: string, session: AwsSession): Promise<void> {
  const [bucket = ''] = destination.slice('s3://'.length).split('/');
  if (await (await session.s3()).hasBucket(bucket)) return;
  throw new DeployError({
    code: 's3.bucket_not_found',
    title: `there is no bucket ${bucket}`,
    message: `Asked for in ${session.region}, account ${session.identity.accountId}.`,
    hints: ['Check the name in script_destination, or create the bucket. Nothing was changed.'],
    exitCode: EXIT.notFound,
  });
}

/** Uploads a script that was read already; shared with release-batch-job. */
export async function uploadScriptBundle(
  script: ScriptBundle,
  destination: string,
  session: AwsSession,
  { progress }: ActionContext,
  dryRun: boolean,
): Promise<{ status: 'changed' | 'unchanged' | 'planned'; change: Change; outputs: ScriptOutputs }> {
  const location = scriptLocation(destination, script);
  const sent = await uploadBundle(script, location, { session, progress, dryRun });
  const batchFileS3Url = s3Url(location);
  return {
    status: dryRun ? 'planned' : sent ? 'changed' : 'unchanged',
    change: { resource: batchFileS3Url, kind: sent ? 'created' : 'unchanged' },
    outputs: { batchFileType: script.type, batchFileS3Url, batchFileSha256: script.sha256 },
  };
}

export interface ScriptOutputs {
  batchFileType: ScriptBundle['type'];
  batchFileS3Url: string;
  batchFileSha256: string;
}
