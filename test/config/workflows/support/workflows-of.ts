import { Budget } from '../../../../src/config/budget.ts';
import type { CompileOptions } from '../../../../src/config/compile.ts';
import { readLibrary } from '../../../../src/config/expand/read-library.ts';
import type { Frame } from '../../../../src/config/frame.ts';
import type { Library } from '../../../../src/config/library.ts';
import { member } from '../../../../src/config/node.ts';
import { orbVariables, pipelineVariables } from '../../../../src/config/parameters/pipeline-variables.ts';
import { Report, type Problem } from '../../../../src/config/problem.ts';
import { emitYaml } from '../../../../src/config/render/emit-yaml.ts';
import type { MapNode } from '../../../../src/config/node.ts';
import { compileVersion2 } from '../../../../src/config/workflows/compile-version-2.ts';
import { compileWorkflows } from '../../../../src/config/workflows/compile-workflows.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';

/** Jobs for tests in which it does not matter what they do; `p` takes an argument. */
export const SOME_JOBS = `
jobs:
  build: &job {machine: true, steps: [checkout]}
  test: *job
  deploy: *job
  p: {parameters: {v: {type: string, default: none}}, machine: true, steps: [run: "echo << parameters.v >>"]}
  pair:
    parameters: {os: {type: string, default: linux}, version: {type: string, default: "0"}}
    machine: true
    steps: [run: "echo << parameters.os >> << parameters.version >>"]
`;

export interface CompiledParts {
  /** The workflows as they are printed, without the version where it comes last. */
  readonly workflows: string;
  readonly jobs: ReadonlyMap<string, MapNode>;
  /** Names of the printed jobs, in their order. */
  readonly names: readonly string[];
  /** Line, column, scopes and message of each error. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

export interface Given {
  readonly values?: CompileOptions['pipelineValues'];
  readonly orbs?: Readonly<Record<string, Library>>;
  readonly budget?: Budget;
  readonly version2?: boolean;
}

/** Compiles the workflows of a config, which is SOME_JOBS and what is given. */
export function workflowsOf(workflows: string, given: Given = {}): CompiledParts {
  return compiledParts(`${dedented(workflows)}${SOME_JOBS}`, given);
}

export function compiledParts(
  text: string,
  { values, orbs = {}, budget, version2 = false }: Given = {},
): CompiledParts {
  const report = new Report();
  const root = readYaml({ name: 'config.yml', text: dedented(text) }, report);
  if (root?.kind !== 'map') throw new Error(`no map: ${JSON.stringify(report.problems)}`);
  const variables = pipelineVariables(root, { pipelineValues: values ?? {} }, { report, budget: new Budget() });
  const library = readLibrary(root, { reference: '', orbs: new Map(Object.entries(orbs)), variables }, report);
  const frame: Frame = { library, variables, report, budget: budget ?? new Budget(), calls: [] };
  const compiled = version2 ? compileVersion2(root, frame) : compileWorkflows(root, frame);
  const { problems } = report;
  return {
    workflows: compiled ? emitYaml(compiled.workflows).replace(/version: 2\n$/, '') : '',
    jobs: compiled?.jobs ?? new Map(),
    names: [...(compiled?.jobs.keys() ?? [])],
    errors: problems.filter(({ severity }) => severity === 'error').map(problemText),
    warnings: problems.filter(({ severity }) => severity === 'warning').map(problemText),
    problems,
  };
}

export function orbOf(text: string): Library {
  const report = new Report();
  const root = readYaml({ name: 'orb.yml', text: dedented(text) }, report);
  if (root?.kind !== 'map') throw new Error(`no map: ${JSON.stringify(report.problems)}`);
  const variables = orbVariables(root, {}, report);
  return readLibrary(root, { reference: 'acme/tools@1.0.0', orbs: new Map(), variables }, report);
}

/** The value of the first `run` step of a printed job. */
export function commandOf(job: MapNode | undefined): unknown {
  const steps = member(job, 'steps');
  const [step] = steps?.kind === 'list' ? steps.items : [];
  const command = member(member(step, 'run'), 'command');
  return command?.kind === 'scalar' ? command.value : undefined;
}

/** YAML whose indentation counts from its first line, so that tests can indent it as they are. */
export function dedented(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n');
  const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
  return lines.map((line) => (line.startsWith(' '.repeat(indent)) ? line.slice(indent) : line.trimStart())).join('\n');
}

function problemText({ at, scopes, message }: Problem): string {
  return [`${at.line}:${at.column}`, ...scopes.map((scope) => scope.text), message].join(' | ');
}
