import { parseDefinitionReference } from '../schedule/definition-reference.ts';
import { decisiveContainer, endText, isFinished, type JobDescription } from '../job-run/job-description.ts';
import { logLink } from '../job-run/log-link.ts';
import { stateText } from '../job-run/progress-text.ts';
import type { RunStatus } from './job-status.ts';

/** What is told of a job that ran, or runs. */
export function runStatus(job: JobDescription, place: { queue: string; region: string; now: Date }): RunStatus {
  const decisive = decisiveContainer(job.containers);
  const log = decisive?.log;
  const isOver = isFinished(job);
  const end = job.stoppedAt ?? (isOver ? undefined : place.now.getTime());
  const ran = job.startedAt === undefined || end === undefined ? null : Math.max(0, end - job.startedAt);
  return {
    id: job.id,
    name: job.name,
    queue: place.queue,
    state: stateText(job),
    reason: job.status === 'FAILED' ? endText(job.containers, job.statusReason) : null,
    exitCode: isOver ? (decisive?.exitCode ?? null) : null,
    revision: parseDefinitionReference(job.definitionArn)?.revision ?? null,
    createdAt: isoTime(job.createdAt),
    startedAt: isoTime(job.startedAt),
    runSeconds: ran === null ? null : Math.round(ran / 1000),
    logLink: (log?.kind === 'stream' && logLink({ ...log, region: log.region ?? place.region })) || null,
  };
}

/** What is told of a job that is listed, and can't be looked at. */
export function listedRunStatus(
  job: Pick<JobDescription, 'id' | 'name' | 'status' | 'definitionArn' | 'createdAt'>,
  queue: string,
): RunStatus {
  return {
    id: job.id,
    name: job.name,
    queue,
    state: job.status,
    reason: null,
    exitCode: null,
    revision: parseDefinitionReference(job.definitionArn)?.revision ?? null,
    createdAt: isoTime(job.createdAt),
    startedAt: null,
    runSeconds: null,
    logLink: null,
  };
}

function isoTime(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
