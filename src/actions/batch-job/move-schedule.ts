import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { ReleasedDefinition } from '../job-definition/release-definition.ts';
import type { ReleaseInputs } from '../release-batch-job.ts';
import type { ScheduleOutputs } from '../schedule-job.ts';
import { checkInputs, type CheckedInputs } from '../schedule/check-inputs.ts';
import { schedule } from '../schedule/schedule-from-inputs.ts';
import { findDefinition } from '../schedule/scheduled-definition.ts';

/** What a release says about its schedule, checked offline; undefined when it has none. */
export function checkSchedule(inputs: ReleaseInputs): CheckedInputs | undefined {
  const { scheduleName, timezone, scheduleRoleArn } = inputs;
  if (scheduleName === undefined) {
    if (inputs.schedule === undefined && timezone === undefined && scheduleRoleArn === undefined) return undefined;
    throw badArgument('schedule, timezone and schedule_role_arn are for a schedule, and none is named', [
      'Give schedule_name.',
    ]);
  }
  return checkInputs({
    ...NOT_GIVEN,
    scheduleName,
    schedule: inputs.schedule,
    timezone,
    pin: inputs.pin,
    jobQueue: inputs.jobQueue,
    scheduleRoleArn,
    deadLetterQueueArn: inputs.deadLetterQueueArn,
    allowOlder: inputs.allowOlder,
    dryRun: inputs.dryRun,
  });
}

/** Moves the schedule to what was released. In a dry run of a first release there is nothing to move it to yet. */
export async function moveSchedule(
  checked: CheckedInputs,
  { name, revision }: ReleasedDefinition & { name: string },
  { pin, allowOlder, dryRun }: ReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<Outcome<ScheduleOutputs> | undefined> {
  if (dryRun) {
    context.progress.step(`Would move schedule ${checked.what.name} to ${name}, by its ${pin}`);
    return undefined;
  }
  const definition = await findDefinition({ name, revision }, pin, session);
  const { groupName, eventBusName, ruleTargetId } = NOT_GIVEN;
  return schedule(checked, definition, { groupName, eventBusName, ruleTargetId, allowOlder, dryRun }, session, context);
}

/** What a release leaves to schedule-job, as that has it when it is not given. */
const NOT_GIVEN = {
  ruleName: undefined,
  state: 'keep',
  jobDefinitionName: undefined,
  revision: undefined,
  jobName: undefined,
  environment: undefined,
  parameters: undefined,
  command: undefined,
  maximumRetryAttempts: undefined,
  maximumEventAge: undefined,
  flexibleWindow: undefined,
  groupName: 'default',
  description: undefined,
  arraySize: undefined,
  startDate: undefined,
  endDate: undefined,
  eventBusName: 'default',
  ruleTargetId: undefined,
  region: undefined,
  expectedAccountId: undefined,
  record: false,
} as const;
