import type { JobWorld } from '../job-world.ts';
import type { Step } from '../pipeline/pipeline.ts';

/** The kinds of steps that are no command, and that a laptop has a counterpart for. */
export type HandledKind =
  | 'checkout'
  | 'persist_to_workspace'
  | 'attach_workspace'
  | 'save_cache'
  | 'restore_cache'
  | 'store_artifacts'
  | 'store_test_results';

/**
 * What carries out each of these steps. A step says what it does with `world.say`, in whole lines; it has failed when the
 * promise is rejected, with a DeployError for what the user can do something about. `world.signal` ends it early.
 */
export type StepHandlers = { readonly [K in HandledKind]: StepHandler<Extract<Step, { kind: K }>> };

export type StepHandler<S extends Step> = (step: S, world: JobWorld) => Promise<StepResult>;

export interface StepResult {
  /** Paths below the run's folder of the files that it stored. */
  readonly artifacts?: readonly string[];
}
