import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { editSubmitInput, submitJobTarget, type SubmitEdits } from './submit-input.ts';
import { readTargetInput } from './target-input.ts';

/** What a schedule, or a rule, is asked to be. What is not given stays as it is. */
export interface ScheduleEdits extends SubmitEdits {
  /** `cron(…)`, `rate(…)` or `at(…)`. */
  expression?: string | undefined;
  timezone?: string | undefined;
  /** Seconds since the epoch. */
  startDate?: number | undefined;
  endDate?: number | undefined;
  state?: 'enabled' | 'disabled' | undefined;
  /** The role that submits. */
  roleArn?: string | undefined;
  deadLetterQueueArn?: string | undefined;
  maximumRetryAttempts?: number | undefined;
  maximumEventAgeSeconds?: number | undefined;
  /** 0 is off. */
  flexibleWindowMinutes?: number | undefined;
  description?: string | undefined;
  /** The queue of one that is created; one that is there keeps its own. */
  jobQueueWhenNew?: string | undefined;
}

/**
 * What is set on purpose when something is created. AWS's own defaults, 185 retries in 24 hours, may start a night's job
 * at noon, beside the one that somebody started by hand.
 */
export const RETRY_DEFAULTS = { maximumRetryAttempts: 3, maximumEventAgeSeconds: 900 } as const;

/**
 * The whole schedule with the edits made, as UpdateSchedule takes it, which forgets what is left out.
 * @param current every member that can be sent back
 */
export function mergeSchedule(current: JsonObject, edits: ScheduleEdits): JsonObject {
  const merged = withMembers(current, {
    ScheduleExpression: edits.expression,
    ScheduleExpressionTimezone: edits.timezone,
    StartDate: edits.startDate,
    EndDate: edits.endDate,
    State: edits.state?.toUpperCase(),
    Description: edits.description,
  });
  if (edits.flexibleWindowMinutes !== undefined) {
    const { Mode: _mode, MaximumWindowInMinutes: _minutes, ...others } = objectIn(merged, 'FlexibleTimeWindow');
    const minutes = edits.flexibleWindowMinutes;
    merged['FlexibleTimeWindow'] =
      minutes === 0 ? { ...others, Mode: 'OFF' } : { ...others, Mode: 'FLEXIBLE', MaximumWindowInMinutes: minutes };
  }
  const target = editDelivery(objectIn(merged, 'Target'), edits);
  const input = readTargetInput(target['Input']) ?? {};
  const edited = editSubmitInput(input, edits);
  // The text stays as it was written when it says the same.
  const isSame = JSON.stringify(edited) === JSON.stringify(input);
  merged['Target'] = isSame ? target : { ...target, Input: JSON.stringify(edited) };
  return merged;
}

/** The parts of a target that schedules and rules have in common: who submits, how often, and where failures go. */
export function editDelivery(target: JsonObject, edits: ScheduleEdits): JsonObject {
  const edited = withMembers(target, { RoleArn: edits.roleArn });
  if (edits.maximumRetryAttempts !== undefined || edits.maximumEventAgeSeconds !== undefined) {
    edited['RetryPolicy'] = withMembers(objectIn(edited, 'RetryPolicy'), {
      MaximumRetryAttempts: edits.maximumRetryAttempts,
      MaximumEventAgeInSeconds: edits.maximumEventAgeSeconds,
    });
  }
  if (edits.deadLetterQueueArn !== undefined) {
    edited['DeadLetterConfig'] = { ...objectIn(edited, 'DeadLetterConfig'), Arn: edits.deadLetterQueueArn };
  }
  return edited;
}

/** A schedule that is not there yet. */
export function newSchedule(id: { group: string; name: string; partition: string }, edits: ScheduleEdits): JsonObject {
  const empty: JsonObject = {
    Name: id.name,
    GroupName: id.group,
    ScheduleExpressionTimezone: 'UTC',
    State: 'ENABLED',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: submitJobTarget(id.partition), Input: '{}' },
  };
  const jobQueue = edits.jobQueue ?? edits.jobQueueWhenNew;
  return mergeSchedule(empty, { ...RETRY_DEFAULTS, ...given(edits), jobQueue });
}

/** Without the members that are undefined, which would win over defaults. */
export function given<T extends object>(edits: T): Partial<T> {
  return Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Names of the parameters that are still needed to create something that is not there, in the orb's spelling. */
export function missingToCreate(edits: ScheduleEdits): string[] {
  const needed = {
    schedule: edits.expression,
    job_queue: edits.jobQueue ?? edits.jobQueueWhenNew,
    schedule_role_arn: edits.roleArn,
    job_definition_name: edits.jobDefinition,
  };
  return Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []));
}

export function withMembers(
  object: JsonObject,
  members: Readonly<Record<string, string | number | undefined>>,
): JsonObject {
  return { ...object, ...(given(members) as JsonObject) };
}

export function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}
