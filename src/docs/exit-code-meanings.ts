import type { EXIT } from '../core/exit-codes.ts';

/** One sentence for each exit code, for the reference. */
export const EXIT_CODE_MEANINGS: Record<keyof typeof EXIT, string> = {
  ok: 'The state that was asked for was reached, or was there already. With dry_run: the plan was printed.',
  general: 'Something failed that has no code of its own.',
  badArguments: 'A parameter is unknown, missing or has a value that can not be used. Nothing was changed.',
  credentials: 'There are no usable credentials, or they lack a permission. The message names it.',
  awsApi: 'AWS refused a call or could not be reached.',
  notFound: 'Something that was named does not exist.',
  canceled: 'The job was canceled.',
  invalidFile: 'A file was read and can not be used. The message says where in the file.',
  timedOut: 'The time limit was reached before the state that was asked for.',
  rolledBack: 'The deployment failed and what ran before runs again.',
  failedNotRolledBack: 'The deployment failed and was not rolled back, or the rollback failed.',
  superseded: 'Another, newer deployment took over.',
  paused: 'The deployment is paused, and more was asked for.',
};
