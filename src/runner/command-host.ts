/** Where the commands of a job run: this machine, or a container. */
export interface CommandHost {
  /** Starts a command; it never throws, what fails is in `ended`. */
  start(command: HostCommand): RunningCommand;
  /** Where a path of the job is on this machine; the same where absent. Throws a DeployError for what is nowhere here. */
  hostPath?(path: string): string;
  /** Runs what this process does with the job's files, which belong to its user meanwhile; they always do where absent. */
  lendFiles?<T>(work: () => Promise<T>): Promise<T>;
  /** Ends everything that a job left running, grandchildren and daemons included. */
  close(): Promise<void>;
}

export interface HostCommand {
  /** Program and arguments; never shell text. Paths are those of the job (the same on the host and in a container). */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Made when it is missing. */
  readonly cwd: string;
  /** Called with what the command writes, as it comes; not redacted yet. */
  readonly output: (chunk: Buffer) => void;
}

export interface RunningCommand {
  readonly ended: Promise<CommandEnd>;
  /** SIGTERM to all of it, SIGKILL to what is left a moment later. */
  stop(): Promise<void>;
}

export interface CommandEnd {
  /** As a shell says it: 128 + signal when a signal ended it, 127 with a failure when there is no such program. */
  readonly exitCode: number;
  /** Why it could not be started, in words. */
  readonly failure?: string;
}
