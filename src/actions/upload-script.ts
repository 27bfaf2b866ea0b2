import type { AwsSession } from '../aws/session.ts';
import type { Change } from '../core/result.ts';
import { s3Url } from '../core/s3-location.ts';
import type { ActionContext } from './context.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { readScript, type ScriptBundle } from './script/script-bundle.ts';
import { scriptLocation } from './script/script-location.ts';
import { uploadBundle } from './script/upload.ts';

export const uploadScript = defineAction({
  name: 'upload-script',
  summary: 'Upload a job script to S3 under its own hash, where no later upload can change it.',
  details: [
    'The key is <prefix>/<sha256>/<name>. What is there already is verified and not sent again; nothing is ever overwritten.',
    'A folder is uploaded as a zip whose bytes depend on nothing but the names, contents and executable bits of its files.',
  ],
  params: {
    script: { type: 'path', required: true, description: 'The script, or a folder that is uploaded as a zip.' },
    scriptDestination: {
      type: 'string',
      required: true,
      pattern: /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/,
      patternHint: 's3://bucket/prefix',
      description: 'Where scripts go: s3://bucket/prefix.',
    },
    ...changeParams,
  },
  outputs: {
    batchFileType: {
      type: 'string',
      description: 'script or zip: what a fetch-and-run image reads as BATCH_FILE_TYPE.',
    },
    batchFileS3Url: { type: 'string', description: 'The uploaded object, for BATCH_FILE_S3_URL.' },
    batchFileSha256: { type: 'string', description: 'SHA-256 of the object in hex, for BATCH_FILE_SHA256.' },
  },
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: ['sts:GetCallerIdentity', 's3:GetObject', 's3:PutObject', 's3:ListBucket'],
  async run(inputs, context) {
    const script = await readScript(inputs.script, context.cwd);
    const session = await context.openSession(inputs);
    const uploaded = await uploadScriptBundle(script, inputs.scriptDestination, session, context, inputs.dryRun);
    return { component: script.name, status: uploaded.status, changes: [uploaded.change], outputs: uploaded.outputs };
  },
});

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
