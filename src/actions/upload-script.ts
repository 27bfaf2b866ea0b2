import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams } from './common-params.ts';
import { defineAction } from './define-action.ts';

const params = {
  script: { type: 'path', required: true, description: 'The script, or a folder that is uploaded as a zip.' },
  scriptDestination: {
    type: 'string',
    required: true,
    pattern: /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/,
    patternHint: 's3://bucket/prefix',
    description: 'Where scripts go: s3://bucket/prefix.',
  },
  ...changeParams,
} as const satisfies Params;

export type UploadInputs = Inputs<typeof params>;

const outputs = {
  batchFileType: {
    type: 'string',
    description: 'script or zip: what a fetch-and-run image reads as BATCH_FILE_TYPE.',
  },
  batchFileS3Url: { type: 'string', description: 'The uploaded object, for BATCH_FILE_S3_URL.' },
  batchFileSha256: { type: 'string', description: 'SHA-256 of the object in hex, for BATCH_FILE_SHA256.' },
} as const satisfies Outputs;

export type UploadOutputs = typeof outputs;

export const uploadScript = defineAction({
  name: 'upload-script',
  summary: 'Upload a job script to S3 under its own hash, where no later upload can change it.',
  details: [
    'The key is <prefix>/<sha256>/<name>. What is there already is verified and not sent again; nothing is ever overwritten.',
    'A folder is uploaded as a zip whose bytes depend on nothing but the names, contents and executable bits of its files.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: ['sts:GetCallerIdentity', 's3:GetObject', 's3:PutObject', 's3:ListBucket'],
  async run(inputs, context) {
    const { uploadFromInputs } = await import('./script/upload-from-inputs.ts');
    return uploadFromInputs(inputs, context);
  },
});
