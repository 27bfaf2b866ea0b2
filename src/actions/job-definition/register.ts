import type { AwsSession } from '../../aws/session.ts';
import type { RecordEntry } from '../../circleci/release-record.ts';
import { badArgument } from '../../core/errors.ts';
import { parseImageReference } from '../../image/image-reference.ts';
import { tagProblems } from '../../plan/job-definition/checks.ts';
import { RESERVED_PREFIX } from '../../plan/job-definition/container-checks.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { RegisterInputs, RegisterOutputs } from '../register-job-definition.ts';
import { resolveImage } from '../resolve-image.ts';
import { applyChanges, type DefinitionChanges } from './apply-changes.ts';
import { checkDefinitionFile, readDefinitionFile, type DefinitionFile } from './definition-file.ts';
import { releaseDefinition, type ReleasedDefinition } from './release-definition.ts';
import type { ScriptLocation } from './release-inputs.ts';

/** The work of register-job-definition. */
export async function registerFromInputs(
  inputs: RegisterInputs,
  context: ActionContext,
): Promise<Outcome<RegisterOutputs>> {
  const name = definitionName(inputs.jobDefinition, inputs.jobDefinitionName);
  if (inputs.image !== undefined) parseImageReference(inputs.image);
  const changes = changesFrom(inputs);
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
      changes,
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
}

/** The name that is given; undefined when the file has to say it. Throws (exit code 2) when there is neither. */
export function definitionName(path: string | undefined, name: string | undefined): string | undefined {
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

/** AWS Batch takes no shorter limit. */
const SHORTEST_TIMEOUT_MS = 60_000;

/** What the inputs ask for. Throws (exit code 2) when they contradict each other or ask for what AWS refuses. */
function changesFrom(inputs: RegisterInputs): DefinitionChanges {
  const { container, image, environment, removeEnvironment, parameters, tags, timeout, retry: retryAttempts } = inputs;
  if (timeout !== undefined && timeout < SHORTEST_TIMEOUT_MS) {
    throw badArgument('timeout must be at least 60s', ['AWS Batch takes no shorter limit.']);
  }
  checkEnvironmentNames(environment);
  const [problem] = tagProblems({ ...tags });
  if (problem) throw badArgument(`${problem.path.join(': ')} ${problem.message}`);
  const timeoutSeconds = timeout === undefined ? undefined : Math.ceil(timeout / 1000);
  const script = scriptFrom(inputs);
  return { container, image, script, environment, removeEnvironment, parameters, tags, timeoutSeconds, retryAttempts };
}

/** Throws (exit code 2) for a variable that AWS Batch does not let a definition set. */
export function checkEnvironmentNames(
  environment: Readonly<Record<string, string>> | undefined,
  parameter = 'environment',
): void {
  const reserved = Object.keys(environment ?? {}).find((name) => name.startsWith(RESERVED_PREFIX));
  if (reserved === undefined) return;
  throw badArgument(`${parameter} must not set ${reserved}`, [
    `Names that begin with ${RESERVED_PREFIX} belong to AWS Batch itself.`,
  ]);
}

function scriptFrom({
  batchFileType: type,
  batchFileS3Url: s3Url,
  batchFileSha256: sha256,
}: RegisterInputs): ScriptLocation | undefined {
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
  /** In a dry run: the image that is not pushed, so that its registry can not be asked about it. */
  plannedImage?: string | undefined;
}

/** Registers what a release changes, with every image by its digest; shared with release-batch-job. */
export async function releaseJobDefinition(
  { name, file, record, changes, allowOlder, dryRun, plannedImage }: JobDefinitionRelease,
  session: AwsSession,
  context: ActionContext,
): Promise<ReleasedDefinition & { name: string }> {
  const resolved = new Map(plannedImage === undefined ? [] : [[plannedImage, plannedImage]]);
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
