import type { BatchOperations } from '../../aws/batch.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Change } from '../../core/result.ts';
import { carryForward } from '../../plan/job-definition/carry-forward.ts';
import { containerSlots, imageOf } from '../../plan/job-definition/containers.ts';
import { diffDefinitions } from '../../plan/job-definition/diff.ts';
import { mergeDefinitions } from '../../plan/job-definition/merge.ts';
import {
  newestRevision,
  planRevision,
  revisionArn,
  revisionNumber,
  settle,
  type RevisionPlan,
} from '../../plan/job-definition/next-revision.ts';
import { lastingTags, ourTag, type ReleaseFacts } from '../../plan/job-definition/our-tags.ts';
import type { ActionContext } from '../context.ts';
import { checkDefinition, type DefinitionFile } from './definition-file.ts';
import { proveRevision, registerRevision } from './register-revision.ts';
import { artifactFacts } from './release-inputs.ts';

/** How often a release starts anew because another one came in between. */
const MOST_ROUNDS = 5;

export interface DefinitionRelease {
  name: string;
  /** The whole truth; undefined to carry the newest revision forward. */
  file: DefinitionFile | undefined;
  /** Makes the release's edits. May ask ECR about images, so it is not pure. */
  edit(base: JsonObject): Promise<JsonObject>;
  allowOlder: boolean;
  dryRun: boolean;
}

export interface ReleasedDefinition {
  status: 'changed' | 'unchanged' | 'planned';
  change: Change;
  /** ARN and number of the newest revision; in a dry run those of the one that is there, if any. */
  arn: string | undefined;
  revision: number | undefined;
  hash: string;
  /** Image of the first container. */
  image: string | undefined;
}

/** Brings a job definition to what a release asks for: finds, edits, checks, registers when something differs, and proves it. */
export async function releaseDefinition(
  release: DefinitionRelease,
  session: AwsSession,
  context: ActionContext,
): Promise<ReleasedDefinition> {
  const batch = await session.batch();
  const { progress } = context;
  let merged: JsonObject | undefined;
  let done: ReleasedDefinition | undefined;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const active = await batch.activeRevisions(release.name);
    const newest = newestRevision(active);
    const base = release.file?.definition ?? merged ?? carriedRevision(release.name, active, session);
    const desired = await release.edit(base);
    const plan = planRevision({
      desired,
      active,
      facts: releaseFacts(desired, context),
      allowOlder: release.allowOlder,
    });
    if (plan.kind === 'superseded') throw superseded(plan.newest, `pipeline ${plan.byPipeline} has released revision`);
    if (plan.kind === 'nothing') {
      // What an earlier run registered may have come out otherwise, and then is not what was asked for.
      proveRevision(plan.newest, desired, `revision ${revisionNumber(plan.newest)} of ${release.name}`);
      return done ?? nothingToDo(plan.newest, release, progress);
    }
    checkDefinition(plan.definition, release.file?.file);
    sayPlan(release, newest, plan, progress);
    if (release.dryRun) return planned(newest, plan);

    const above = newest ? revisionNumber(newest) : 0;
    const revision = await registerRevision(batch, plan.definition, above, context);
    const activeNow = await batch.activeRevisions(release.name);
    const { allowOlder } = release;
    const outcome = settle({ ours: revision, above, carried: !release.file, active: activeNow, allowOlder });
    if (outcome.kind === 'superseded') {
      if (await isContained(release, outcome.newest)) return registered(outcome.newest, newest, plan);
      throw superseded(outcome.newest, `revision ${revision} was registered, but another release has made revision`);
    }
    const own = activeNow.find((described) => revisionNumber(described) === revision);
    proveRevision(own, plan.definition, `revision ${revision} of ${release.name}`);
    if (outcome.kind === 'give-way') throw await giveWay(outcome.to, revision, batch, context);
    done = registered(own, newest, plan);
    progress.info(`Registered and read back: ${done.arn}`);
    if (outcome.kind === 'stands') return done;
    progress.warn(
      `Revision ${revisionNumber(outcome.from)} came from another release meanwhile; taking it into account`,
    );
    // What this release itself asks for is set again by its edits, so the other one counts here.
    merged = mergeDefinitions(carryForward(newest ?? {}), carryForward(own), carryForward(outcome.from));
  }
  throw new DeployError({
    code: 'batch.contended',
    title: `other releases of ${release.name} kept coming in between`,
    hints: ['Put the releases of one job definition into one serial-group, and run this one again.'],
    exitCode: EXIT.superseded,
  });
}

