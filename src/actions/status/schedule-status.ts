import type { AwsSession } from '../../aws/session.ts';
import { InvalidSchedule } from '../../core/cron.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ScheduleStatus } from '../../plan/job-status/job-status.ts';
import { pinProblem } from '../../plan/job-status/revision-status.ts';
import { nextRunsOfRule, nextRunsOfSchedule, timezoneOf } from '../../plan/schedule/next-runs.ts';
import { findUses, type ScheduledUse } from '../schedule/uses.ts';
import type { Unread } from './unread.ts';

const NEXT_TIMES = 3;

/** The schedules and rules that submit a definition, and when they will. */
export async function scheduleStatuses(
  name: string,
  { revisions, now }: { revisions: readonly JsonObject[]; now: Date },
  session: AwsSession,
  unread: Unread,
): Promise<ScheduleStatus[]> {
  const nothing = { uses: [], unreadable: [] };
  const { uses, unreadable } = await unread.unless('schedules and rules', () => findUses(session, name), nothing);
  unread.sentences.push(...unreadable.map((what) => `${what}: not allowed`));
  return uses.map((use) => {
    const revision = use.revision ?? null;
    const expression = use.settings['ScheduleExpression'];
    return {
      kind: use.kind,
      label: use.by,
      enabled: use.enabled,
      expression: typeof expression === 'string' && expression !== '' ? expression : null,
      timezone: use.kind === 'schedule' ? timezoneOf(use.settings) : 'UTC',
      revision,
      problem: pinProblem(revision, revisions),
      nextTimes: nextTimesOf(use, now, unread),
    };
  });
}

function nextTimesOf(use: ScheduledUse, after: Date, unread: Unread): string[] {
  try {
    return use.kind === 'schedule'
      ? nextRunsOfSchedule(use.settings, { after, created: use.created, count: NEXT_TIMES })
      : nextRunsOfRule(use.settings, { after, count: NEXT_TIMES });
  } catch (error) {
    // AWS may know more kinds of expressions than this version.
    if (!(error instanceof InvalidSchedule)) throw error;
    unread.sentences.push(`next times of ${use.by}: ${error.message}`);
    return [];
  }
}
