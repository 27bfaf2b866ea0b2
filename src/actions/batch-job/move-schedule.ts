import type { AwsSession } from '../../aws/session.ts';
import { badArgument, DeployError, retold, textOf } from '../../core/errors.ts';
import { newTag } from '../../plan/job-definition/our-tags.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { ReleasedDefinition } from '../job-definition/release-definition.ts';
import type { ReleaseInputs } from '../release-batch-job.ts';
import type { ScheduleOutputs } from '../schedule-job.ts';
import { checkInputs, type CheckedInputs } from '../schedule/check-inputs.ts';
import { schedule } from '../schedule/schedule-from-inputs.ts';
import { findDefinition, type ScheduledDefinition } from '../schedule/scheduled-definition.ts';

/** What a release says about its schedule, checked offline; undefined when it has none. */
export function checkScheduleInputs(inputs: ReleaseInputs): CheckedInputs | undefined {
  const { scheduleName, timezone, scheduleRoleArn, deadLetterQueueArn } = inputs;
  if (scheduleName === undefined) {
    const given = { schedule: inputs.schedule, timezone, scheduleRoleArn, deadLetterQueueArn };
    if (Object.values(given).every((value) => value === undefined)) return undefined;
    throw badArgument(
      'schedule, timezone, schedule_role_arn and dead_letter_queue_arn are for a schedule, and none is named',
      ['Give schedule_name.'],
    );
  }
  const { what, edits } = checkInputs({
    ...NOT_GIVEN,
    scheduleName,
    schedule: inputs.schedule,
    timezone,
    pin: inputs.pin,
    scheduleRoleArn,
    deadLetterQueueArn,
    allowOlder: inputs.allowOlder,
    dryRun: inputs.dryRun,
  });
  // The nights may run in another queue than the smoke test.
  return { what, edits: { ...edits, jobQueueWhenNew: inputs.jobQueue } };
}

/**
 * Finds out before anything is changed that the schedule can be moved to what is going to be released: it is there, or has
 * all that makes a new one (exit codes 5 and 2), it submits jobs (2), and runs nothing of a newer pipeline (11).
 */
export async function checkSchedule(
  checked: CheckedInputs,
  name: string,
  inputs: ReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<void> {
  const silent = { step() {}, info() {}, warn() {}, output() {} };
  const to = comingDefinition(name, undefined, inputs, context);
  await schedule(checked, to, { ...PLACE, ...inputs, dryRun: true }, session, { ...context, progress: silent });
}

/**
 * Moves the schedule to what was released, and proves it. What was released stays so when that fails; the outcome holds
 * why.
 */
export async function moveSchedule(
  checked: CheckedInputs,
  released: ReleasedDefinition & { name: string },
  inputs: ReleaseInputs,
  session: AwsSession,
  context: ActionContext,
): Promise<Pick<Outcome<ScheduleOutputs>, 'status' | 'changes' | 'outputs' | 'failure'>> {
  try {
    const { name, arn, status } = released;
    const to =
      status === 'planned'
        ? comingDefinition(name, arn, inputs, context)
        : await findDefinition(released, inputs.pin, session);
    return await schedule(checked, to, { ...PLACE, ...inputs }, session, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof DeployError) || inputs.dryRun) throw error;
    return { status: 'unchanged', changes: [], outputs: {}, failure: notMoved(error, checked, released) };
  }
}

/** A revision that is not registered yet, as far as it matters to a schedule: it will be the highest, and of this pipeline. */
function comingDefinition(
  name: string,
  newestArn: string | undefined,
  { pin }: ReleaseInputs,
  { job }: ActionContext,
): ScheduledDefinition {
  const tags = job.pipelineNumber === undefined ? {} : newTag('pipeline', String(job.pipelineNumber));
  return {
    name,
    reference: pin === 'name' ? name : `${newestArn?.replace(/:\d+$/, '') ?? name}:<the new revision>`,
    described: { jobDefinitionName: name, revision: Number.MAX_SAFE_INTEGER, tags },
  };
}

function notMoved(error: DeployError, { what }: CheckedInputs, { name, revision }: Released): DeployError {
  return retold(error, {
    title: `revision ${revision} of ${name} is released, but ${what.kind} ${what.name} was not moved to it: ${error.title}`,
    message: textOf(error),
    cause: error,
  });
}

type Released = ReleasedDefinition & { name: string };

/** Where a release's schedule is. */
const PLACE = { groupName: 'default', eventBusName: 'default', ruleTargetId: undefined } as const;

/** What a release leaves to schedule-job, as that has it when it is not given. */
const NOT_GIVEN = {
  ...PLACE,
  ruleName: undefined,
  state: 'keep',
  jobDefinitionName: undefined,
  revision: undefined,
  jobQueue: undefined,
  jobName: undefined,
  environment: undefined,
  parameters: undefined,
  command: undefined,
  maximumRetryAttempts: undefined,
  maximumEventAge: undefined,
  flexibleWindow: undefined,
  description: undefined,
  arraySize: undefined,
  startDate: undefined,
  endDate: undefined,
  region: undefined,
  expectedAccountId: undefined,
  record: false,
} as const;
