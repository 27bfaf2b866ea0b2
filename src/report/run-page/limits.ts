/** How much of a run the page shows. It says where it leaves something out, and where that is. */
export const LIMITS = {
  /** Bytes of the log of one step: its beginning and its end. */
  log: 24_000,
  /** The same of a step that failed. */
  failedLog: 64_000,
  /** Characters of all logs together, as they stand in the page. */
  allLogs: 2_000_000,
  /** Failures that are told at the top with the end of their logs, and further ones that are listed there. */
  failures: 5,
  listedFailures: 50,
  /** Lines and characters of the end of a log that are shown there. */
  lastLines: 20,
  lastCharacters: 6000,
  jobs: 2000,
  steps: 20_000,
  artifacts: 2000,
  listedDeploys: 50,
  localAwsLines: 1000,
  timelineRows: 1000,
  timelineSteps: 4000,
  /** Characters of a name, and of a reason. */
  name: 200,
  reason: 2000,
} as const;
