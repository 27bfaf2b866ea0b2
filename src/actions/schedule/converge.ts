import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import type { Change } from '../../core/result.ts';
import { diffSchedules, lostMembers } from '../../plan/schedule/schedule-diff.ts';
import type { ActionContext } from '../context.ts';

/** How often a change starts anew because something else changed the same thing in between. */
const MOST_ROUNDS = 5;

/** A schedule or a rule on its way to what is asked for. Each whole holds the one target that is meant as `Target`. */
export interface Subject<State> {
  /** As users know it: `schedule nightly`. */
  label: string;
  /** By which parameter it gets a dead-letter queue, in the orb's spelling; undefined where none does. */
  deadLetterParameter: string | undefined;
  read(): Promise<State>;
  /** Undefined when it is not there. */
  asIs(state: State): { arn: string; whole: JsonObject } | undefined;
  /** The whole with what is asked for changed. Throws when it can not be. */
  wanted(state: State): JsonObject;
  /** Throws when what is there must not be changed, or not to this. */
  guard(state: State): Promise<void>;
  /** False when something else changes it at the same time: look again. */
  send(state: State, wanted: JsonObject): Promise<boolean>;
}

export interface Converged<State> {
  status: 'changed' | 'unchanged' | 'planned';
  change: Change;
  arn: string | undefined;
  /** As it is now; in a dry run as it would be. */
  whole: JsonObject;
  state: State;
}

/** What became of a schedule or rule. */
export type PutOutcome = Omit<Converged<unknown>, 'state'> & {
  /** When a schedule was made; a rate counts from then. */
  created: Date | undefined;
};

/**
 * Reads, changes only what is asked for, sends the whole when something differs, and proves it by reading it again. What
 * others change meanwhile is kept; where they undo what is asked for, that is done again. Throws (exit code 10) when it
 * is not kept.
 */
export async function converge<State>(
  subject: Subject<State>,
  dryRun: boolean,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<Converged<State>> {
  const { label } = subject;
  let state = await subject.read();
  const kind = subject.asIs(state) ? 'updated' : 'created';
  let told: readonly string[] | undefined;
  let differedBefore = '';
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const now = subject.asIs(state);
    const wanted = subject.wanted(state);
    const diff = diffSchedules(now?.whole, wanted);
    if (now && diff.length === 0) {
      if (!told) progress.info(`Nothing to do: ${label} is what was asked for`);
      return told ? changed(now, kind, told, state) : unchanged(now, state);
    }
    await subject.guard(state);
    if (!told) sayPlan(subject, wanted, diff, dryRun, progress);
    told ??= diff;
    if (dryRun) {
      const change: Change = { resource: now?.arn ?? label, kind, diff };
      return { status: 'planned', change, arn: now?.arn, whole: wanted, state };
    }
    const isSent = await subject.send(state, wanted);
    state = await subject.read();
    const found = subject.asIs(state);
    if (isSent && found) {
      const differs = diffSchedules(found.whole, subject.wanted(state));
      if (differs.length === 0) {
        const lost = lostMembers(wanted, found.whole);
        if (lost.length > 0) throw notAsAsked(label, lost);
        progress.info(`Read back: ${found.arn}`);
        return changed(found, kind, told, state);
      }
      if (differs.join('\n') === differedBefore) throw notAsAsked(label, differs);
      differedBefore = differs.join('\n');
    }
    progress.warn(`Something else has changed ${label} at the same time; taking it into account`);
    await clock.sleep(100 * 2 ** round * (0.5 + Math.random()), signal);
  }
  throw contended(label);
}

function changed<State>(
  { arn, whole }: { arn: string; whole: JsonObject },
  kind: Change['kind'],
  diff: readonly string[],
  state: State,
): Converged<State> {
  return { status: 'changed', change: { resource: arn, kind, diff }, arn, whole, state };
}

function unchanged<State>({ arn, whole }: { arn: string; whole: JsonObject }, state: State): Converged<State> {
  return { status: 'unchanged', change: { resource: arn, kind: 'unchanged' }, arn, whole, state };
}

function sayPlan(
  { label, deadLetterParameter: parameter }: Pick<Subject<unknown>, 'label' | 'deadLetterParameter'>,
  wanted: JsonObject,
  diff: readonly string[],
  dryRun: boolean,
  progress: Progress,
): void {
  progress.step(`${dryRun ? 'Would change' : 'Changing'} ${label}`);
  for (const line of diff) progress.info(`  ${line}`);
  const queue = targetOf(wanted)['DeadLetterConfig'];
  // A run that fails to start leaves no other trace.
  if (!isJsonObject(queue) || queue['Arn'] === undefined) {
    const how = parameter === undefined ? '' : ` (${parameter})`;
    progress.warn(`${label} has no dead-letter queue: a run that can not be started is lost in silence${how}`);
  }
}

/** The target that is meant. */
export function targetOf(whole: JsonObject): JsonObject {
  const target = whole['Target'];
  return isJsonObject(target) ? target : {};
}

/** It may run something else than was asked for. */
function notAsAsked(label: string, lines: readonly string[]): DeployError {
  return new DeployError({
    code: 'schedule.not_as_asked',
    title: `${label} is not as it was sent`,
    message: `Read back, it differs: AWS did not keep it, or something else keeps changing it.\n${lines.join('\n')}`,
    hints: ['Look at it in the AWS console, and let only one of Terraform, CloudFormation and this pipeline own it.'],
    exitCode: EXIT.failedNotRolledBack,
  });
}

function contended(label: string): DeployError {
  return new DeployError({
    code: 'schedule.contended',
    title: `others kept changing ${label} at the same time`,
    hints: ['Put the deploys of one schedule into one serial-group, and run this one again.'],
    exitCode: EXIT.superseded,
  });
}
