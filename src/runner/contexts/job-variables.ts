import type { Job, RunStep, Step } from '../pipeline/pipeline.ts';
import {
  isInEveryJob,
  variablesAssigned,
  variablesExpanded,
  variablesRead,
  type VariableUse,
} from '../../core/shell-variables.ts';

/** The variables that a job has to get from outside, each once, in the order of their first use. */
export interface NeededVariables {
  readonly required: readonly string[];
  /** Those that every use has a default for, or that may be names only by chance. */
  readonly optional: readonly string[];
}

/** A value that looks like the name of a variable, as parameters of type env_var_name leave it behind: `SLACK_TOKEN`. */
const NAME_AS_VALUE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;

/**
 * The variables that the steps of a job use, and that neither the job nor its steps nor CircleCI give. Found by how steps are
 * written: a help for who writes a context's file, no proof.
 */
export function neededVariables(job: Job): NeededVariables {
  const steps = job.steps.filter((step) => step.kind === 'run');
  const given = new Set([
    ...job.environment.keys(),
    ...(job.executor.kind === 'docker' ? (job.executor.images[0]?.environment.keys() ?? []) : []),
    ...steps.flatMap(({ command }) => [...variablesAssigned(command)]),
  ]);
  const uses = [...[...job.environment.values()].flatMap(usesOfValue), ...job.steps.flatMap(usesOfStep)];
  const needed = uses.filter(({ name }) => !given.has(name) && !isInEveryJob(name));
  const required = new Set(needed.filter(({ hasDefault }) => !hasDefault).map(({ name }) => name));
  const optional = new Set(needed.map(({ name }) => name).filter((name) => !required.has(name)));
  return { required: [...required], optional: [...optional] };
}

function usesOfStep(step: Step): VariableUse[] {
  if (step.kind === 'run') return usesOfRun(step);
  if (step.kind === 'save_cache') return usesOfKey(step.key);
  if (step.kind === 'restore_cache') return step.keys.flatMap(usesOfKey);
  return [];
}

function usesOfRun({ command, environment }: RunStep): VariableUse[] {
  const inCommand = variablesRead(command).filter(({ name }) => !environment.has(name));
  return [...[...environment.values()].flatMap(usesOfValue), ...inCommand];
}

function usesOfValue(value: string): VariableUse[] {
  if (NAME_AS_VALUE.test(value)) return [{ name: value, hasDefault: true }];
  return variablesExpanded(value);
}

/** `{{ .Environment.NAME }}` in the key of a cache. */
function usesOfKey(key: string): VariableUse[] {
  return [...key.matchAll(/\{\{-?\s*\.Environment\.(\w+)/g)].map(([, name = '']) => ({ name, hasDefault: true }));
}
