import type { Frame } from '../frame.ts';
import type { Element } from '../library.ts';
import type { MapNode, Node } from '../node.ts';
import { bindArguments } from '../parameters/bind-arguments.ts';
import type { Place } from '../source.ts';
import { referencedNames } from '../template/names.ts';
import { renderNode } from '../template/render-node.ts';
import { variables } from '../variables.ts';
import { pipelineParameterInsideOrb } from './expand-texts.ts';
import { isElement } from './steps/nesting.ts';

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
  const body = { ...element.body, entries };
  if (element.library.reference === '' && isInsideOrb(call)) warnOfPipelineParameters(element, body, call);
  const scope = variables(values, element.library.variables);
  return renderNode(body, scope, call.report, call.budget) as MapNode;
}

/** As a command of the config is that was given to an orb in a steps argument, or an executor that was. */
function isInsideOrb({ calls }: Frame): boolean {
  return calls.some((level) => isElement(level) && level.library.reference !== '');
}

function warnOfPipelineParameters({ kind, name }: Element, body: MapNode, { report, budget }: Frame): void {
  for (const reference of referencedNames(body, budget)) {
    if (!reference.name.startsWith('pipeline.parameters.')) continue;
    report.warning(pipelineParameterInsideOrb(kind, name, reference.name), reference.at);
  }
}
