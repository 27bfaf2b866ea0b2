import type { OtherStep, Step } from '../pipeline/pipeline.ts';

/** What decides whether a further step runs. */
export interface JobState {
  readonly failed: boolean;
  /** `circleci-agent step halt` was called. */
  readonly halted: boolean;
  readonly canceled: boolean;
}

/** Why a step does not run, in words; undefined when it does. (CircleCI: "The `when` attribute") */
export function whySkipped(step: Step, { failed, halted, canceled }: JobState): string | undefined {
  if (canceled) return 'the job was canceled.';
  if (halted) return 'a step before it ended the job with `circleci-agent step halt`.';
  const always = step.when === 'always' || step.kind === 'store_artifacts' || step.kind === 'store_test_results';
  if (!always && failed !== (step.when === 'on_fail')) {
    return failed ? 'a step before it failed.' : 'it runs only when a step before it has failed.';
  }
  return undefined;
}

/** Why a step that a laptop has no counterpart for does nothing, or can not be run, in words. */
export function withoutCounterpart(step: OtherStep): string {
  switch (step.kind) {
    case 'setup_remote_docker':
      return 'Nothing to set up: `docker` in this job reaches the engine of this machine, if there is one.';
    case 'add_ssh_keys':
      return "The project's SSH keys are on CircleCI only.";
    case 'unknown':
      return `There is no step \`${step.name}\` that could be run here.`;
  }
}
