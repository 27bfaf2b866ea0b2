import { scheduleLabel, type ScheduleId } from '../../aws/schedule-names.ts';
import type { DescribedSchedule } from '../../aws/scheduler.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { mergeSchedule, newSchedule, type ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';
import { isSubmitJobTarget, submitMember } from '../../plan/schedule/submit-input.ts';
import { readTargetInput } from '../../plan/schedule/target-input.ts';
import type { ActionContext } from '../context.ts';
import { checkComplete } from './check-complete.ts';
import { converge, targetOf, type PutOutcome, type Subject } from './converge.ts';
import { guardMove } from './move-guard.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';

export interface ScheduleRequest {
  id: ScheduleId;
  /** The definition apart. */
  edits: ScheduleEdits;
  /** Undefined: what is submitted now. */
  definition: ScheduledDefinition | undefined;
  allowOlder: boolean;
  dryRun: boolean;
}

/** SubmitJob takes no more. Source: AWS Batch service quotas. */
const LARGEST_INPUT = 30 * 1024;

/** Creates a schedule or changes it to what is asked for; see `converge`. */
export async function putSchedule(
  request: ScheduleRequest,
  session: AwsSession,
  context: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<PutOutcome> {
  const scheduler = await session.scheduler();
  const subject: Subject<DescribedSchedule | undefined> = {
    label: scheduleLabel(request.id),
    deadLetterParameter: 'dead_letter_queue_arn',
    read: () => scheduler.get(request.id),
    asIs: (found) => found && { arn: found.arn, whole: found.settings },
    wanted: (found) => wantedSchedule(request, found, session),
    guard: (found) => checkMove(request, found, session, context.progress),
    send: (found, wanted) => (found ? scheduler.update(wanted) : scheduler.create(wanted)),
  };
  const { state, ...put } = await converge(subject, request.dryRun, context);
  return { ...put, created: state?.created };
}

/** The whole schedule as it is to be. Throws when it can not be: what is needed is missing, or it is for something else. */
function wantedSchedule(
  request: ScheduleRequest,
  found: DescribedSchedule | undefined,
  session: AwsSession,
): JsonObject {
  const { id, definition } = request;
  const edits = { ...request.edits, ...(definition && { jobDefinition: definition.reference }) };
  if (found) {
    checkSubmits(id, targetOf(found.settings));
    return checkSize(id, mergeSchedule(found.settings, edits));
  }
  checkComplete(scheduleLabel(id), edits);
  const partition = session.identity.arn.split(':')[1] ?? 'aws';
  return checkSize(id, newSchedule({ ...id, partition }, { ...edits, jobName: edits.jobName ?? definition?.name }));
}

/** Throws (exit code 2) when a schedule does something else than submitting a job. */
function checkSubmits(id: ScheduleId, target: JsonObject): void {
  const label = scheduleLabel(id);
  if (!isSubmitJobTarget(target['Arn'])) {
    throw badArgument(`${label} submits no Batch job: its target is ${String(target['Arn'])}`, [
      'Name a schedule whose target is arn:aws:scheduler:::aws-sdk:batch:submitJob. Nothing was changed.',
    ]);
  }
  if (readTargetInput(target['Input']) === undefined) {
    throw badArgument(`the Input of ${label} is no JSON object, so that nothing in it can be kept`, [
      'Repair or delete the schedule. Nothing was changed.',
    ]);
  }
}

function checkSize(id: ScheduleId, schedule: JsonObject): JsonObject {
  const bytes = Buffer.byteLength(String(targetOf(schedule)['Input'] ?? ''));
  if (bytes <= LARGEST_INPUT) return schedule;
  throw badArgument(`what ${scheduleLabel(id)} would submit has ${bytes} bytes; AWS Batch takes ${LARGEST_INPUT}`, [
    'Override less: environment, parameters and command can stand in the job definition.',
  ]);
}

async function checkMove(
  { id, definition, allowOlder }: ScheduleRequest,
  found: DescribedSchedule | undefined,
  session: AwsSession,
  progress: ActionContext['progress'],
): Promise<void> {
  if (!found || !definition) return;
  const input = readTargetInput(targetOf(found.settings)['Input']) ?? {};
  const current = submitMember(input, 'JobDefinition');
  await guardMove({ label: scheduleLabel(id), current, to: definition, allowOlder }, session, progress);
}
