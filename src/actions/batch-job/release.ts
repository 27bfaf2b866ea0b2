import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { chooseContainer, containerSlots } from '../../plan/job-definition/containers.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import { buildAndPush } from '../image/build-and-push.ts';
import { prepareBuild } from '../image/prepare-build.ts';
import {
  checkEnvironmentNames,
  definitionName,
  definitionOutputs,
  readAndCheck,
  releaseJobDefinition,
} from '../job-definition/register.ts';
import { carriedRevision } from '../job-definition/release-definition.ts';
import { scriptContainer } from '../job-definition/release-inputs.ts';
import type { ReleaseInputs, ReleaseOutputs } from '../release-batch-job.ts';
import { readScript, type ScriptBundle } from '../script/script-bundle.ts';
import { checkBucket, uploadScriptBundle } from '../script/upload-from-inputs.ts';
import { checkSchedule, checkScheduleInputs, moveSchedule } from './move-schedule.ts';
import { proveRelease } from './prove-release.ts';
import { checkSmokeInputs, checkSmokeTest } from './smoke-test.ts';

/**
 * The work of release-batch-job: everything that can be checked is checked first; then image, script and definition, in
 * this order, so that a definition never names what is not there. Each part is safe to repeat.
 */
export async function releaseFromInputs(
  inputs: ReleaseInputs,
  context: ActionContext,
): Promise<Outcome<ReleaseOutputs>> {
  const { dryRun } = inputs;
  const givenName = definitionName(inputs.jobDefinition, inputs.jobDefinitionName);
  checkEnvironmentNames(inputs.environment);
  checkSmokeInputs(inputs);
  const scheduled = checkScheduleInputs(inputs);
  const file = await readAndCheck(inputs.jobDefinition, inputs.jobDefinitionName, context);
  if (file) checkContainers(file.definition, inputs);
  const script = await readReleaseScript(inputs, context);
  const build =
    inputs.repository === undefined
      ? undefined
      : await prepareBuild({ ...inputs, repository: inputs.repository }, context);

  const name = givenName ?? String(file?.definition['jobDefinitionName']);

  const session = await context.openSession(inputs);
  const base = file?.definition ?? (await carried(name, inputs, session));
  await checkSmokeTest(name, base, inputs, session);
  if (scheduled) await checkSchedule(scheduled, name, inputs, session, context);
  if (script) await checkBucket(script.destination, session);
  const pushed = build && (await buildAndPush(build, session, context, dryRun));
  const uploaded = script && (await uploadScriptBundle(script.bundle, script.destination, session, context, dryRun));
  const released = await releaseJobDefinition(
    {
      name,
      file,
      record: [],
      allowOlder: inputs.allowOlder,
      dryRun,
      plannedImage: dryRun ? pushed?.image : undefined,
      changes: {
        container: inputs.container,
        image: pushed?.image,
        script: uploaded && {
          type: uploaded.outputs.batchFileType,
          s3Url: uploaded.outputs.batchFileS3Url,
          sha256: uploaded.outputs.batchFileSha256,
        },
        environment: inputs.environment,
      },
    },
    session,
    context,
  );
  const proof = await proveRelease(released, inputs, session, context);
  const moved =
    scheduled && !proof.failure ? await moveSchedule(scheduled, released, inputs, session, context) : undefined;
  const parts = [pushed?.status, uploaded?.status, released.status, moved?.status];
  const isChanged = parts.includes('changed') || proof.changes.length > 0;
  const failure = proof.failure ?? moved?.failure;
  return {
    component: released.name,
    status: dryRun ? 'planned' : isChanged ? 'changed' : 'unchanged',
    changes: [
      ...(pushed?.changes ?? []),
      ...(uploaded ? [uploaded.change] : []),
      released.change,
      ...proof.changes,
      ...(moved?.changes ?? []),
    ],
    outputs: {
      ...definitionOutputs(released),
      imageDigest: pushed?.digest,
      ...uploaded?.outputs,
      ...proof.outputs,
      scheduleArn: moved?.outputs.scheduleArn,
      nextTimes: moved?.outputs.nextTimes,
    },
    ...(failure ? { failure } : {}),
  };
}

/** The revision to carry forward, checked: what can only fail after the push is found out before it. */
async function carried(name: string, inputs: ReleaseInputs, session: AwsSession): Promise<JsonObject> {
  const batch = await session.batch();
  const base = carriedRevision(name, await batch.activeRevisions(name), session);
  checkContainers(base, inputs);
  return base;
}

/** Throws (exit code 2) when it is not clear which container a part of the release is for. */
function checkContainers(base: JsonObject, inputs: ReleaseInputs): void {
  const { container, repository, script, environment, smokeEnvironment } = inputs;
  const slots = containerSlots(base);
  const isForOne = [repository, environment, smokeEnvironment].some((given) => given !== undefined);
  if (isForOne) chooseContainer(slots, container);
  if (script !== undefined) scriptContainer(base, slots, container);
}

async function readReleaseScript(
  { script, scriptDestination }: ReleaseInputs,
  { cwd }: ActionContext,
): Promise<{ bundle: ScriptBundle; destination: string } | undefined> {
  if (script === undefined && scriptDestination === undefined) return undefined;
  if (script === undefined || scriptDestination === undefined) {
    throw badArgument('script and script_destination go together', ['Give both, or neither.']);
  }
  return { bundle: await readScript(script, cwd), destination: scriptDestination };
}
