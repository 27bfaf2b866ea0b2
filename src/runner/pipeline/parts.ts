import type { Node } from '../../config/node.ts';
import { scalarText } from '../../config/template/text-of.ts';

export function itemsOf(node: Node | undefined): readonly Node[] {
  return node?.kind === 'list' ? node.items : [];
}

export function entriesOf(node: Node | undefined): [string, Node][] {
  return node?.kind === 'map' ? [...node.entries].map(([key, { value }]) => [key, value]) : [];
}

/** A map, or a list of maps, in which the last one of a name counts. CircleCI writes an empty value as `<nil>`. */
export function environmentOf(node: Node | undefined): ReadonlyMap<string, string> {
  const maps = node?.kind === 'list' ? node.items : [node];
  return new Map(maps.flatMap(entriesOf).map(([name, value]) => [name, textOf(value) ?? '<nil>']));
}

/** How a scalar looks in the environment of a step; undefined for null, and for what is no scalar. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? scalarText(node) : undefined;
}
