/**
 * How a command ends. 0 to 8 are the numbers of the CircleCI CLI, so that scripts which
 * know one know the other; 9 and up are what only a deploy can end in.
 */
export const EXIT = {
  ok: 0,
  general: 1,
  badArguments: 2,
  credentials: 3,
  awsApi: 4,
  notFound: 5,
  canceled: 6,
  invalidFile: 7,
  timedOut: 8,
  rolledBack: 9,
  failedNotRolledBack: 10,
  superseded: 11,
  paused: 12,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
