import { nearestName } from '../../core/nearest-name.ts';
import type { Frame } from '../frame.ts';
import type { Element, Library, Parameter } from '../library.ts';
import type { MapNode, Node } from '../node.ts';
import { missingArguments, unexpectedArguments } from '../problem-texts.ts';
import type { Place } from '../source.ts';
import { renderNode } from '../template/render-node.ts';
import { argumentValue } from './argument-value.ts';
import { emptyArgument } from './parameter-texts.ts';
import { mayHoldTag } from './value-type.ts';

/** What binding one parameter takes from the budget, whatever its value. */
const COST_OF_PARAMETER = 8;

/** How many wrong names are helped with. */
const MOST_HINTS = 20;

/** A call of an element: the caller's frame, and where the call is written. */
export type Call = Frame & { readonly at: Place };

/**
 * The arguments of a call by the names of the element's parameters, in the order of their declaration: checked, defaults
 * filled in, closed. Optional parameters without a value are not in it. Undefined when there were errors.
 * @param given the keys of the call that are meant for the element; undefined when there are none
 */
export function bindArguments(
  element: Element,
  given: MapNode | undefined,
  call: Call,
): ReadonlyMap<string, Node> | undefined {
  call.budget.work(element.parameters.size * COST_OF_PARAMETER, call.at);
  let failed = reportUnexpected(element, given, call);
  const bound = new Map<string, Node>();
  const missing: string[] = [];
  for (const parameter of element.parameters.values()) {
    const argument = bindOne(parameter, given, element, call);
    if (argument === 'failed') failed = true;
    else if (argument === 'missing') missing.push(parameter.name);
    else bound.set(parameter.name, argument);
  }
  if (missing.length > 0) call.report.error(missingArguments(missing, missingHints(element, missing)), call.at);
  return failed || missing.length > 0 ? undefined : bound;
}

function bindOne(
  parameter: Parameter,
  given: MapNode | undefined,
  element: Element,
  call: Call,
): Node | 'missing' | 'failed' {
  const written = given?.entries.get(parameter.name)?.value;
  if (written !== undefined) {
    const rendered = renderNode(written, call.variables, call.report, call.budget);
    const checked = checkedValue(parameter, rendered, call);
    if (checked === 'failed') return 'failed';
    if (checked !== 'empty') return closed(checked, call.library);
    if (parameter.default !== undefined) call.report.warning(emptyArgument(parameter.name), written.at);
  }
  if (parameter.default === undefined) return 'missing';
  const rendered = renderNode(parameter.default, element.library.variables, call.report, call.budget);
  // What is written in the declaration has been checked there.
  const value = rendered === parameter.default ? rendered : checkedValue(parameter, rendered, call);
  if (value === 'failed') return 'failed';
  return value === 'empty' ? 'missing' : closed(value, element.library);
}

function checkedValue(parameter: Parameter, node: Node, call: Call): Node | 'empty' | 'failed' {
  const value = argumentValue(parameter, node);
  if ('empty' in value) return 'empty';
  if ('error' in value) {
    // A template that is left over could not be rendered: that has been told, and its type says nothing.
    if (!mayHoldTag(node) || !call.report.hasErrors) call.report.error(value.error, node.at);
    return 'failed';
  }
  if (value.warning) call.report.warning(value.warning, node.at);
  return value.node;
}

function closed(node: Node, home: Library): Node {
  return node.home === undefined ? { ...node, home } : node;
}

function reportUnexpected(element: Element, given: MapNode | undefined, call: Call): boolean {
  const unexpected = [...(given?.entries ?? [])].filter(([name]) => !element.parameters.has(name));
  const [first] = unexpected;
  if (first === undefined) return false;
  const declared = [...element.parameters.keys()];
  const hints = unexpected.slice(0, MOST_HINTS).flatMap(([name]) => {
    const near = nearestName(name, declared);
    return near === undefined ? [] : [`Did you mean ${near} instead of ${name}?`];
  });
  const known = declared.length === 0 ? 'It has no parameters.' : `Its parameters are ${declared.join(', ')}.`;
  const names = unexpected.map(([name]) => name);
  call.report.error(unexpectedArguments(names, hints.length > 0 ? hints : [known]), first[1].keyAt);
  return true;
}

function missingHints(element: Element, missing: readonly string[]): readonly string[] {
  return missing.flatMap((name) => {
    const parameter = element.parameters.get(name);
    if (parameter?.values === undefined) return [];
    return [`${name} is one of ${parameter.values.join(', ')}.`];
  });
}
