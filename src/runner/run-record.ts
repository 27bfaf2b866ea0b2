import type { FinalStatus } from './pipeline/pipeline.ts';
import type { ReleaseRecord } from './tools/control-files.ts';

/** All that is known of a run, as `run.json` in its folder keeps it. Times are ISO 8601; texts are redacted. */
export interface RunRecord {
  readonly schema: 'aws-deploy/local-run@1';
  readonly number: number;
  /** Path of the config, as the user named it. */
  readonly config: string;
  readonly commit?: string;
  readonly branch?: string;
  /** Says that files that are not committed took part. */
  readonly dirty: boolean;
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  readonly workflows: readonly WorkflowRecord[];
  /** What the run changed in the local AWS, a line each. */
  readonly localAws?: readonly string[];
}

export interface WorkflowRecord {
  readonly name: string;
  readonly jobs: readonly JobRecord[];
}

/** A job that has not ended yet is waiting, running, or on hold for an approval. */
export type JobStatus = FinalStatus | 'waiting' | 'running' | 'on_hold';

export interface JobRecord {
  readonly name: string;
  readonly type: string;
  readonly status: JobStatus;
  readonly requires: readonly { readonly job: string; readonly statuses: readonly FinalStatus[] }[];
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Why it did not run, or how it failed, where that is not the exit code of a step. */
  readonly reason?: string;
  /** One for each node of `parallelism`. */
  readonly nodes: readonly NodeRecord[];
}

export interface NodeRecord {
  readonly steps: readonly StepRecord[];
  /** Paths below the run's folder. */
  readonly artifacts: readonly string[];
  /** The deploy markers that its steps left, in their order. */
  readonly deploys?: readonly ReleaseRecord[];
}

export interface StepRecord {
  readonly name: string;
  readonly kind: string;
  readonly status: 'running' | 'success' | 'failed' | 'canceled' | 'skipped' | 'halted';
  readonly exitCode?: number;
  /** How it failed in words, when it is not the exit code alone; or why it was skipped. */
  readonly reason?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Says that it ran in the background: its failure does not fail the job. */
  readonly background?: true;
  /** How often it was run again. */
  readonly reruns: number;
  /** Path of its log below the run's folder. */
  readonly log?: string;
}
