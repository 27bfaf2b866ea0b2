import type { Place } from '../../config/source.ts';

/** What a compiled config says, typed: what there is to run. */
export interface Pipeline {
  readonly workflows: readonly Workflow[];
}

export interface Workflow {
  readonly name: string;
  readonly jobs: readonly WorkflowJob[];
}

/** One job of a workflow, as it is called there. */
export interface WorkflowJob {
  readonly name: string;
  readonly type: 'build' | 'approval' | 'no-op' | 'release';
  readonly requires: readonly Requirement[];
  readonly contexts: readonly string[];
  /** The values of the matrix that it is one of. */
  readonly matrix?: ReadonlyMap<string, string>;
  /** Absent for approvals and other types that run nothing. */
  readonly job?: Job;
  readonly at: Place;
}

/** CircleCI's `requires`: any of the statuses will do. */
export interface Requirement {
  readonly job: string;
  readonly statuses: readonly FinalStatus[];
}

/** How a job can end, in CircleCI's words. */
export type FinalStatus = 'success' | 'failed' | 'canceled' | 'unauthorized' | 'not_run';

export interface Job {
  readonly executor: Executor;
  readonly environment: ReadonlyMap<string, string>;
  /** As written; `~` is the job's HOME. CircleCI's default is `~/project`. */
  readonly workingDirectory: string;
  /** Of all run steps that say no other. CircleCI's default is `/bin/bash -eo pipefail`. */
  readonly shell: string;
  readonly parallelism: number;
  readonly steps: readonly Step[];
}

export type Executor =
  | { readonly kind: 'docker'; readonly images: readonly DockerImage[] }
  | { readonly kind: 'machine' | 'macos'; readonly image: string };

/** The first image of a job is where its steps run, the others are its services. */
export interface DockerImage {
  readonly image: string;
  readonly name?: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment: ReadonlyMap<string, string>;
}

interface StepFields {
  /** As CircleCI's page shows it: the name of the step, or what it does. */
  readonly name: string;
  readonly when: 'on_success' | 'on_fail' | 'always';
  readonly at: Place;
}

export type Step = RunStep | CheckoutStep | WorkspaceStep | CacheStep | StoreStep | OtherStep;

export interface RunStep extends StepFields {
  readonly kind: 'run';
  readonly command: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly shell?: string;
  readonly workingDirectory?: string;
  readonly background: boolean;
  /** Milliseconds without output after which the step is ended; CircleCI's default is ten minutes. */
  readonly noOutputTimeoutMs: number;
  /** How often a failed step is run again, at most 5. */
  readonly maxAutoReruns: number;
  readonly autoRerunDelayMs: number;
}

export interface CheckoutStep extends StepFields {
  readonly kind: 'checkout';
  readonly path?: string;
}

export type WorkspaceStep = StepFields &
  (
    | { readonly kind: 'persist_to_workspace'; readonly root: string; readonly paths: readonly string[] }
    | { readonly kind: 'attach_workspace'; readonly path: string }
  );

export type CacheStep = StepFields &
  (
    | { readonly kind: 'save_cache'; readonly key: string; readonly paths: readonly string[] }
    | { readonly kind: 'restore_cache'; readonly keys: readonly string[] }
  );

export type StoreStep = StepFields &
  (
    | { readonly kind: 'store_artifacts'; readonly path: string; readonly destination?: string }
    | { readonly kind: 'store_test_results'; readonly path: string }
  );

/** Steps that a laptop has no counterpart for: they are said and skipped, but for one that nobody knows, which fails. */
export interface OtherStep extends StepFields {
  readonly kind: 'setup_remote_docker' | 'add_ssh_keys' | 'unknown';
}
