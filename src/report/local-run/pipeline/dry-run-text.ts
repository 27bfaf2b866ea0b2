import { durationText } from '../../../core/duration-text.ts';
import { namesSecret, type Redact } from '../../../core/redact.ts';
import type { Job, Pipeline, RunStep, Step, Workflow, WorkflowJob } from '../../../runner/pipeline/pipeline.ts';
import { placedJobs } from './job-levels.ts';
import { contextsText, kindText, requiresText } from './job-text.ts';
import { printable } from '../terminal-text.ts';

/** CircleCI's `no_output_timeout`, which needs no words. */
const USUAL_SILENCE_MS = 600_000;

/**
 * What would run, job by job in an order in which they can run, and step by step:
 *
 *     release / test: docker cimg/node:20.19; after build; context npm
 *       working directory ~/project, shell /bin/bash -eo pipefail
 *       NPM_TOKEN (of a context or the project)
 *       NODE_ENV=test
 *       1. Checkout code
 *       2. Run tests (always; in the background)
 *            | npm ci
 *            | npm test
 */
export function dryRunText({ workflows }: Pipeline, { redact, variablesOf }: DryRunSettings): string {
  if (workflows.length === 0) return 'No workflow runs with these pipeline values.\n';
  const jobs = workflows.flatMap((workflow) =>
    placedJobs(workflow).map(({ job }) => jobLines(job, workflow, variablesOf(job))),
  );
  return redact(jobs.map((lines) => `${lines.join('\n')}\n`).join('\n'));
}

export interface DryRunSettings {
  /** Masks the values of contexts. */
  readonly redact: Redact;
  /** Names of the variables that a job gets from its contexts and the project. */
  readonly variablesOf: (job: WorkflowJob) => readonly string[];
}

function jobLines(call: WorkflowJob, workflow: Workflow, given: readonly string[]): string[] {
  const facts = [kindText(call), requiresText(call, workflow), contextsText(call)].filter((text) => text !== '');
  const head = `${printable(`${workflow.name} / ${call.name}`)}: ${facts.join('; ')}`;
  return [head, ...(call.job ? bodyLines(call.job, given) : []).map((line) => `  ${line}`)];
}

function bodyLines({ workingDirectory, shell, environment, steps }: Job, given: readonly string[]): string[] {
  const digits = String(steps.length).length;
  return [
    printable(`working directory ${workingDirectory}, shell ${shell}`),
    ...given.map((name) => printable(`${name} (of a context or the project)`)),
    ...environmentLines(environment),
    ...steps.flatMap((step, index) => stepLines(step, String(index + 1).padStart(digits))),
  ];
}

function stepLines(step: Step, number: string): string[] {
  const notes = step.kind === 'run' ? runNotes(step) : whenNotes(step);
  const head = `${number}. ${printable(step.name)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
  const details = step.kind === 'run' ? runLines(step) : otherLines(step);
  return [head, ...details.map((line) => `${' '.repeat(number.length + 2)}${line}`)];
}

function whenNotes({ when }: Step): string[] {
  return when === 'on_success' ? [] : [when === 'always' ? 'always' : 'only after a failure'];
}

function runNotes(step: RunStep): string[] {
  const { background, maxAutoReruns, autoRerunDelayMs, noOutputTimeoutMs, workingDirectory, shell } = step;
  const delay = autoRerunDelayMs > 0 ? `, ${durationText(autoRerunDelayMs)} apart` : '';
  return [
    ...whenNotes(step),
    ...(background ? ['in the background'] : []),
    ...(maxAutoReruns > 0 ? [`up to ${maxAutoReruns} reruns${delay}`] : []),
    ...(noOutputTimeoutMs === USUAL_SILENCE_MS ? [] : [`ends after ${durationText(noOutputTimeoutMs)} of silence`]),
    ...(workingDirectory === undefined ? [] : [`in ${printable(workingDirectory)}`]),
    ...(shell === undefined ? [] : [`shell ${printable(shell)}`]),
  ];
}

function runLines({ command, environment }: RunStep): string[] {
  const lines = command.trimEnd().split('\n');
  return [...environmentLines(environment), ...lines.map((line) => `  | ${printable(line)}`.trimEnd())];
}

function environmentLines(environment: ReadonlyMap<string, string>): string[] {
  return [...environment].flatMap(([name, value]) => {
    if (namesSecret(name)) return [printable(`${name} (secret)`)];
    const [first = '', ...more] = value.split('\n');
    return [printable(`${name}=${first}`), ...more.map((line) => `  ${printable(line)}`)];
  });
}

function otherLines(step: Exclude<Step, RunStep>): string[] {
  switch (step.kind) {
    case 'checkout':
      return step.path === undefined ? [] : [printable(`to ${step.path}`)];
    case 'persist_to_workspace':
      return [printable(`${step.paths.join(', ')} in ${step.root}`)];
    case 'attach_workspace':
      return [printable(`at ${step.path}`)];
    case 'save_cache':
      return [printable(`${step.paths.join(', ')} as ${step.key}`)];
    case 'restore_cache':
      return step.keys.map((key, index) => printable(`${index === 0 ? '' : 'or '}${key}`));
    case 'store_artifacts':
      return [printable(`${step.path}${step.destination === undefined ? '' : ` as ${step.destination}`}`)];
    case 'store_test_results':
      return [printable(step.path)];
    case 'setup_remote_docker':
    case 'add_ssh_keys':
      return ['nothing happens on this machine'];
    case 'unknown':
      return ['fails: there is no such step on this machine'];
  }
}
