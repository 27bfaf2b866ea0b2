import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { TaskDefinitionOperations } from '../../aws/ecs/task-definitions.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Change } from '../../core/result.ts';
import { diffTaskDefinitions } from '../../plan/task-definition/canonical.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { mergeTaskDefinitions, settleTaskDefinition } from '../../plan/task-definition/meanwhile.ts';
import { planTaskDefinition } from '../../plan/task-definition/next-revision.ts';
import { taskDefinitionTag, withoutOurTaskTags } from '../../plan/task-definition/tags.ts';
import type { ActionContext } from '../context.ts';
import { resolveImage } from '../resolve-image.ts';
import { applyEdits } from './apply-edits.ts';
import { baseRevision, labelOf } from './base-revision.ts';
import type { CheckedTaskDefinition } from './check-inputs.ts';
import { checkTaskDefinition, stopOnOtherFamily } from './definition-file.ts';
import { registerAgain } from './register-again.ts';
import { contended, nothingToDo, placeOf, planned, registered, sayPlan, superseded } from './release-outcome.ts';
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
  const { family, checked } = release;
  if (checked.file) stopOnOtherFamily(checked.file, family);
  const resolve = imageResolver(release, session, context);
  let last: Round | undefined;
  for (let count = 1; count <= MOST_ROUNDS; count++) {
    const round = (): Promise<Round> => oneRound(release, { session, context, resolve, last });
    last = last ? await tellRegistered(`${family}:${last.released.revision}`, round) : await round();
    if (!last.merged) return last.released;
  }
  throw contended(family, last?.released.arn);
}

interface Round {
  released: ReleasedTaskDefinition;
  /** What to start anew from, because another release came in between. */
  merged?: JsonObject;
}

interface RoundWorld {
  session: AwsSession;
  context: ActionContext;
  resolve(image: string): Promise<string>;
  /** The round before this one. */
  last: Round | undefined;
}

async function oneRound(release: TaskDefinitionRelease, world: RoundWorld): Promise<Round> {
  const { family, checked, dryRun } = release;
  const { file, allowOlder } = checked;
  const { session, context, resolve, last } = world;
  const { progress, job } = context;
  const { taskDefinitions } = ecsOf(session);

  const newest = await taskDefinitions.describe(family);
  const base = file
    ? { ...file.definition, family }
    : (last?.merged ?? (await baseRevision(family, newest, taskDefinitions, { session, progress })).definition);
  const desired = withoutOurTaskTags(await applyEdits(base, checked, resolve));
  release.check?.(desired);
  const facts = { gitSha: job.commit, pipelineNumber: job.pipelineNumber };
  const plan = planTaskDefinition({ desired, newest, facts, allowOlder });
  if (plan.kind === 'superseded') throw superseded(plan.newest, `pipeline ${plan.byPipeline} has released`);
  if (plan.kind === 'nothing') {
    // What an earlier run registered may have come out otherwise, and then is not what was asked for.
    proveRevision(plan.newest, desired, labelOf(plan.newest));
    return { released: last ? { ...last.released, ...placeOf(plan.newest) } : nothingToDo(plan.newest, progress) };
  }
  checkTaskDefinition(plan.definition, file?.source);
  sayPlan(release, newest, plan, progress);
  if (dryRun) return { released: planned(family, newest, plan) };

  const above = newest?.revision ?? 0;
  const { arn, revision } = await registerRevision(taskDefinitions, plan.definition, above, context);
  return tellRegistered(`${family}:${revision}`, async () => {
    const active = await activeSince(taskDefinitions, family, { arn, revision, above });
    const outcome = settleTaskDefinition({ ours: revision, above, carried: !file, active, allowOlder });
    if (outcome.kind === 'superseded') {
      if (await isContained(outcome.newest, checked, resolve)) {
        return { released: registered(outcome.newest, newest, plan) };
      }
      throw superseded(outcome.newest, `another release has made`);
    }
    const own = active.find((each) => each.revision === revision);
    proveRevision(own, plan.definition, `${family}:${revision}`);
    if (outcome.kind === 'give-way') throw await giveWay(outcome.to, session, context);
    progress.info(`Registered and read back: ${arn}`);
    const released = registered(own, newest, plan);
    if (outcome.kind === 'stands') return { released };
    progress.warn(`${labelOf(outcome.from)} came from another release meanwhile; taking it into account`);
    // What this release itself asks for is set again by its edits, so the other one counts here.
    const start = last ? (newest?.definition ?? {}) : base;
    return { released, merged: mergeTaskDefinitions(start, own.definition, outcome.from.definition) };
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
  if (checked.file) return false;
  try {
    return diffTaskDefinitions(definition, await applyEdits(definition, checked, resolve)).length === 0;
  } catch (error) {
    // The other one has no such container any more.
    if (error instanceof DeployError) return false;
    throw error;
  }
}

/** Makes what a newer pipeline released the newest revision again, and says that this release is superseded. */
async function giveWay(
  newer: DescribedTaskDefinition,
  session: AwsSession,
  context: ActionContext,
): Promise<DeployError> {
  const again = await registerAgain(newer, session, context);
  const pipeline = taskDefinitionTag(newer.definition, 'pipeline');
  return superseded(again, `pipeline ${pipeline} has released, and its revision was put on top again:`);
}
