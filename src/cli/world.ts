import type { Clock } from '../core/clock.ts';

/** Everything outside that the command line touches; tests bring their own. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  clock: Clock;
  /** The folder of the npm package, with its orb; absent in the CLI archive. */
  packageFolder?: string;
  /** Data: results and help. */
  stdout: (text: string) => void;
  /** Everything else. */
  stderr: (text: string) => void;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  /** Called before an action's code is loaded. */
  beforeWork?: () => Promise<void>;
}
