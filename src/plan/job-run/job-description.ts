/** SUBMITTED, PENDING, RUNNABLE, STARTING and RUNNING come before the two ends; a job whose attempt failed may go back to RUNNABLE. */
export type JobStatus = 'SUBMITTED' | 'PENDING' | 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

/** What DescribeJobs tells about a job, as far as a wait for it needs it. Times are milliseconds since the epoch. */
export interface JobDescription {
  id: string;
  arn: string;
  name: string;
  /** ARN of the revision that the job runs. */
  definitionArn: string;
  status: JobStatus;
  statusReason: string | undefined;
  createdAt: number | undefined;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  attempts: readonly Attempt[];
  /** Containers of the attempt that runs now, or of the last one. */
  containers: readonly JobContainer[];
  /** For the parent of an array: how many children are in which state. */
  array: { size: number; counts: Readonly<Partial<Record<JobStatus, number>>> } | undefined;
  /** For a multi-node job: the id under which its main node is described. */
  mainNodeId: string | undefined;
  /** Values of the variables of its containers whose names say secret; left out when there are none. */
  secrets?: readonly string[];
}

export interface Attempt {
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  statusReason: string | undefined;
  containers: readonly JobContainer[];
}

export interface JobContainer {
  /** Empty where a job has only one. */
  name: string;
  exitCode: number | undefined;
  reason: string | undefined;
  log: LogPlace | undefined;
}

/** Where a container's output goes. */
export type LogPlace =
  | { kind: 'stream'; group: string; stream: string; region: string | undefined }
  /** CloudWatch Logs, but the stream is not named yet: the container has not started. */
  | { kind: 'later' }
  /** Somewhere else. */
  | { kind: 'elsewhere'; driver: string };

export function isFinished({ status }: Pick<JobDescription, 'status'>): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

const BEFORE_START: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE'];

/**
 * Does nothing of the job run? The parent of an array stays PENDING as long as its children run, so there the children
 * tell.
 */
export function isWaiting({ status, array }: Pick<JobDescription, 'status' | 'array'>): boolean {
  if (!BEFORE_START.includes(status)) return false;
  if (!array) return true;
  const waiting = BEFORE_START.reduce((sum, each) => sum + (array.counts[each] ?? 0), 0);
  const known = Object.values(array.counts).reduce((sum, count) => sum + count, 0);
  return waiting === known;
}

/** How an attempt, or the job as it stands, ended: the first container that failed, else the first that has a code. */
export function decisiveContainer(containers: readonly JobContainer[]): JobContainer | undefined {
  return (
    containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0) ??
    containers.find(({ exitCode }) => exitCode !== undefined) ??
    containers.find(({ reason }) => reason !== undefined) ??
    containers[0]
  );
}

/** `exit code 3, Essential container in task exited` as far as it is known. */
export function endText(containers: readonly JobContainer[], statusReason: string | undefined): string {
  const { name, exitCode, reason } = decisiveContainer(containers) ?? {};
  const code = exitCode === undefined ? undefined : `exit code ${exitCode}${name ? ` of container ${name}` : ''}`;
  const parts = [code, reason, statusReason].filter((part) => part !== undefined && part !== '');
  return [...new Set(parts)].join(', ') || 'no reason given';
}
