import { InvalidSchedule } from '../../core/cron.ts';
import { badArgument, DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';
import { parseScheduleExpression, type ScheduleDialect } from '../../core/schedule-expression.ts';
import { isTimeZone } from '../../core/time-zone.ts';
import type { ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';
import { hasEntries } from '../../plan/schedule/submit-input.ts';
import { checkEnvironmentNames } from '../job-definition/register.ts';
import type { ScheduleInputs } from '../schedule-job.ts';

/** A schedule of EventBridge Scheduler, or a rule of EventBridge. */
export type ScheduleKind = { kind: 'schedule'; name: string } | { kind: 'rule'; name: string };

export interface CheckedInputs {
  what: ScheduleKind;
  /** All that is asked for, the definition apart. */
  edits: ScheduleEdits;
}

/** Checks all that can be checked offline. Throws (exit code 2) for what contradicts itself, or AWS would refuse. */
export function checkInputs(inputs: ScheduleInputs): CheckedInputs {
  const what = scheduleOrRule(inputs);
  if (what.kind === 'rule') refuseForRules(inputs);
  else refuseForSchedules(inputs);
  checkDefinition(inputs);
  checkExpression(inputs.schedule, what.kind === 'rule' ? 'rule' : 'scheduler');
  checkTimezone(inputs.timezone);
  checkEnvironmentNames(inputs.environment);
  if ((inputs.description ?? '').length > 512) {
    throw badArgument(`description must be at most 512 characters long (it has ${inputs.description?.length})`);
  }
  const [startDate, endDate] = [dateFrom('start_date', inputs.startDate), dateFrom('end_date', inputs.endDate)];
  if (startDate !== undefined && endDate !== undefined && startDate >= endDate) {
    throw badArgument('start_date must be before end_date');
  }
  const { environment, parameters, command, arraySize, jobName, jobQueue, timezone, description } = inputs;
  return {
    what,
    edits: {
      expression: inputs.schedule,
      timezone,
      startDate,
      endDate,
      state: inputs.state === 'keep' ? undefined : inputs.state,
      roleArn: inputs.scheduleRoleArn,
      deadLetterQueueArn: inputs.deadLetterQueueArn,
      maximumRetryAttempts: inputs.maximumRetryAttempts === undefined ? undefined : Number(inputs.maximumRetryAttempts),
      maximumEventAgeSeconds: inMeasure('maximum_event_age', inputs.maximumEventAge, 'second', {
        min: 60,
        max: 86_400,
      }),
      flexibleWindowMinutes: inMeasure('flexible_window', inputs.flexibleWindow, 'minute', { min: 0, max: 1440 }),
      description,
      jobQueue,
      jobName,
      environment,
      parameters,
      command,
      arraySize,
    },
  };
}

/** Throws (exit code 2) when not just one of the two is named. */
export function scheduleOrRule({
  scheduleName,
  ruleName,
}: Pick<ScheduleInputs, 'scheduleName' | 'ruleName'>): ScheduleKind {
  if (scheduleName !== undefined && ruleName !== undefined) {
    throw badArgument('schedule_name and rule_name exclude each other', ['Give the one that is to be changed.']);
  }
  if (scheduleName !== undefined) return { kind: 'schedule', name: scheduleName };
  if (ruleName !== undefined) return { kind: 'rule', name: ruleName };
  throw badArgument('neither schedule_name nor rule_name is given', [
    'Give schedule_name, the name of an EventBridge Scheduler schedule; or rule_name, of an EventBridge rule.',
  ]);
}

/** What only EventBridge Scheduler has. Source: EventBridge API reference, PutRule and BatchParameters. */
function refuseForRules(inputs: ScheduleInputs): void {
  const overrides = [
    hasEntries(inputs.environment) && 'environment',
    hasEntries(inputs.parameters) && 'parameters',
    (inputs.command ?? []).length > 0 && 'command',
  ].filter((name) => name !== false);
  if (overrides.length > 0) {
    throw badArgument(`a rule can not override ${overrides.join(', ')}`, [
      'Set it in the job definition, or use a schedule of EventBridge Scheduler (schedule_name), which can.',
    ]);
  }
  const others = [
    inputs.timezone !== undefined && 'timezone',
    inputs.startDate !== undefined && 'start_date',
    inputs.endDate !== undefined && 'end_date',
    inputs.flexibleWindow !== undefined && 'flexible_window',
    inputs.groupName !== 'default' && 'group_name',
  ].filter((name) => name !== false);
  if (others.length > 0) {
    throw badArgument(`a rule has no ${others.join(', ')}`, [
      'Rules run in UTC, on time. Use a schedule of EventBridge Scheduler (schedule_name), which has it.',
    ]);
  }
  if (inputs.schedule !== undefined && inputs.eventBusName !== 'default') {
    throw badArgument(`a rule on event bus ${inputs.eventBusName} can not have a schedule`, [
      'EventBridge runs rules by schedule on the default event bus only.',
    ]);
  }
}

/** Throws (exit code 2) for what only rules have. */
export function refuseForSchedules({
  ruleTargetId,
  eventBusName,
}: Pick<ScheduleInputs, 'ruleTargetId' | 'eventBusName'>): void {
  const name = ruleTargetId === undefined ? 'event_bus_name' : 'rule_target_id';
  if (ruleTargetId !== undefined || eventBusName !== 'default') {
    throw badArgument(`${name} is for rules`, ['Give rule_name in the place of schedule_name, or leave it out.']);
  }
}

function checkDefinition({ pin, revision, jobDefinitionName }: ScheduleInputs): void {
  if (revision === undefined) return;
  if (pin === 'name') {
    throw badArgument('revision and pin: name exclude each other', [
      'With pin: name the newest revision runs, whichever that is. Leave revision out, or pin that revision.',
    ]);
  }
  if (jobDefinitionName === undefined) {
    throw badArgument('revision needs job_definition_name', ['Give the name of the job definition too.']);
  }
}

function checkExpression(expression: string | undefined, dialect: ScheduleDialect): void {
  if (expression === undefined) return;
  try {
    parseScheduleExpression(expression, dialect);
  } catch (error) {
    if (!(error instanceof InvalidSchedule)) throw error;
    throw new DeployError({
      code: 'arguments.invalid',
      title: `schedule is not valid: ${expression}`,
      message: error.message,
      hints: ['Nothing was changed.'],
      exitCode: EXIT.badArguments,
    });
  }
}

function checkTimezone(zone: string | undefined): void {
  if (zone === undefined || isTimeZone(zone)) return;
  const nearest = nearestName(zone, Intl.supportedValuesOf('timeZone'));
  throw badArgument(`timezone ${JSON.stringify(zone)} is not known`, [
    nearest === undefined ? 'Give an IANA name such as Europe/Berlin or UTC.' : `Did you mean ${nearest}?`,
  ]);
}

const UNITS = { second: { ms: 1000, letter: 's' }, minute: { ms: 60_000, letter: 'm' } } as const;

/** A duration in the unit that AWS counts it in. */
function inMeasure(
  name: string,
  ms: number | undefined,
  unit: keyof typeof UNITS,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (ms === undefined) return undefined;
  const { ms: size, letter } = UNITS[unit];
  const count = ms / size;
  if (Number.isInteger(count) && count >= min && count <= max) return count;
  throw badArgument(`${name} must be whole ${unit}s from ${min}${letter} to ${max}${letter} (got: ${ms / 1000}s)`);
}

/** Seconds since the epoch. */
function dateFrom(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.exec(text);
  const time = match === null ? Number.NaN : Date.parse(text);
  // 30 February comes out as another day than was written.
  const isReal = match !== null && isSameDay(match[1] ?? '');
  if (!Number.isNaN(time) && isReal) return time / 1000;
  throw badArgument(`${name} must be a date and time with a zone (got: ${JSON.stringify(text)})`, [
    'Write it like 2026-12-01T00:00:00Z or 2026-12-01T00:00:00+01:00.',
  ]);
}

function isSameDay(minute: string): boolean {
  const time = Date.parse(`${minute}Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(minute);
}
