import type { RetryStrategy } from '@aws-sdk/client-batch';

import type { Outcome } from './job-rules.ts';

/**
 * Whether a failed attempt is followed by another: while there are attempts left, and unless the first rule of
 * `evaluateOnExit` that fits says EXIT. Without a rule that fits it is (user guide, "Automated job retries").
 */
export function isRetried(
  strategy: RetryStrategy,
  attempts: number,
  { exitCode, reason, statusReason }: Outcome,
): boolean {
  if (attempts >= (strategy.attempts ?? 1)) return false;
  const rule = strategy.evaluateOnExit?.find(
    ({ onExitCode, onReason, onStatusReason }) =>
      fits(onExitCode, exitCode === undefined ? '' : String(exitCode)) &&
      fits(onReason, reason ?? '') &&
      fits(onStatusReason, statusReason ?? ''),
  );
  return rule?.action?.toUpperCase() !== 'EXIT';
}

/** A pattern is the whole text, or its start when it ends with `*`. */
function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
