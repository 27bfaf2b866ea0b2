import type { Frame } from '../frame.ts';
import type { Element } from '../library.ts';
import type { MapNode, Node } from '../node.ts';
import { bindArguments } from '../parameters/bind-arguments.ts';
import type { Place } from '../source.ts';
import { renderNode } from '../template/render-node.ts';
import { variables } from '../variables.ts';

/** What the names of parameters begin with in tags. */
export const PARAMETER_PREFIX = 'parameters.';

/** What an element says for those who read it. */
const NOT_PRINTED = ['description', 'parameters'];

/**
 * The body of an element with the arguments of a call put in, everywhere: also in steps that a condition will leave out, so
 * that a parameter that is not declared is found in any case. Undefined when the arguments are wrong, which is reported.
 * @param given the arguments, still with their templates if `call.variables` is there
 */
export function callElement(
  element: Element,
  given: MapNode | undefined,
  call: Frame & { readonly at: Place },
): MapNode | undefined {
  const bound = bindArguments(element, given, call);
  if (bound === undefined) return undefined;
  const values = new Map<string, Node>();
  for (const [name, value] of bound) values.set(PARAMETER_PREFIX + name, value);
  const entries = new Map(element.body.entries);
  for (const key of NOT_PRINTED) entries.delete(key);
  const scope = variables(values, element.library.variables);
  return renderNode({ ...element.body, entries }, scope, call.report, call.budget) as MapNode;
}
