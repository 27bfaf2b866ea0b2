import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';

import { InvalidSchedule } from '../../core/cron.ts';
import { parseScheduleExpression } from '../../core/schedule-expression.ts';
import { isTimeZone } from '../../core/time-zone.ts';
import { Constraints, validationException } from '../eventbridge/constraints.ts';
import { checkTarget, constrainTarget } from './target.ts';

export const NAME = { max: 64, pattern: '[0-9a-zA-Z-_.]+' };
const CLIENT_TOKEN = { max: 64, pattern: '[a-zA-Z0-9-_]+' };
const KMS_KEY_ARN = 'arn:aws(-[a-z]+)?:kms:[a-z0-9\\-]+:\\d{12}:(key|alias)\\/[0-9a-zA-Z-_]*';
const EARLY_START_MS = 5 * 60_000;

/** The names that most operations take. */
export function constrainNames(input: {
  Name?: string | undefined;
  GroupName?: string | undefined;
  ClientToken?: string | undefined;
}): Constraints {
  return new Constraints()
    .text('name', input.Name, NAME)
    .text('groupName', input.GroupName, NAME)
    .text('clientToken', input.ClientToken, CLIENT_TOKEN);
}

/**
 * What AWS refuses in a schedule that is created or updated. `knownStart` is the start that the schedule has already.
 * @throws AwsError ValidationException
 */
export function checkSchedule(input: CreateScheduleInput, region: string, now: Date, knownStart?: string): void {
  const window = input.FlexibleTimeWindow;
  const constraints = constrainNames(input)
    .required('scheduleExpression', input.ScheduleExpression)
    .text('scheduleExpression', input.ScheduleExpression, { max: 256 })
    .text('scheduleExpressionTimezone', input.ScheduleExpressionTimezone, { max: 50 })
    .text('description', input.Description, { min: 0, max: 512 })
    .oneOf('state', input.State, ['ENABLED', 'DISABLED'])
    .oneOf('actionAfterCompletion', input.ActionAfterCompletion, ['NONE', 'DELETE'])
    .text('kmsKeyArn', input.KmsKeyArn, { max: 2048, pattern: KMS_KEY_ARN })
    .required('flexibleTimeWindow', window);
  if (window !== undefined) {
    constraints
      .required('flexibleTimeWindow.mode', window.Mode)
      .oneOf('flexibleTimeWindow.mode', window.Mode, ['OFF', 'FLEXIBLE'])
      .number('flexibleTimeWindow.maximumWindowInMinutes', window.MaximumWindowInMinutes, 1, 1440);
  }
  constrainTarget(constraints, input.Target);
  constraints.check();

  checkExpression(input);
  checkWindow(input);
  checkDates(input, now, knownStart);
  checkTarget(input.Target!, region);
}

function checkExpression({
  ScheduleExpression: text = '',
  ScheduleExpressionTimezone: zone,
}: CreateScheduleInput): void {
  try {
    parseScheduleExpression(text);
  } catch (error) {
    if (!(error instanceof InvalidSchedule)) throw error;
    throw validationException(`Invalid Schedule Expression ${text}.`);
  }
  if (zone !== undefined && !isTimeZone(zone)) {
    throw validationException(`Invalid ScheduleExpressionTimezone ${zone}.`);
  }
}

function checkWindow({ FlexibleTimeWindow: window }: CreateScheduleInput): void {
  if (window?.Mode === 'FLEXIBLE' && window.MaximumWindowInMinutes === undefined) {
    throw validationException(
      'MaximumWindowInMinutes must be provided when FlexibleTimeWindowMode is set to FLEXIBLE.',
    );
  }
  if (window?.Mode === 'OFF' && window.MaximumWindowInMinutes !== undefined) {
    throw validationException('MaximumWindowInMinutes must not be provided when FlexibleTimeWindowMode is set to OFF.');
  }
}

/** A schedule that runs once has no start and no end: AWS ignores them. */
function checkDates(input: CreateScheduleInput, now: Date, knownStart: string | undefined): void {
  const { StartDate: start, EndDate: end } = input;
  if (/^at\(/i.test(input.ScheduleExpression ?? '')) return;
  if (start !== undefined && end !== undefined && start >= end) {
    throw validationException('The StartDate you specify must come before the EndDate.');
  }
  const isNew = start !== undefined && start.toISOString() !== knownStart;
  if (isNew && start.getTime() < now.getTime() - EARLY_START_MS) {
    throw validationException('The StartDate you specify cannot be earlier than 5 minutes ago.');
  }
}
