import { randomUUID } from 'node:crypto';
import type { Submission } from '../../plan/job-run/follow-up-commands.ts';
import { baseName, submittedName } from '../../plan/job-run/job-name.ts';
import { changesAsJson, type JobChanges } from '../../plan/job-run/job-request.ts';
import type { Limits } from '../../plan/job-run/patience.ts';
import type { AskedDefinition } from './choose-definition.ts';

/** What happens to a job that is no longer waited for. */
export type OnCancel = 'terminate' | 'detach';

/** How a job is followed. Times are in milliseconds. */
export interface FollowOptions {
  limits: Limits;
  pollInterval: number;
  onCancel: OnCancel;
}

export interface JobRunRequest extends FollowOptions {
  asked: AskedDefinition;
  /** The name of the job as it is submitted. */
  name: string;
  submission: Submission;
  /** A key was given, so that an earlier run may have submitted the job already. */
  mayExist: boolean;
}

export interface JobRunWish extends FollowOptions {
  asked: AskedDefinition;
  queue: string;
  /** What the job's name begins with; undefined: the name of the definition. */
  jobName: string | undefined;
  /** The same key is the same job; undefined: a job of its own. */
  key: string | undefined;
  changes: JobChanges;
}

/** A job with the name by which it is found again. */
export function jobRunRequest({ asked, queue, jobName, key: given, changes, ...options }: JobRunWish): JobRunRequest {
  const base = jobName ?? baseName(asked.name);
  // With a key of its own even a job without one is found when the answer to its submission is lost.
  const key = given ?? randomUUID();
  const definition = asked.revision === undefined ? asked.name : `${asked.name}:${asked.revision}`;
  const { name: definitionName, revision } = asked;
  return {
    ...options,
    asked,
    name: submittedName(base, { key, definition, queue, request: changesAsJson(changes) }),
    submission: { definitionName, revision, queue, baseName: base, key, changes },
    mayExist: given !== undefined,
  };
}
