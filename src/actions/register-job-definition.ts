import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';

const params = {
  jobDefinition: {
    type: 'path',
    description: 'Job definition file, JSON or YAML, as "aws batch register-job-definition --cli-input-json" takes it.',
  },
  jobDefinitionName: {
    type: 'string',
    pattern: /^[A-Za-z0-9_-]{1,128}$/,
    patternHint: 'a name of letters, digits, hyphens and underscores, at most 128, without a revision',
    description: 'Name of the job definition. May be left out when the file says it.',
  },
  image: {
    type: 'string',
    description: 'Image for the container, by digest or tag; a tag in ECR is resolved to its digest.',
  },
  container: {
    type: 'string',
    description: 'Which container to change when there are several: its name, or for a multi-node job the node range.',
  },
  environment: {
    type: 'map',
    description: 'Environment variables to set in the container, NAME=VALUE a line; others stay as they are.',
  },
  removeEnvironment: {
    type: 'list',
    advanced: true,
    description: 'Environment variables to remove from the container, one name a line.',
  },
  parameters: {
    type: 'map',
    description: 'Default values for Ref:: placeholders in the command, NAME=VALUE a line; others stay.',
  },
  tags: { type: 'map', description: 'Tags for the revision, KEY=VALUE a line; others stay.' },
  timeout: { type: 'duration', description: 'Time limit of one attempt, at least 60s.' },
  retry: { type: 'integer', min: 1, max: 10, description: 'Attempts for each job; evaluateOnExit stays as it is.' },
  batchFileType: {
    type: 'enum',
    values: ['script', 'zip'],
    advanced: true,
    description: 'BATCH_FILE_TYPE for the container. When empty: from upload_script.',
  },
  batchFileS3Url: {
    type: 'string',
    advanced: true,
    description: 'BATCH_FILE_S3_URL for the container. When empty: from upload_script.',
  },
  batchFileSha256: {
    type: 'string',
    advanced: true,
    pattern: /^[0-9a-f]{64}$/,
    patternHint: '64 lower-case hex digits',
    description: 'BATCH_FILE_SHA256 for the container. When empty: from upload_script.',
  },
  allowOlder: {
    type: 'boolean',
    default: false,
    advanced: true,
    description: 'Replace what a newer pipeline has released, to go back by running an older pipeline again.',
  },
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type RegisterInputs = Inputs<typeof params>;

const outputs = {
  jobDefinitionName: { type: 'string', description: 'Name of the job definition.' },
  jobDefinitionArn: { type: 'string', description: 'ARN of the revision, with its number.' },
  revision: { type: 'integer', description: 'Number of the revision.' },
  image: { type: 'string', description: 'Image of the changed container, by digest when it could be resolved.' },
  definitionHash: {
    type: 'string',
    description: 'Hash of the definition as registered; equal definitions have equal hashes.',
  },
} as const satisfies Outputs;

export type RegisterOutputs = typeof outputs;

export const registerJobDefinition = defineAction({
  name: 'register-job-definition',
  summary: 'Register a new revision of an AWS Batch job definition, or say that nothing changed.',
  details: [
    'With job_definition, the file is the whole truth and nothing is merged from AWS. Without, the newest active revision is carried forward whole, and only what is asked for changes.',
    'The image and the script come from the parameters, or from earlier jobs of the same workflow. A revision is registered only when something differs; the diff is printed.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'ecr:GetAuthorizationToken',
    'ecr:DescribeImages',
    'batch:DescribeJobDefinitions',
    'batch:RegisterJobDefinition',
    'batch:TagResource',
    'iam:PassRole',
  ],
  async run(inputs, context) {
    const { registerFromInputs } = await import('./job-definition/register.ts');
    return registerFromInputs(inputs, context);
  },
});
