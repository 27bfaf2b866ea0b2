import type { Clock } from '../core/clock.ts';
import type { Terminal } from '../report/local-run/progress/terminal.ts';

export interface Screen {
  terminal: Terminal;
  /** Where answers come from; absent where standard input is no terminal. */
  input?: NodeJS.ReadableStream;
}

/** Everything outside that the command line touches; tests bring their own. */
export interface World {
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  clock: Clock;
  /** The folder of the npm package, with its orb; absent in the CLI archive. */
  packageFolder?: string;
  /** Where people look at what is shown live and answer questions: nothing in pipes and CI. */
  openScreen?: () => Promise<Screen | undefined>;
  /** Data: results and help. */
  stdout: (text: string) => void;
  /** Everything else. */
  stderr: (text: string) => void;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  /** Called before the code of an action or of another command is loaded. */
  beforeWork?: () => Promise<void>;
}
