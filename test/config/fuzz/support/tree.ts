import type { Node, Scalar } from '../../../../src/config/node.ts';

/** A value to be written as YAML, with anchors and aliases anywhere. */
export type Tree =
  | { readonly scalar: Scalar }
  | { readonly list: readonly Tree[] }
  | { readonly map: readonly (readonly [string, Tree])[] }
  | { readonly anchor: string; readonly of: Tree }
  | { readonly alias: string };

export function treeOf(node: Node): Tree {
  switch (node.kind) {
    case 'scalar':
      return { scalar: node.value };
    case 'list':
      return { list: node.items.map(treeOf) };
    case 'map':
      return { map: [...node.entries].map(([key, { value }]) => [key, treeOf(value)]) };
  }
}

/** Flow style, a line for each value. */
export function treeText(tree: Tree): string {
  if ('scalar' in tree) return scalarText(tree.scalar);
  if ('alias' in tree) return `*${tree.alias}`;
  if ('anchor' in tree) return `&${tree.anchor} ${treeText(tree.of)}`;
  if ('list' in tree) return `[\n${tree.list.map((item) => `${treeText(item)} ,\n`).join('')}]`;
  return `{\n${tree.map.map(([key, value]) => `${keyText(key)} : ${treeText(value)} ,\n`).join('')}}`;
}

function keyText(key: string): string {
  return key === '<<' || /^\*[a-z]+$/.test(key) ? key : JSON.stringify(key);
}

function scalarText(value: Scalar): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'number' || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? '.nan' : value < 0 ? '-.inf' : '.inf';
}
