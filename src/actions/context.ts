import type { Clock } from '../core/clock.ts';
import type { Progress } from '../core/progress.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The outside world as an action sees it. */
export interface ActionContext {
  env: Environment;
  /** Absolute; relative paths in inputs are resolved against it. */
  cwd: string;
  clock: Clock;
  progress: Progress;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
}
