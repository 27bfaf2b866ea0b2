/** What is known about a job and what runs it. All times are ISO 8601 in UTC, but the next times of schedules: those are in their zone. */
export interface JobStatus {
  name: string;
  region: string;
  account: string;
  newest: RevisionStatus;
  /** Where a rollback would go; null when there is nowhere. */
  rollback: { revision: number; verifiedAt: string } | null;
  schedules: readonly ScheduleStatus[];
  /** The newest first. */
  runs: readonly RunStatus[];
  /** What could not be read, and why, a sentence each. */
  unread: readonly string[];
}

/** The newest ACTIVE revision: what a job runs that is submitted by name. */
export interface RevisionStatus {
  revision: number;
  arn: string;
  verifiedAt: string | null;
  rejectedAt: string | null;
  /** Set when a rollback made it: the revision that was left. */
  rolledBackFrom: number | null;
  /** Set when a rollback made it: the revision whose content it has, as far as AWS still knows it. */
  restored: { revision: number; verifiedAt: string | null } | null;
  /** False: something else registered it, such as Terraform. */
  byUs: boolean;
  gitSha: string | null;
  pipeline: string | null;
  containers: readonly ContainerStatus[];
}

/** `not asked`: it is in no registry of this account. `unreadable`: asking failed. */
export type Presence = 'there' | 'gone' | 'not asked' | 'unreadable';

export interface ContainerStatus {
  /** As users name it; empty when there is only one. */
  label: string;
  image: string | null;
  /** Of the image, and for a tag what ECR says that it is now. */
  digest: string | null;
  imageState: Presence;
  script: ScriptStatus | null;
}

export interface ScriptStatus {
  url: string;
  /** The hash that was released. */
  sha256: string | null;
  /** `changed`: there is something else under that key now. */
  state: 'there' | 'gone' | 'changed' | 'unreadable';
}

export interface ScheduleStatus {
  kind: 'schedule' | 'rule';
  /** `schedule nightly` */
  label: string;
  enabled: boolean;
  /** `cron(…)`; null for a rule that runs by events. */
  expression: string | null;
  timezone: string;
  /** The revision that it submits; null: by name, so the newest. */
  revision: number | null;
  /** Why what it submits can not run, or should not. */
  problem: string | null;
  /** The next three. */
  nextTimes: readonly string[];
}

export interface RunStatus {
  id: string;
  name: string;
  queue: string;
  /** As AWS calls it; for an array with its children: `PENDING (3 RUNNING)`. */
  state: string;
  /** How it ended; null before the end. */
  reason: string | null;
  exitCode: number | null;
  revision: number | null;
  createdAt: string | null;
  startedAt: string | null;
  /** From the start to the end, or until now; null when it has not started. */
  runSeconds: number | null;
  logLink: string | null;
}
