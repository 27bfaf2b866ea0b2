import type { MapNode, Node, ScalarNode } from './node.ts';
import type { Place } from './source.ts';
import type { Variables } from './variables.ts';

/** What a config or an orb declares for others to call. */
export interface Library {
  /** '' for the config itself, the resolved reference for an orb: `circleci/node@5.2.0`. */
  readonly reference: string;
  /** What tags mean outside of any element: pipeline values, and in the config itself pipeline parameters. */
  readonly variables: Variables;
  readonly commands: ReadonlyMap<string, Element>;
  readonly jobs: ReadonlyMap<string, Element>;
  readonly executors: ReadonlyMap<string, Element>;
  /** By the name that this config or orb gives them. An orb that could not be read is here too, and `missing`. */
  readonly orbs: ReadonlyMap<string, Library>;
  /** Says that the orb, or a part of it, could not be had, which has been reported: what is called in it is not reported again. */
  readonly missing?: boolean;
}

export type ElementKind = 'command' | 'job' | 'executor';

/** A command, a job or an executor as it is declared. */
export interface Element {
  readonly kind: ElementKind;
  readonly name: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly body: MapNode;
  /** The element of an orb that this one is another name for: `some-orb/their-command`. It has no body of its own then. */
  readonly alias?: ScalarNode;
  /** Where names in the body are looked up. */
  readonly library: Library;
  /** The key under which it is declared. */
  readonly at: Place;
}

export type ParameterType = 'string' | 'boolean' | 'integer' | 'enum' | 'executor' | 'steps' | 'env_var_name';

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Absent, or null as CircleCI has it: the argument is required. */
  readonly default?: Node;
  /** The values of an enum. */
  readonly values?: readonly string[];
  readonly at: Place;
}
