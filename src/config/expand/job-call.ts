import type { MapNode, Node } from '../node.ts';
import type { Place } from '../source.ts';

/** One invocation of a job in a workflow, or one instance of its matrix. */
export interface JobCall {
  /** The job as the workflow calls it: `build`, `node/test`. */
  readonly name: string;
  /** What the invocation gives to the job's parameters: its keys without those that are the workflow's own, such as `requires`. */
  readonly arguments: MapNode | undefined;
  readonly at: Place;
  readonly preSteps?: Node;
  readonly postSteps?: Node;
}
