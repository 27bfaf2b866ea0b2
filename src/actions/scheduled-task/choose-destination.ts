import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { RecordEntry } from '../../circleci/release-record.ts';
import { badArgument, type DeployError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import { parseTaskDefinitionReference } from '../../plan/schedule/definition-reference.ts';
import { whySuperseded, type RevisionAge } from '../../plan/schedule/move.ts';
import { diffTaskDefinitions } from '../../plan/task-definition/canonical.ts';
import { holdsRecordedImages } from '../../plan/task-definition/images.ts';
import type { ActionContext } from '../context.ts';
import type { ScheduledTaskInputs } from '../deploy-scheduled-task.ts';
import { repositoryOf } from '../definition/recorded-images.ts';
import { superseded } from '../schedule/move-guard.ts';
import { asksForChanges, type CheckedTaskDefinition } from '../task-definition/check-inputs.ts';
import { releasedRevisions } from '../task-definition/released-revisions.ts';
import { releaseTaskDefinition, type ReleasedTaskDefinition } from '../task-definition/release-task-definition.ts';
import { checkTarget, familyArn, findDestination, revisionAge, type Destination } from './destination.ts';
import type { FoundTask, ScheduledTask } from './scheduled-task.ts';

/** What was asked for, and what is there. */
export interface Wish {
  inputs: Pick<ScheduledTaskInputs, 'taskDefinitionArn' | 'pin' | 'allowOlder' | 'dryRun'>;
  checked: CheckedTaskDefinition;
  record: readonly RecordEntry[];
  task: ScheduledTask;
  found: FoundTask;
}

export interface Chosen {
  to: Destination;
  /** What became of the family, when a revision was asked for that may not be there yet. */
  release?: ReleasedTaskDefinition;
}

/** Throws (exit code 2) when a revision is named and a new one is described too. */
export function checkOneWay({ taskDefinitionArn, pin }: ScheduledTaskInputs, checked: CheckedTaskDefinition): void {
  if (taskDefinitionArn === undefined) return;
  if (pin === 'family') {
    throw badArgument('task_definition_arn and pin: family exclude each other', [
      'By its family the newest revision runs, whichever that is. Leave one of the two out.',
    ]);
  }
  if (!asksByInputs(checked)) return;
  throw badArgument('task_definition_arn is a revision as it is, and something else is to change in it', [
    'Leave task_definition_arn out to register a new revision, or leave out what describes one.',
  ]);
}

/**
 * The revision that is named; else the one that the inputs describe; else the one of that family that this workflow has
 * registered, when it has the images that were pushed; else a new one with those. Registers it when it is not there yet, as
 * the last of all checks. Throws (exit code 2) when nothing says what it is to be.
 */
export async function chooseDestination(wish: Wish, session: AwsSession, context: ActionContext): Promise<Chosen> {
  const { inputs, checked, record, task, found } = wish;
  const { taskDefinitionArn: named, pin } = inputs;
  if (named !== undefined) return { to: await existing(named, wish, session) };
  const released = releasedRevisions(record, context.env);
  const family = familyOf(wish);
  if (family === undefined) throw nothingAsked(task.label, found.reference, [...released.values()]);
  if (asksByInputs(checked)) return release(family, wish, session, context);
  const to = await registeredBefore(family, released.get(family), wish, session, context.progress);
  if (to) return { to };
  if (asksForChanges(checked)) return release(family, wish, session, context);
  if (pin === 'family') return { to: await existing(family, wish, session) };
  throw nothingAsked(task.label, found.reference, [...released.values()]);
}

/** What an earlier job has registered, unless an image was pushed after that. */
async function registeredBefore(
  family: string,
  registered: string | undefined,
  wish: Wish,
  session: AwsSession,
  progress: Progress,
): Promise<Destination | undefined> {
  if (registered === undefined) return undefined;
  const to = await existing(wish.inputs.pin === 'family' ? family : registered, wish, session);
  if (!holdsRecordedImages(to.definition, wish.checked.recorded, repositoryOf)) return undefined;
  warnOfNewer(registered, to, progress);
  return to;
}

/** Not by what earlier jobs left. */
function asksByInputs(checked: CheckedTaskDefinition): boolean {
  return asksForChanges({ ...checked, recorded: [] });
}

/** That of the file, or of what runs now. */
function familyOf({ checked, found }: Wish): string | undefined {
  const inFile = checked.file?.definition['family'];
  return typeof inFile === 'string' ? inFile : parseTaskDefinitionReference(found.reference)?.name;
}

async function existing(reference: string, { inputs, task, found }: Wish, session: AwsSession): Promise<Destination> {
  const to = await findDestination(reference, inputs.pin, session);
  checkTarget(task.label, found, to.definition);
  return to;
}

async function release(family: string, wish: Wish, session: AwsSession, context: ActionContext): Promise<Chosen> {
  const { inputs, checked, task, found } = wish;
  const guard = await olderGuard(family, wish, session, context);
  const done = await releaseTaskDefinition(
    {
      family,
      checked,
      check(desired) {
        checkTarget(task.label, found, desired);
        guard(desired);
      },
      dryRun: inputs.dryRun,
    },
    session,
    context,
  );
  const { status, arn, revision, definition } = done;
  if (status === 'unchanged' && arn !== undefined) {
    return { to: await findDestination(arn, inputs.pin, session), release: done };
  }
  const isThere = status === 'changed' && arn !== undefined && revision !== undefined;
  const byFamily = familyArn(family, session);
  const byRevision = isThere ? arn : `${byFamily}:<the new revision>`;
  const age = isThere ? { ...ageToCome(context), revision } : ageToCome(context);
  return {
    to: { family, reference: inputs.pin === 'family' ? byFamily : byRevision, age, definition },
    release: done,
  };
}

/**
 * What would be superseded when it is registered is not registered: another revision than the one that runs, by an older
 * pipeline.
 */
async function olderGuard(
  family: string,
  { inputs, task, found: { reference } }: Wish,
  session: AwsSession,
  context: ActionContext,
): Promise<(desired: JsonObject) => void> {
  if (inputs.allowOlder || reference === undefined) return () => undefined;
  const current = await ecsOf(session).taskDefinitions.describe(reference);
  if (current?.family !== family) return () => undefined;
  return (desired) => {
    if (diffTaskDefinitions(current.definition, desired).length === 0) return;
    const reason = whySuperseded(revisionAge(current), ageToCome(context));
    if (reason !== undefined) throw superseded(task.label, reference, reason);
  };
}

/** A revision that is not registered yet will be the highest, and of this pipeline. */
function ageToCome({ job }: ActionContext): RevisionAge {
  return { revision: Number.MAX_SAFE_INTEGER, pipeline: job.pipelineNumber };
}

/** Somebody else has registered one since. */
function warnOfNewer(released: string, { age, family }: Destination, progress: Progress): void {
  const revision = parseTaskDefinitionReference(released)?.revision;
  if (revision === undefined || revision === age.revision) return;
  progress.warn(`${family}:${revision} is not the newest any more: by the family, ${family}:${age.revision} runs`);
}

function nothingAsked(label: string, runs: string | undefined, released: readonly string[]): DeployError {
  return badArgument(`nothing says what ${label} is to run from now on`, [
    `It runs ${runs ?? 'an unknown task definition'}, and this workflow has released ${released.join(', ') || 'no revision'}.`,
    'Give task_definition_arn (a revision as it is), or task_definition, image or environment for a new one.',
    'Or run register_task_definition before, in the same workflow, or give pin: family.',
  ]);
}
