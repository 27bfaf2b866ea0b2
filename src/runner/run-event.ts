import type { JobStatus, StepRecord } from './run-record.ts';

/** Which job, and which node of its parallelism (0 for most). */
export interface NodeId {
  readonly workflow: string;
  readonly job: string;
  readonly node: number;
}

/** What happens in a run, in order. Texts are redacted. `at` is in milliseconds since the epoch. */
export type RunEvent =
  | {
      readonly kind: 'job';
      readonly workflow: string;
      readonly job: string;
      readonly status: JobStatus;
      readonly reason?: string;
      readonly at: number;
    }
  | {
      readonly kind: 'step-started';
      readonly id: NodeId;
      readonly step: number;
      readonly name: string;
      readonly at: number;
    }
  | { readonly kind: 'output'; readonly id: NodeId; readonly step: number; readonly text: string; readonly at: number }
  | {
      readonly kind: 'step-ended';
      readonly id: NodeId;
      readonly step: number;
      readonly end: StepRecord;
      readonly at: number;
    }
  /** A word of the runner itself, about no step. */
  | { readonly kind: 'note'; readonly text: string; readonly at: number };

export type RunListener = (event: RunEvent) => void;
