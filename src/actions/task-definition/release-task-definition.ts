import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { TaskDefinitionOperations } from '../../aws/ecs/task-definitions.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Change } from '../../core/result.ts';
import { diffTaskDefinitions } from '../../plan/task-definition/canonical.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { mergeTaskDefinitions, settleTaskDefinition } from '../../plan/task-definition/meanwhile.ts';
import { planTaskDefinition, type TaskDefinitionPlan } from '../../plan/task-definition/next-revision.ts';
import { taskDefinitionTag, withoutOurTaskTags } from '../../plan/task-definition/tags.ts';
import type { ActionContext } from '../context.ts';
import { resolveImage } from '../resolve-image.ts';
import { applyEdits } from './apply-edits.ts';
import { baseRevision, isRejected, labelOf } from './base-revision.ts';
import type { CheckedTaskDefinition } from './check-inputs.ts';
import { checkTaskDefinition, stopOnOtherFamily } from './definition-file.ts';
import { registerAgain } from './register-again.ts';
import { proveRevision, registerRevision, revisionsSince, tellRegistered } from './register-revision.ts';

/** How often a release starts anew because another one came in between. */
const MOST_ROUNDS = 5;

export interface TaskDefinitionRelease {
  family: string;
  /** What was asked for, checked offline. */
  checked: CheckedTaskDefinition;
  /**
   * Further demands on the definition that is to be registered, such as those of its service. Throws before anything is
   * registered.
   */
  check?: (desired: JsonObject) => void;
  /** An image that would be pushed, so that it is not looked for; only in a dry run. */
  plannedImage?: string | undefined;
  dryRun: boolean;
}

export interface ReleasedTaskDefinition {
  status: 'changed' | 'unchanged' | 'planned';
  change: Change;
  family: string;
  /** ARN and number of the revision; in a dry run those of the newest one that is there, if any. */
  arn: string | undefined;
  revision: number | undefined;
  hash: string;
  /** As it is registered, or would be; without our tags. */
  definition: JsonObject;
}

/**
 * Brings a family to what a release asks for: finds the base, edits, checks, registers when something differs, and reads
 * back.
 */
export async function releaseTaskDefinition(
  release: TaskDefinitionRelease,
  session: AwsSession,
  context: ActionContext,
): Promise<ReleasedTaskDefinition> {
  const { family, checked, dryRun } = release;
  const { file, allowOlder } = checked;
  if (file) stopOnOtherFamily(file, family);
  const { taskDefinitions } = ecsOf(session);
  const { progress, job } = context;
  const resolve = imageResolver(release, session, context);
  let merged: JsonObject | undefined;
  let done: ReleasedTaskDefinition | undefined;
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const newest = await taskDefinitions.describe(family);
    const base = file
      ? { ...file.definition, family }
      : (merged ?? (await baseRevision(family, newest, taskDefinitions, { session, progress })).definition);
    const desired = withoutOurTaskTags(await applyEdits(base, checked, resolve));
    release.check?.(desired);
    const facts = { gitSha: job.commit, pipelineNumber: job.pipelineNumber };
    const plan = planTaskDefinition({ desired, newest, facts, allowOlder });
    if (plan.kind === 'superseded') throw superseded(plan.newest, `pipeline ${plan.byPipeline} has released`);
    if (plan.kind === 'nothing') {
      // What an earlier run registered may have come out otherwise, and then is not what was asked for.
      proveRevision(plan.newest, desired, labelOf(plan.newest));
      return done ? { ...done, ...placeOf(plan.newest) } : nothingToDo(plan.newest, progress);
    }
    checkTaskDefinition(plan.definition, file?.source);
    sayPlan(release, newest, plan, progress);
    if (dryRun) return planned(family, newest, plan);

    const above = newest?.revision ?? 0;
    const { arn, revision } = await registerRevision(taskDefinitions, plan.definition, above, context);
    const label = `${family}:${revision}`;
    const active = await tellRegistered(label, () => activeSince(taskDefinitions, family, { arn, revision, above }));
    const outcome = settleTaskDefinition({ ours: revision, above, carried: !file, active, allowOlder });
    if (outcome.kind === 'superseded') {
      if (!file && (await isContained(outcome.newest, checked, resolve)))
        return registered(outcome.newest, newest, plan);
      throw superseded(outcome.newest, `${label} was registered, but another release has made`);
    }
    const own = active.find((each) => each.revision === revision);
    proveRevision(own, plan.definition, label);
    if (outcome.kind === 'give-way') {
      const again = await tellRegistered(label, () => registerAgain(outcome.to, session, context));
      throw superseded(
        again,
        `pipeline ${taskDefinitionTag(again.definition, 'pipeline')} has released, and its revision was put on top again:`,
      );
    }
    done = registered(own, newest, plan);
    progress.info(`Registered and read back: ${arn}`);
    if (outcome.kind === 'stands') return done;
    progress.warn(`${labelOf(outcome.from)} came from another release meanwhile; taking it into account`);
    // What this release itself asks for is set again by its edits, so the other one counts here.
    const start = merged ? (newest?.definition ?? {}) : base;
    merged = mergeTaskDefinitions(start, own.definition, outcome.from.definition);
  }
  throw new DeployError({
    code: 'ecs.contended',
    title: `other releases of ${family} kept coming in between`,
    ...(done ? { message: `The last revision of this release is ${done.arn}.` } : {}),
    hints: ['Put the releases of one task definition into one serial-group, and run this one again.'],
    exitCode: EXIT.superseded,
  });
}

