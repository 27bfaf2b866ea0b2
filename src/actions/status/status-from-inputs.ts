import type { JsonObject } from '../../core/json.ts';
import { newestRevision } from '../../plan/job-definition/next-revision.ts';
import type { JobStatus } from '../../plan/job-status/job-status.ts';
import { revisionStatus, rollbackStatus } from '../../plan/job-status/revision-status.ts';
import { jobStatusText } from '../../report/job-status-text.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import { noActiveRevision } from '../job-definition/not-found.ts';
import type { StatusInputs, StatusOutputs } from '../job-status.ts';
import { containerStatuses } from './container-status.ts';
import { runStatuses } from './run-statuses.ts';
import { scheduleStatuses } from './schedule-status.ts';
import { Unread } from './unread.ts';

/** The work of job-status. */
export async function statusFromInputs(inputs: StatusInputs, context: ActionContext): Promise<Outcome<StatusOutputs>> {
  const { jobDefinitionName: name, jobQueue: queues, runs: most } = inputs;
  const session = await context.openSession(inputs);
  const revisions = await (await session.batch()).allRevisions(name);
  const newest = newestRevision(revisions.filter(({ status }) => status === 'ACTIVE'));
  if (!newest) throw noActiveRevision(name, session);

  const unread = new Unread();
  const now = context.clock.now();
  const status: JobStatus = {
    name,
    region: session.region,
    account: session.identity.accountId,
    newest: revisionStatus(newest, revisions, await containerStatuses(newest, session, unread, context.progress)),
    rollback: rollbackStatus(newest, revisions),
    schedules: await scheduleStatuses(name, { revisions, now }, session, unread),
    runs: await runStatuses({ name, queues, most, now }, session, unread),
    unread: unread.sentences,
  };
  return {
    component: name,
    status: 'unchanged',
    changes: [],
    outputs: {
      jobDefinitionName: name,
      newestRevision: status.newest.revision,
      verified: status.newest.verifiedAt !== null,
      rejected: status.newest.rejectedAt !== null,
      rollbackRevision: status.rollback?.revision,
      overview: status as unknown as JsonObject,
    },
    text: jobStatusText(status),
  };
}
