import type { DeployError } from '../core/errors.ts';
import type { Change } from '../core/result.ts';
import type { Inputs, Outputs, OutputValues, Params } from '../params/declaration.ts';
import type { ActionContext } from './context.ts';

export type Surface = 'orb-job' | 'orb-command' | 'cli';

export interface Outcome<O extends Outputs> {
  /** The thing that was deployed: a job definition, repository or script name. Part of the record's file name. */
  component: string;
  status: 'changed' | 'unchanged' | 'planned';
  changes: readonly Change[];
  outputs: OutputValues<O>;
  /** What people read in the place of the list of outputs. Programs read the outputs. */
  text?: string;
  /** What was asked for was not reached, and the outputs tell how far it came. The run ends with this error. */
  failure?: DeployError;
}

export interface ActionDeclaration<P extends Params, O extends Outputs> {
  /** kebab-case; the orb's spelling is derived. */
  name: string;
  /** One line, for lists. */
  summary: string;
  /** More than the summary says: what it does, when nothing happens, what it refuses. Plain text, a paragraph per item. */
  details?: readonly string[];
  params: P;
  outputs: O;
  surfaces: readonly Surface[];
  /** AWS operations that `run` may call, in IAM's spelling. The reference page and policies derive from it. */
  awsCalls: readonly string[];
  /** Job traits: a build job has `remote_docker`. */
  builds?: true;
  run(inputs: Inputs<P>, context: ActionContext): Promise<Outcome<O>>;
}

/** An action whose exact input type has been forgotten, as the catalog holds it. */
export type Action = ActionDeclaration<Params, Outputs>;

/**
 * Declares an action. From this one place come the orb's command and job, the CLI sub-command, the reference page and
 * the type of `inputs` in `run`.
 */
export function defineAction<const P extends Params, const O extends Outputs>(
  declaration: ActionDeclaration<P, O>,
): ActionDeclaration<P, O> {
  return declaration;
}
