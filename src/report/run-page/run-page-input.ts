/** What is shown of a log: all of it (`cutBytes` is 0 and `tail` empty), or its beginning and its end. */
export interface LogExcerpt {
  readonly head: string;
  readonly tail: string;
  /** How many bytes between them are left out. */
  readonly cutBytes: number;
}

/** Reads a log by its path below the run's folder, at most so many bytes of it. Undefined when there is none. */
export type LogSource = (path: string, mostBytes: number) => LogExcerpt | undefined;

export interface RunPageInput {
  readonly logs: LogSource;
  /** Size of an artifact in bytes by its path below the run's folder, where it is known. */
  readonly artifactSize?: (path: string) => number | undefined;
  /** What `store_test_results` found, by job. */
  readonly testResults?: readonly JobTestResults[];
  /** The time zone that times are shown in, as `Europe/Berlin`. UTC unless it is given, and there is such a zone. */
  readonly timeZone?: string;
}

export interface JobTestResults {
  readonly workflow: string;
  readonly job: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly name: string; readonly message: string }[];
}
