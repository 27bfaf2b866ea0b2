import { Budget, TooLarge } from './budget.ts';
import { readLibrary } from './expand/read-library.ts';
import { mapNode, member, scalarNode, type MapNode, type Node } from './node.ts';
import { importOrbs } from './orbs/import-orbs.ts';
import { pipelineVariables } from './parameters/pipeline-variables.ts';
import { tooLarge, tooManyErrors } from './problem-texts.ts';
import { inOrder, Report, TooManyErrors, type Problem } from './problem.ts';
import { checkConfigShape, isVersion2 } from './shape/check-config-shape.ts';
import { checkJobShape } from './shape/check-job-shape.ts';
import type { Source } from './source.ts';
import { compileVersion2 } from './workflows/compile-version-2.ts';
import { compileWorkflows } from './workflows/compile-workflows.ts';
import { readYaml } from './yaml/read-yaml.ts';

export interface CompileOptions {
  /** Texts of orbs that take the place of imported ones, by the name that the config gives them. */
  readonly orbs?: Readonly<Record<string, Source | MapNode>>;
  /** Values for the pipeline parameters that the config declares. */
  readonly pipelineParameters?: Readonly<Record<string, string | number | boolean>>;
  /** Pipeline values by name without `pipeline.`, such as `git.branch`; others are what `circleci config process` has. */
  readonly pipelineValues?: Readonly<Record<string, string | number | boolean | null>>;
  /** Finds the text of an orb by its reference. Undefined when it is not there. */
  readonly resolve?: ResolveOrb;
}

/** @param reference as the config writes it: `circleci/node@5.2`, `https://…` */
export type ResolveOrb = (reference: string) => ResolvedOrb | undefined;

export interface ResolvedOrb {
  /** The packed orb, as YAML; unused where there is a root. */
  readonly text: string;
  /** The exact reference, such as `circleci/node@5.2.0`. */
  readonly reference: string;
  /** The document of an orb that was packed here (`packedDocument`): its places are those of the unpacked files. */
  readonly root?: MapNode;
}

export interface Compilation {
  /** Absent when there are errors. */
  readonly config?: CompiledConfig;
  readonly problems: readonly Problem[];
}

export interface CompiledConfig {
  /** The registry orbs that the config imports, in its order, called or not. */
  readonly orbs: readonly ImportedOrb[];
  /** `version`, `jobs`, `workflows`, in the order in which CircleCI prints them. */
  readonly document: MapNode;
  /** Of the jobs that a matrix has made, by name: the values that it has for them. */
  readonly matrices: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface ImportedOrb {
  readonly written: string;
  readonly resolved: string;
}

/** Who has more mistakes than these has made one of them a thousand times. */
const MOST_ERRORS = 1000;

/**
 * What CircleCI makes of a config: the config with everything expanded, or all errors, each at its place. Executes nothing
 * and reads nothing but its arguments. Never throws for what is in them.
 */
export function compile(source: Source, options: CompileOptions = {}): Compilation {
  const report = new Report(MOST_ERRORS);
  try {
    const config = compileSource(source, options, report);
    if (config && !report.hasErrors) return { config, problems: inOrder(report.problems, source) };
  } catch (error) {
    if (!(error instanceof TooLarge || error instanceof TooManyErrors)) throw error;
    const fact = error instanceof TooLarge ? tooLarge() : tooManyErrors(MOST_ERRORS);
    return {
      problems: [...inOrder(report.problems, source), { ...fact, severity: 'error', at: error.at, scopes: [] }],
    };
  }
  return { problems: inOrder(report.problems, source) };
}

/** The stages, in CircleCI's order: pipeline parameters, orbs, elements, workflows. */
function compileSource(source: Source, options: CompileOptions, report: Report): CompiledConfig | undefined {
  const root = readYaml(source, report);
  if (root === undefined) return undefined;
  checkConfigShape(root, report);
  if (root.kind !== 'map') return undefined;
  const budget = new Budget();
  const variables = pipelineVariables(root, options, { report, budget });
  const imports = { ...options, variables, report, budget, at: root.at };
  const { libraries: orbs, imported } = importOrbs(member(root, 'orbs'), imports);
  const library = readLibrary(root, { reference: '', orbs, variables }, report);
  const frame = { library, variables, report, budget, calls: [] };
  const compiled = isVersion2(root) ? compileVersion2(root, frame) : compileWorkflows(root, frame);
  if (!compiled) return undefined;
  for (const [name, job] of compiled.jobs) checkJobShape(name, job, report);
  const { jobs, workflows, matrices } = compiled;
  return { orbs: imported, document: documentOf(root, jobs, workflows), matrices };
}

function documentOf(root: MapNode, jobs: ReadonlyMap<string, MapNode>, workflows: MapNode): MapNode {
  const jobEntries = [...jobs].map(([name, value]) => [name, { keyAt: value.at, value }] as const);
  const entry = (value: Node) => ({ keyAt: root.at, value });
  return mapNode(
    [
      ['version', entry(scalarNode(2, root.at))],
      ['jobs', entry(mapNode(jobEntries, root.at))],
      ['workflows', entry(workflows)],
    ],
    root.at,
  );
}
