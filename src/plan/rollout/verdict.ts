import { durationText } from '../../core/duration-text.ts';
import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import type { LifecycleHook } from './observation.ts';

/** A deployment that has not ended. */
export type GoingState =
  /** Begun, and on its way. */
  | 'GOING'
  /** All production traffic is shifted, and both revisions run for a while. */
  | 'BAKING'
  /** A hook waits for somebody to say whether to go on. */
  | 'PAUSED'
  | 'STOPPING'
  | 'ROLLING_BACK';

/** How a deployment ended; TIMED_OUT is how the wait for it did. */
export type FinalState = 'SUCCEEDED' | 'ROLLED_BACK' | 'STOPPED' | 'FAILED' | 'SUPERSEDED' | 'TIMED_OUT';

/** What is known of the deployment that one call started. Never made of what runs: other deployments run the same. */
export interface Verdict {
  state: GoingState | FinalState;
  /** As AWS names it; undefined where it has none. */
  stage: string | undefined;
  /** Why it did not succeed. */
  cause: Cause | undefined;
  /** What AWS said that the verdict stands on, a line each. */
  evidence: readonly string[];
  /** The hook that waits, when it is paused. */
  hook: LifecycleHook | undefined;
}

export interface Cause {
  kind:
    | 'circuit-breaker'
    | 'alarm'
    | 'hook'
    | 'stop-request'
    | 'newer-deployment'
    | 'service-deleted'
    | 'time-limit'
    /** AWS gives a reason of another kind, or none. */
    | 'other';
  /** Follows `because` in a sentence. */
  text: string;
}

const FINAL: ReadonlySet<string> = new Set<FinalState>([
  'SUCCEEDED',
  'ROLLED_BACK',
  'STOPPED',
  'FAILED',
  'SUPERSEDED',
  'TIMED_OUT',
]);

export function isFinal({ state }: Pick<Verdict, 'state'>): boolean {
  return FINAL.has(state);
}

/** What a wait that ends in a state ends with. */
export const ROLLOUT_EXIT: Readonly<Record<FinalState | 'PAUSED', ExitCode>> = {
  SUCCEEDED: EXIT.ok,
  ROLLED_BACK: EXIT.rolledBack,
  STOPPED: EXIT.failedNotRolledBack,
  FAILED: EXIT.failedNotRolledBack,
  SUPERSEDED: EXIT.superseded,
  TIMED_OUT: EXIT.timedOut,
  PAUSED: EXIT.paused,
};

/** What is left to say when the time for waiting is over: a deployment that has ended keeps its verdict. */
export function timedOut(verdict: Verdict, waitedMs: number): Verdict {
  if (isFinal(verdict)) return verdict;
  const was = verdict.stage ? `${verdict.state} (${verdict.stage})` : verdict.state;
  return {
    ...verdict,
    state: 'TIMED_OUT',
    cause: { kind: 'time-limit', text: `it had not ended after ${durationText(waitedMs)}` },
    evidence: [...verdict.evidence, `When the time was over it was ${was}`],
  };
}
