import type { Budget } from './budget.ts';
import type { Library } from './library.ts';
import type { Report } from './problem.ts';
import type { Variables } from './variables.ts';

/** Where in a compilation we are: what names mean here, and who called. */
export interface Frame {
  /** Where commands, jobs, executors and orbs are looked up. */
  readonly library: Library;
  /** What tags mean; undefined inside of closed nodes, in which there are none. */
  readonly variables: Variables | undefined;
  readonly report: Report;
  readonly budget: Budget;
  /** The elements whose bodies we are in, the outermost first: one that calls itself is found here. */
  readonly calls: readonly object[];
}
