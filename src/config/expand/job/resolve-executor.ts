import type { Budget } from '../../budget.ts';
import type { Frame } from '../../frame.ts';
import type { Element } from '../../library.ts';
import { member, stringOf, type MapNode, type Node } from '../../node.ts';
import { referencedNames } from '../../template/names.ts';
import { callElement, PARAMETER_PREFIX } from '../call-element.ts';
import { executorInExecutor, executorNotNamed } from '../expand-texts.ts';
import { findElement } from '../find-element.ts';
import { reportForm } from '../follow-up.ts';

/**
 * The keys that a job gets from its executor, with the executor's arguments put in. Undefined when it can't be had, which is
 * reported.
 * @param node what stands under `executor` of the job, its templates replaced: a name, or a map of `name` and arguments
 */
export function resolveExecutor(node: Node, job: Element, frame: Frame): MapNode | undefined {
  const named = node.kind === 'map' ? member(node, 'name') : node;
  const name = stringOf(named);
  if (named === undefined || name === undefined) {
    reportForm(executorNotNamed(node.kind === 'map' && named !== undefined), node.at, frame.report);
    return undefined;
  }
  const home = takesExecutor(job, frame.budget) ? (named.home ?? node.home) : undefined;
  const executor = findElement('executor', name, { ...frame, library: home ?? job.library }, named.at);
  if (executor === undefined) return undefined;
  const body = callElement(executor, argumentsIn(node), { ...frame, at: node.at });
  const inner = body?.entries.get('executor');
  if (inner === undefined) return body;
  reportForm(executorInExecutor(name), inner.keyAt, frame.report);
  return undefined;
}

/** Whether the job is given its executor as such: it means what it means to the giver. A text is looked up where it is used. */
function takesExecutor({ body, parameters }: Element, budget: Budget): boolean {
  const executor = member(body, 'executor');
  if (executor === undefined) return false;
  return referencedNames(executor, budget).some(
    ({ name }) => parameters.get(name.slice(PARAMETER_PREFIX.length))?.type === 'executor',
  );
}

function argumentsIn(node: Node): MapNode | undefined {
  if (node.kind !== 'map') return undefined;
  const entries = new Map(node.entries);
  entries.delete('name');
  return entries.size === 0 ? undefined : { ...node, entries };
}
