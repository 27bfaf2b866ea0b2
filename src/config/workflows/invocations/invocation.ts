import type { MapNode, Node } from '../../node.ts';
import type { Place } from '../../source.ts';

/** One job of a workflow, its templates replaced; a matrix makes as many of them as it has combinations. */
export interface Invocation {
  /** What is called: `build`, `node/test`. */
  readonly job: string;
  /** What `requires` and messages call it: its `name`, or else that of the job. It may be shared with others. */
  readonly name: string;
  /** What it is printed as, when that is not its name. */
  readonly printedAs?: string;
  readonly at: Place;
  /**
   * A call of a job; an approval, which the workflow itself defines; what is of another type, and so an error; or a job that
   * CircleCI makes of a job group: its body.
   */
  readonly origin: 'call' | 'approval' | 'wrong-type' | MapNode;
  readonly requirements: readonly Requirement[];
  readonly filters?: Node;
  readonly context?: Node;
  readonly serialGroup?: Node;
  readonly overrideWith?: Node;
  readonly preSteps?: Node;
  readonly postSteps?: Node;
  /** What is left for the job's parameters, closed. */
  readonly arguments?: MapNode;
  /** The values of the matrix that it is one of. */
  readonly matrix?: ReadonlyMap<string, Node>;
}

/** One item of `requires`. */
export interface Requirement {
  readonly name: string;
  readonly statuses: readonly string[];
  readonly at: Place;
}

/** What `requires` can name that is no single job: a matrix, which means all its jobs, or a job group, which means its end. */
export interface JobSet {
  readonly kind: 'matrix' | 'group';
  readonly name: string;
  readonly members: readonly Invocation[];
  /** Those that mean another one when they require the name, and that are not meant besides when they have the same name. */
  readonly own: readonly Invocation[];
}

/** The jobs among which the names in `requires` are looked up: those of a workflow, or of a job group. */
export interface JobList {
  readonly invocations: readonly Invocation[];
  readonly sets: readonly JobSet[];
}

/** What a job waits for, once it is known which job is meant. */
export interface Dependency {
  readonly on: Invocation;
  readonly statuses: readonly string[];
}

export type Dependencies = ReadonlyMap<Invocation, readonly Dependency[]>;
