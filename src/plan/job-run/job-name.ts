import { createHash } from 'node:crypto';
import { stableStringify, type JsonObject } from '../../core/json.ts';

/** AWS Batch's limit for the name of a job, and what `submittedName` adds to a name. */
const LONGEST_NAME = 128;
const SUFFIX_LENGTH = 12;
export const LONGEST_BASE_NAME = LONGEST_NAME - SUFFIX_LENGTH - 1;

/** What a submission is known by: the same again is the same job. */
export interface SubmissionIdentity {
  /** `CIRCLE_WORKFLOW_JOB_ID`, or another text that is the same for an automatic rerun and for nothing else. */
  key: string;
  /** As it was asked for, with a revision only when a certain one was: which one is the newest may change meanwhile. */
  definition: string;
  queue: string;
  /** Command, environment, parameters and size: two steps of one job that run different things run both. */
  request: JsonObject;
}

/**
 * The name under which a job is submitted, and found again: SubmitJob has no token that would make it idempotent, but
 * ListJobs can be asked for a name.
 */
export function submittedName(base: string, { key, definition, queue, request }: SubmissionIdentity): string {
  const hash = createHash('sha256')
    .update(stableStringify([key, definition, queue, request]))
    .digest('hex');
  return `${base}-${hash.slice(0, SUFFIX_LENGTH)}`;
}

/** A name made from that of the definition: it may be longer than a job's, and begin with what a job's may not. */
export function baseName(definitionName: string): string {
  const name = definitionName.slice(0, LONGEST_BASE_NAME);
  return /^[A-Za-z0-9]/.test(name) ? name : `job${name}`.slice(0, LONGEST_BASE_NAME);
}
