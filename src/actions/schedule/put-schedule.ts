import { scheduleLabel, type ScheduleId } from '../../aws/schedule-names.ts';
import type { DescribedSchedule } from '../../aws/scheduler.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { diffSchedules, lostMembers } from '../../plan/schedule/schedule-diff.ts';
import { mergeSchedule, newSchedule, type ScheduleEdits } from '../../plan/schedule/schedule-merge.ts';
import { isSubmitJobTarget, readSubmitInput, submitMember } from '../../plan/schedule/submit-input.ts';
import type { ActionContext } from '../context.ts';
import { guardMove } from './move-guard.ts';
import { checkComplete, contended, MOST_ROUNDS, notAsAsked, warnWithoutQueue, type PutOutcome } from './outcome.ts';
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

/**
 * Brings a schedule to what is asked for: reads it, changes only that, sends the whole back when something differs, and
 * proves it by reading it again. What others change meanwhile is kept.
 */
export async function putSchedule(
  request: ScheduleRequest,
  session: AwsSession,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<PutOutcome> {
  const scheduler = await session.scheduler();
  const label = scheduleLabel(request.id);
  let found = await scheduler.get(request.id);
  const kind = found ? 'updated' : 'created';
  let firstDiff: readonly string[] | undefined;
  let stillDiffered = '';
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const wanted = wantedSchedule(request, found, session);
    const diff = diffSchedules(found?.settings, wanted);
    if (found && diff.length === 0) {
      if (firstDiff) return outcome('changed', found, wanted, { resource: found.arn, kind, diff: firstDiff });
      progress.info(`Nothing to do: ${label} is what was asked for`);
      return outcome('unchanged', found, wanted, { resource: found.arn, kind: 'unchanged' });
    }
    await checkMove(request, found, session, progress);
    if (!firstDiff) {
      progress.step(`${request.dryRun ? 'Would change' : 'Changing'} ${label}`);
      for (const line of diff) progress.info(`  ${line}`);
      warnWithoutQueue(label, targetOf(wanted), progress);
    }
    firstDiff ??= diff;
    if (request.dryRun) return outcome('planned', found, wanted, { resource: found?.arn ?? label, kind, diff });
    const isSent = found ? await scheduler.update(wanted) : await scheduler.create(wanted);
    found = await scheduler.get(request.id);
    if (isSent && found) {
      const differs = diffSchedules(found.settings, wantedSchedule(request, found, session));
      const lost = lostMembers(wanted, found.settings);
      if (differs.length === 0 && lost.length > 0) throw notAsAsked(label, lost);
      if (differs.length === 0) {
        progress.info(`Read back: ${found.arn}`);
        return outcome('changed', found, found.settings, { resource: found.arn, kind, diff: firstDiff });
      }
      if (differs.join('\n') === stillDiffered) throw notAsAsked(label, differs);
      stillDiffered = differs.join('\n');
    }
    progress.warn(`Something else has changed ${label} at the same time; taking it into account`);
    await clock.sleep(100 * 2 ** round * (0.5 + Math.random()), signal);
  }
  throw contended(label);
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
  if (readSubmitInput(target['Input']) === undefined) {
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
  const input = readSubmitInput(targetOf(found.settings)['Input']) ?? {};
  const current = submitMember(input, 'JobDefinition');
  await guardMove({ label: scheduleLabel(id), current, to: definition, allowOlder }, session, progress);
}

function outcome(
  status: PutOutcome['status'],
  found: DescribedSchedule | undefined,
  settings: JsonObject,
  change: PutOutcome['change'],
): PutOutcome {
  return { status, change, arn: found?.arn, settings, target: targetOf(settings), created: found?.created };
}

function targetOf(settings: JsonObject): JsonObject {
  const target = settings['Target'];
  return isJsonObject(target) ? target : {};
}
