import type { AwsSession } from '../aws/session.ts';
import type { RecordEntry } from '../circleci/release-record.ts';
import { badArgument } from '../core/errors.ts';
import { parseImageReference } from '../image/image-reference.ts';
import { changeParams, recordParams } from './common-params.ts';
import type { ActionContext } from './context.ts';
import { defineAction } from './define-action.ts';
import { applyChanges, type DefinitionChanges } from './job-definition/apply-changes.ts';
import { checkDefinitionFile, readDefinitionFile, type DefinitionFile } from './job-definition/definition-file.ts';
import { releaseDefinition, type ReleasedDefinition } from './job-definition/release-definition.ts';
import type { ScriptLocation } from './job-definition/release-inputs.ts';
import { resolveImage } from './resolve-image.ts';

export const registerJobDefinition = defineAction({
  name: 'register-job-definition',
  summary: 'Register a new revision of an AWS Batch job definition, or say that nothing changed.',
  details: [
    'With job_definition, the file is the whole truth and nothing is merged from AWS. Without, the newest active revision is carried forward whole, and only what is asked for changes.',
    'The image and the script come from the parameters, or from earlier jobs of the same workflow. A revision is registered only when something differs; the diff is printed.',
  ],
  params: {
    jobDefinition: {
      type: 'path',
      description:
        'Job definition file, JSON or YAML, as "aws batch register-job-definition --cli-input-json" takes it.',
    },
    jobDefinitionName: {
      type: 'string',
      description: 'Name of the job definition. May be left out when the file says it.',
    },
    image: {
      type: 'string',
      description: 'Image for the container, by digest or tag; a tag in ECR is resolved to its digest.',
    },
    container: {
      type: 'string',
      description:
        'Which container to change when there are several: its name, or for a multi-node job the node range.',
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
  },
  outputs: {
    jobDefinitionName: { type: 'string', description: 'Name of the job definition.' },
    jobDefinitionArn: { type: 'string', description: 'ARN of the revision, with its number.' },
    revision: { type: 'integer', description: 'Number of the revision.' },
    image: { type: 'string', description: 'Image of the changed container, by digest when it could be resolved.' },
    definitionHash: {
      type: 'string',
      description: 'Hash of the definition as registered; equal definitions have equal hashes.',
    },
  },
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
    const name = definitionName(inputs.jobDefinition, inputs.jobDefinitionName);
    if (inputs.image !== undefined) parseImageReference(inputs.image);
    const file = await readAndCheck(inputs.jobDefinition, inputs.jobDefinitionName, context);
    const record = await context.readRecord(inputs.record);
    const session = await context.openSession(inputs);
    const released = await releaseJobDefinition(
      {
        name: name ?? String(file?.definition['jobDefinitionName']),
        file,
        record,
        allowOlder: inputs.allowOlder,
        dryRun: inputs.dryRun,
        changes: {
          container: inputs.container,
          image: inputs.image,
          script: scriptFrom(inputs),
          environment: inputs.environment,
          removeEnvironment: inputs.removeEnvironment,
          parameters: inputs.parameters,
          tags: inputs.tags,
          timeoutSeconds: inputs.timeout === undefined ? undefined : Math.ceil(inputs.timeout / 1000),
          retryAttempts: inputs.retry,
        },
      },
      session,
      context,
    );
    return {
      component: released.name,
      status: released.status,
      changes: [released.change],
      outputs: definitionOutputs(released),
    };
  },
});

/** The name that is given; undefined when the file has to say it. Throws (exit code 2) when there is neither. */
function definitionName(path: string | undefined, name: string | undefined): string | undefined {
  if (path === undefined && name === undefined) {
    throw badArgument('neither job_definition nor job_definition_name is given', [
      'Give job_definition (a file that is the whole truth), or job_definition_name (the newest revision is carried forward).',
    ]);
  }
  return name;
}

/** Reads the definition file, if one is given, and checks it offline. */
export async function readAndCheck(
  path: string | undefined,
  name: string | undefined,
  { cwd, progress }: ActionContext,
): Promise<DefinitionFile | undefined> {
  if (path === undefined) return undefined;
  const file = await readDefinitionFile(path, cwd, name);
  await checkDefinitionFile(file, progress);
  return file;
}

function scriptFrom(inputs: {
  batchFileType: string | undefined;
  batchFileS3Url: string | undefined;
  batchFileSha256: string | undefined;
}): ScriptLocation | undefined {
  const { batchFileType: type, batchFileS3Url: s3Url, batchFileSha256: sha256 } = inputs;
  if (type !== undefined && s3Url !== undefined && sha256 !== undefined) return { type, s3Url, sha256 };
  if (type === undefined && s3Url === undefined && sha256 === undefined) return undefined;
  throw badArgument('batch_file_type, batch_file_s3_url and batch_file_sha256 go together', [
    'Give all three, or none.',
  ]);
}

export interface JobDefinitionRelease {
  name: string;
  file: DefinitionFile | undefined;
  record: readonly RecordEntry[];
  changes: DefinitionChanges;
  allowOlder: boolean;
  dryRun: boolean;
}

/** Registers what a release changes, with every image by its digest; shared with release-batch-job. */
export async function releaseJobDefinition(
  { name, file, record, changes, allowOlder, dryRun }: JobDefinitionRelease,
  session: AwsSession,
  context: ActionContext,
): Promise<ReleasedDefinition & { name: string }> {
  const resolved = new Map<string, string>();
  const sources = {
    record,
    resolveAll: file !== undefined,
    async resolveImage(image: string) {
      const known = resolved.get(image) ?? (await resolveImage(image, session, context.progress));
      resolved.set(image, known);
      return known;
    },
  };
  const released = await releaseDefinition(
    { name, file, allowOlder, dryRun, edit: (base) => applyChanges(base, changes, sources) },
    session,
    context,
  );
  return { ...released, name };
}

export function definitionOutputs(released: ReleasedDefinition & { name: string }): {
  jobDefinitionName: string;
  jobDefinitionArn: string | undefined;
  revision: number | undefined;
  image: string | undefined;
  definitionHash: string;
} {
  return {
    jobDefinitionName: released.name,
    jobDefinitionArn: released.arn,
    revision: released.revision,
    image: released.image,
    definitionHash: released.hash,
  };
}
