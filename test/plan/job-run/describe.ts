import type { Attempt, JobContainer, JobDescription } from '../../../src/plan/job-run/job-description.ts';

/** 03:00 of a night; jobs of the tests are created then. */
export const CREATED = Date.parse('2026-11-20T03:00:00Z');

/** A job that was submitted a moment ago, with what is told about it. */
export function job(told: Partial<JobDescription> = {}): JobDescription {
  return {
    id: 'id-1',
    arn: 'arn:aws:batch:eu-west-1:123456789012:job/id-1',
    name: 'crawl-0123456789ab',
    definitionArn: 'arn:aws:batch:eu-west-1:123456789012:job-definition/crawl:7',
    status: 'SUBMITTED',
    statusReason: undefined,
    createdAt: CREATED,
    startedAt: undefined,
    stoppedAt: undefined,
    attempts: [],
    containers: [],
    array: undefined,
    mainNodeId: undefined,
    ...told,
  };
}

/** Seconds after the submission. */
export function attempt(from: number | undefined, to: number | undefined, told: Partial<Attempt> = {}): Attempt {
  const at = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : CREATED + seconds * 1000;
  return { startedAt: at(from), stoppedAt: at(to), statusReason: undefined, containers: [], ...told };
}

export function container(exitCode: number | undefined, reason?: string, name = ''): JobContainer {
  return { name, exitCode, reason, log: undefined };
}
