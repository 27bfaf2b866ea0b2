import { createHash } from 'node:crypto';
import { stableStringify, type JsonValue } from '../../core/json.ts';

/** By what a run is found again. */
export interface RunIdentity {
  /** RunTask's limits are 128 letters, digits and `-_/` now, and 36 of old, which other tools that read it still have. */
  startedBy: string;
  /** 64 characters, which is the most that RunTask takes (ECS developer guide, "Ensuring idempotency"). */
  clientToken: string;
}

const PREFIX = 'aws-deploy/';
const HASH_LENGTH = 24;

/**
 * The names of a run. AWS knows a token for an hour after the task has stopped at most, and lists the task as long, so
 * that both together find it.
 * @param key the same for an automatic rerun and for nothing else
 * @param work what runs, as it was asked for: two steps of one job that run different things run both
 */
export function runIdentity(key: string, work: JsonValue): RunIdentity {
  const clientToken = createHash('sha256')
    .update(stableStringify([key, work]))
    .digest('hex');
  return { startedBy: `${PREFIX}${clientToken.slice(0, HASH_LENGTH)}`, clientToken };
}
