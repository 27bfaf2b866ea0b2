import { Budget } from '../../../src/config/budget.ts';
import { compileJob } from '../../../src/config/expand/compile-job.ts';
import { findElement } from '../../../src/config/expand/find-element.ts';
import { readLibrary } from '../../../src/config/expand/read-library.ts';
import type { Frame } from '../../../src/config/frame.ts';
import type { Library } from '../../../src/config/library.ts';
import { mapNode, member, type MapNode } from '../../../src/config/node.ts';
import { orbVariables, pipelineVariables } from '../../../src/config/parameters/pipeline-variables.ts';
import { Report, type Problem } from '../../../src/config/problem.ts';
import { emitYaml } from '../../../src/config/render/emit-yaml.ts';
import { placeText } from '../../../src/config/source.ts';
import { readYaml } from '../../../src/config/yaml/read-yaml.ts';

/** YAML, whose indentation counts from its first line. */
export function mapOf(text: string, name = 'config.yml'): MapNode {
  const lines = text.replace(/^\n/, '').split('\n');
  const indent = /^ */.exec(lines[0] ?? '')?.[0].length ?? 0;
  const report = new Report();
  const source = {
    name,
    text: lines.map((line) => line.slice(indent)).join('\n'),
    ...(name === 'config.yml' ? {} : { orb: name }),
  };
  const node = readYaml(source, report);
  if (node?.kind !== 'map') throw new Error(`no map: ${JSON.stringify(report.problems)}`);
  return node;
}

export type Orbs = Readonly<Record<string, Library>>;

/** An orb, `acme/tools@1.0.0` if not said otherwise. */
export function orbOf(
  text: string,
  { reference = 'acme/tools@1.0.0', orbs = {} }: { reference?: string; orbs?: Orbs } = {},
): Library {
  const report = new Report();
  const root = mapOf(text, reference);
  const variables = orbVariables(root, {}, report);
  return readLibrary(root, { reference, orbs: new Map(Object.entries(orbs)), variables }, report);
}

/** An orb that could not be had. */
export const missingOrb: Library = { ...orbOf('version: 2.1'), missing: true };

export interface Compiled {
  readonly job: MapNode | undefined;
  /** The job in CircleCI's print, from the first line with the indentation of the expectations in the tests. */
  readonly printed: string | undefined;
  /** Place, scopes and message of each. */
  readonly problems: readonly string[];
  readonly report: readonly Problem[];
}

/**
 * Compiles one job of a config.
 * @param call the invocation as YAML: arguments, `pre-steps`, `post-steps`; it stands in a file of its own, call.yml
 */
export function jobOf(
  config: string,
  {
    name = 'build',
    call = '{}',
    orbs = {},
    budget = new Budget(),
  }: { name?: string; call?: string; orbs?: Orbs; budget?: Budget } = {},
): Compiled {
  const report = new Report();
  const root = mapOf(config);
  const variables = pipelineVariables(root, {}, { report, budget: new Budget() });
  const library = readLibrary(root, { reference: '', orbs: new Map(Object.entries(orbs)), variables }, report);
  const frame: Frame = { library, variables, report, budget, calls: [] };
  const invocation = mapOf(call, 'call.yml');
  const element = findElement('job', name, frame, invocation.at);
  const job = element && compileJob(element, { ...callOf(invocation), name, at: invocation.at }, frame);
  return {
    job,
    printed: job && emitYaml(job),
    problems: report.problems.map(problemText),
    report: report.problems,
  };
}

function callOf(invocation: MapNode) {
  const entries = new Map(invocation.entries);
  const preSteps = member(invocation, 'pre-steps');
  const postSteps = member(invocation, 'post-steps');
  entries.delete('pre-steps');
  entries.delete('post-steps');
  return {
    arguments: entries.size > 0 ? mapNode(entries, invocation.at) : undefined,
    ...(preSteps && { preSteps }),
    ...(postSteps && { postSteps }),
  };
}

function problemText({ severity, at, scopes, message }: Problem): string {
  return [...(severity === 'error' ? [] : [severity]), placeText(at), ...scopes.map(({ text }) => text), message].join(
    ' | ',
  );
}