/** Another release carried ours forward before it made its own changes: what was asked for is there. */
async function isContained(release: DefinitionRelease, newest: JsonObject): Promise<boolean> {
  if (release.file) return false;
  return diffDefinitions(newest, await release.edit(carryForward(newest))).length === 0;
}

/** Makes what a newer pipeline released the newest revision again, and says that this release is superseded. */
async function giveWay(
  newer: JsonObject,
  above: number,
  batch: BatchOperations,
  context: ActionContext,
): Promise<DeployError> {
  const definition = { ...carryForward(newer), tags: lastingTags(newer) };
  await registerRevision(batch, definition, above, context);
  return superseded(
    newer,
    `pipeline ${ourTag(newer, 'pipeline')} has released, and its revision was put on top again:`,
  );
}

function registered(
  own: JsonObject,
  newest: JsonObject | undefined,
  plan: Extract<RevisionPlan, { kind: 'register' }>,
): ReleasedDefinition {
  return {
    status: 'changed',
    change: { resource: revisionArn(own), kind: newest ? 'updated' : 'created', diff: plan.diff },
    arn: revisionArn(own),
    revision: revisionNumber(own),
    hash: plan.hash,
    image: firstImage(plan.definition),
  };
}

function firstImage(definition: JsonObject): string | undefined {
  const [slot] = containerSlots(definition);
  return slot && imageOf(definition, slot);
}

/** What a release without a file starts from: the newest revision. Throws (exit code 5) when there is none. */
export function carriedRevision(name: string, active: readonly JsonObject[], session: AwsSession): JsonObject {
  const newest = newestRevision(active);
  if (newest) return carryForward(newest);
  throw new DeployError({
    code: 'batch.definition_not_found',
    title: `there is no active revision of job definition ${name}`,
    message: `Looked in ${session.region}, account ${session.identity.accountId}.`,
    hints: [
      'Check the name and the region.',
      'For the first release give job_definition, a file that holds the whole definition.',
    ],
    exitCode: EXIT.notFound,
  });
}

function releaseFacts(desired: JsonObject, { job }: ActionContext): ReleaseFacts {
  return { gitSha: job.commit, pipelineNumber: job.pipelineNumber, ...artifactFacts(desired) };
}

function nothingToDo(
  newest: JsonObject,
  release: DefinitionRelease,
  progress: ActionContext['progress'],
): ReleasedDefinition {
  progress.info(`Nothing to do: revision ${revisionNumber(newest)} of ${release.name} is what was asked for`);
  return {
    status: 'unchanged',
    change: { resource: revisionArn(newest), kind: 'unchanged' },
    arn: revisionArn(newest),
    revision: revisionNumber(newest),
    hash: ourTag(newest, 'definition-hash') ?? '',
    image: firstImage(newest),
  };
}

function sayPlan(
  release: DefinitionRelease,
  newest: JsonObject | undefined,
  plan: Extract<RevisionPlan, { kind: 'register' }>,
  progress: ActionContext['progress'],
): void {
  if (plan.foreign && newest) {
    progress.warn(
      `Revision ${revisionNumber(newest)} was not registered by aws-deploy. If Terraform or CloudFormation owns ${release.name}, ` +
        'let only one of the two register revisions.',
    );
  }
  const from = newest ? `revision ${revisionNumber(newest)}` : 'nothing';
  progress.step(`${release.dryRun ? 'Would register' : 'Registering'} a revision of ${release.name} (from ${from})`);
  for (const line of plan.diff) progress.info(`  ${line}`);
}

function planned(
  newest: JsonObject | undefined,
  plan: Extract<RevisionPlan, { kind: 'register' }>,
): ReleasedDefinition {
  const name = String(plan.definition['jobDefinitionName']);
  return {
    status: 'planned',
    change: { resource: name, kind: newest ? 'updated' : 'created', diff: plan.diff },
    arn: newest && revisionArn(newest),
    revision: newest && revisionNumber(newest),
    hash: plan.hash,
    image: firstImage(plan.definition),
  };
}

function superseded(newest: JsonObject, because: string): DeployError {
  return new DeployError({
    code: 'batch.superseded',
    title: `superseded: ${because} ${revisionNumber(newest)}`,
    message: `The newest revision is ${revisionArn(newest)}.`,
    hints: ['To go back on purpose by running an older pipeline again, set allow_older.'],
    exitCode: EXIT.superseded,
  });
}