/** Asks about an image once only, however many rounds there are. */
function imageResolver(
  { plannedImage }: TaskDefinitionRelease,
  session: AwsSession,
  { progress }: ActionContext,
): (image: string) => Promise<string> {
  const resolved = new Map(plannedImage === undefined ? [] : [[plannedImage, plannedImage]]);
  return async (image) => {
    const known = resolved.get(image) ?? (await resolveImage(image, session, progress));
    resolved.set(image, known);
    return known;
  };
}

/** The revision that was registered and all that came with it; in most cases the family's newest says it all. */
async function activeSince(
  taskDefinitions: TaskDefinitionOperations,
  family: string,
  { arn, revision, above }: { arn: string; revision: number; above: number },
): Promise<DescribedTaskDefinition[]> {
  const newest = await taskDefinitions.describe(family);
  if (newest?.revision === revision && revision === above + 1) return [newest];
  const since = await revisionsSince(taskDefinitions, family, above);
  if (since.some((each) => each.revision === revision)) return since;
  const own = await taskDefinitions.describe(arn);
  return own?.status === 'ACTIVE' ? [own, ...since] : since;
}

/** Another release carried ours forward before it made its own changes: what was asked for is there. */
async function isContained(
  { definition }: DescribedTaskDefinition,
  checked: CheckedTaskDefinition,
  resolve: (image: string) => Promise<string>,
): Promise<boolean> {
  return diffTaskDefinitions(definition, await applyEdits(definition, checked, resolve)).length === 0;
}

type Registration = Extract<TaskDefinitionPlan, { kind: 'register' }>;

function placeOf(described: DescribedTaskDefinition): Pick<ReleasedTaskDefinition, 'arn' | 'revision' | 'definition'> {
  return { arn: described.arn, revision: described.revision, definition: withoutOurTaskTags(described.definition) };
}

function registered(
  own: DescribedTaskDefinition,
  newest: DescribedTaskDefinition | undefined,
  { diff, hash }: Registration,
): ReleasedTaskDefinition {
  return {
    status: 'changed',
    change: { resource: own.arn, kind: newest ? 'updated' : 'created', diff },
    family: own.family,
    ...placeOf(own),
    hash,
  };
}

function nothingToDo(newest: DescribedTaskDefinition, progress: ActionContext['progress']): ReleasedTaskDefinition {
  progress.info(`Nothing to do: ${labelOf(newest)} is what was asked for`);
  if (isRejected(newest)) progress.warn(`${labelOf(newest)} was rejected before; it is used again`);
  return {
    status: 'unchanged',
    change: { resource: newest.arn, kind: 'unchanged' },
    family: newest.family,
    ...placeOf(newest),
    hash: taskDefinitionTag(newest.definition, 'definition-hash') ?? '',
  };
}

function planned(
  family: string,
  newest: DescribedTaskDefinition | undefined,
  { definition, diff, hash }: Registration,
): ReleasedTaskDefinition {
  return {
    status: 'planned',
    change: { resource: family, kind: newest ? 'updated' : 'created', diff },
    family,
    arn: newest?.arn,
    revision: newest?.revision,
    hash,
    definition: withoutOurTaskTags(definition),
  };
}

function sayPlan(
  { family, dryRun }: TaskDefinitionRelease,
  newest: DescribedTaskDefinition | undefined,
  plan: Registration,
  progress: ActionContext['progress'],
): void {
  if (plan.foreign && newest) {
    progress.warn(
      `${labelOf(newest)} was not registered by aws-deploy. If Terraform or CloudFormation owns ${family}, let only one of the two register revisions.`,
    );
  }
  const beside = newest ? `what differs from ${labelOf(newest)}` : 'the first one';
  progress.step(`${dryRun ? 'Would register' : 'Registering'} a revision of ${family} (${beside})`);
  for (const line of plan.diff) progress.info(`  ${line}`);
}

function superseded(newest: DescribedTaskDefinition, because: string): DeployError {
  return new DeployError({
    code: 'ecs.superseded',
    title: `superseded: ${because} ${labelOf(newest)}`,
    message: `The newest revision is ${newest.arn}.`,
    hints: ['To go back on purpose by running an older pipeline again, set allow_older.'],
    exitCode: EXIT.superseded,
  });
}
