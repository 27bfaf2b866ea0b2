import type { MapNode } from './node.ts';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';

export interface CompileOptions {
  /** Texts of orbs that take the place of imported ones, by the name that the config gives them. */
  readonly orbs?: Readonly<Record<string, Source>>;
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
  /** The packed orb, as YAML. */
  readonly text: string;
  /** The exact reference, such as `circleci/node@5.2.0`. */
  readonly reference: string;
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
}

export interface ImportedOrb {
  readonly written: string;
  readonly resolved: string;
}
