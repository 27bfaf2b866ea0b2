import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { nextRunsOfRule, nextRunsOfSchedule } from '../../plan/schedule/next-runs.ts';
import type { ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';
import { hasEntries, submitMember } from '../../plan/schedule/submit-input.ts';
import { readTargetInput } from '../../plan/schedule/target-input.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { ScheduleInputs, ScheduleOutputs } from '../schedule-job.ts';
import { checkInputs, type CheckedInputs } from './check-inputs.ts';
import { targetOf, type PutOutcome } from './converge.ts';
import { putRule } from './put-rule.ts';
import { putSchedule } from './put-schedule.ts';
import { findDefinition, wantedDefinition, type ScheduledDefinition } from './scheduled-definition.ts';

/** How many of the next times are told. */
const NEXT_TIMES = 3;

/** The work of schedule-job. */
export async function scheduleFromInputs(
  inputs: ScheduleInputs,
  context: ActionContext,
): Promise<Outcome<ScheduleOutputs>> {
  const checked = checkInputs(inputs);
  const record = await context.readRecord(inputs.record);
  const wanted = wantedDefinition(inputs, record, context.env);
  if (inputs.pin === 'name' && !wanted) {
    throw badArgument('pin: name needs job_definition_name', ['Give the name that is to be submitted from now on.']);
  }
  const session = await context.openSession(inputs);
  const definition = wanted && (await findDefinition(wanted, inputs.pin, session));
  return schedule(checked, definition, inputs, session, context);
}

/** Puts a definition on a schedule whose inputs were checked; shared with release-batch-job. */
export async function schedule(
  checked: CheckedInputs,
  definition: ScheduledDefinition | undefined,
  options: ScheduleOptions,
  session: AwsSession,
  context: ActionContext,
): Promise<Outcome<ScheduleOutputs>> {
  checkOverrides(checked.edits, definition);
  const put = await putByKind(checked, definition, options, session, context);
  const nextTimes = nextTimesOf(checked, put, context.clock.now());
  sayNextTimes(put, nextTimes, context);
  return {
    component: checked.what.name,
    status: put.status,
    changes: [put.change],
    outputs: {
      scheduleArn: put.arn,
      scheduleName: checked.what.name,
      jobDefinition: submittedDefinition(put),
      state: isPaused(put) ? 'disabled' : 'enabled',
      nextTimes,
    },
  };
}

type ScheduleOptions = Pick<ScheduleInputs, 'groupName' | 'eventBusName' | 'ruleTargetId' | 'allowOlder' | 'dryRun'>;

function putByKind(
  { what, edits }: CheckedInputs,
  definition: ScheduledDefinition | undefined,
  { groupName: group, eventBusName: bus, ruleTargetId: targetId, allowOlder, dryRun }: ScheduleOptions,
  session: AwsSession,
  context: ActionContext,
): Promise<PutOutcome> {
  const { name } = what;
  const common = { edits, definition, allowOlder, dryRun };
  return what.kind === 'schedule'
    ? putSchedule({ id: { group, name }, ...common }, session, context)
    : putRule({ id: { bus, name }, targetId, ...common }, session, context);
}

/** Throws (exit code 2) when the jobs of a definition take their overrides in another form than for a single container. */
function checkOverrides({ environment, command }: ScheduleEdits, definition: ScheduledDefinition | undefined): void {
  const isAsked = hasEntries(environment) || (command ?? []).length > 0;
  if (!isAsked || !definition || isJsonObject(definition.described['containerProperties'])) return;
  throw badArgument(`environment and command can not be overridden for ${definition.name}`, [
    'Its jobs have not just one container. Set them in the job definition. Nothing was changed.',
  ]);
}

function nextTimesOf({ what }: CheckedInputs, { whole, created }: PutOutcome, after: Date): string[] {
  return what.kind === 'schedule'
    ? nextRunsOfSchedule(whole, { after, created, count: NEXT_TIMES })
    : nextRunsOfRule(whole, { after, count: NEXT_TIMES });
}

function sayNextTimes(put: PutOutcome, nextTimes: readonly string[], { progress }: ActionContext): void {
  if (nextTimes.length > 0) progress.info(`Next times: ${nextTimes.join(', ')}`);
  else if (isPaused(put)) progress.info('It is paused, and runs when it is enabled again');
  else if (put.whole['EventPattern'] === undefined) progress.warn('It has no next time: it will not run again');
}

function isPaused({ whole }: PutOutcome): boolean {
  return whole['State'] === 'DISABLED';
}

function submittedDefinition({ whole }: PutOutcome): string | undefined {
  const target = targetOf(whole);
  const batch = target['BatchParameters'];
  const value: JsonValue | undefined = isJsonObject(batch)
    ? batch['JobDefinition']
    : submitMember(readTargetInput(target['Input']) ?? {}, 'JobDefinition');
  return typeof value === 'string' ? value : undefined;
}
