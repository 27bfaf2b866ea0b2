import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { namesSecret } from '../../core/redact.ts';
import { canonicalDefinition } from './canonical.ts';

/**
 * The differences between two definitions, a line each, `-` for what was and `+` for what will be; empty when AWS would
 * make them equal. Values of variables whose names say secret are not shown.
 */
export function diffDefinitions(before: JsonObject | undefined, after: JsonObject): string[] {
  return jsonDifferences(before && canonicalDefinition(before), canonicalDefinition(after)).flatMap(
    ({ lines }) => lines,
  );
}

export interface Difference {
  kind: 'added' | 'removed' | 'changed';
  /** `-` for what was and `+` for what will be. */
  lines: readonly string[];
}

/** The same for any JSON, taken as it is. */
export function jsonDifferences(before: JsonObject | undefined, after: JsonObject): Difference[] {
  const old = partsOf(before);
  const next = partsOf(after);
  const paths = [...new Set([...old.leaves.keys(), ...next.leaves.keys()])].toSorted();
  const all = [
    ...paths.map((path) => valueLines(path, old.leaves.get(path), next.leaves.get(path))),
    ...[...next.orders].map(([path, labels]) => orderLines(path, old.orders.get(path) ?? [], labels)),
  ];
  return all.filter((lines) => lines.length > 0).map((lines) => ({ kind: kindOf(lines), lines }));
}

function kindOf([first = '', ...more]: readonly string[]): Difference['kind'] {
  if (more.length > 0) return 'changed';
  return first.startsWith('+') ? 'added' : 'removed';
}

/** A definition taken apart. */
interface Parts {
  /** By path: `containerProperties.environment[NAME]`. */
  leaves: Map<string, Leaf>;
  /** How the items of each list follow each other, by the path of the list. */
  orders: Map<string, string[]>;
}

interface Leaf {
  json: string;
  secret: boolean;
}

function partsOf(definition: JsonObject | undefined): Parts {
  const parts: Parts = { leaves: new Map(), orders: new Map() };
  if (definition) takeApart(definition, '', '', parts);
  return parts;
}

function valueLines(path: string, was: Leaf | undefined, will: Leaf | undefined): string[] {
  if (was?.json === will?.json) return [];
  const line = (sign: string, leaf: Leaf | undefined): string[] =>
    leaf ? [`${sign} ${path}: ${leaf.secret ? '****' : leaf.json}`] : [];
  return [...line('-', was), ...line('+', will)];
}

/** Items that only came or went have lines of their own; here is told when those that stayed changed places. */
function orderLines(path: string, was: readonly string[], will: readonly string[]): string[] {
  const [before, after] = [was.filter((label) => will.includes(label)), will.filter((label) => was.includes(label))];
  if (before.join('\n') === after.join('\n')) return [];
  return [`- ${path} in the order ${before.join(', ')}`, `+ ${path} in the order ${after.join(', ')}`];
}

/** @param name by which it is judged whether the value is secret: the key, or the variable that the value is of */
function takeApart(value: JsonValue, path: string, name: string, parts: Parts): void {
  if (Array.isArray(value) && value.some(isJsonObject)) {
    const labels = labelsOf(value);
    parts.orders.set(path, labels);
    value.forEach((item, index) => takeItemApart(item, `${path}[${labels[index]}]`, name, parts));
  } else if (isJsonObject(value) && Object.keys(value).length > 0) {
    for (const [key, part] of Object.entries(value)) {
      const owner = key === 'value' && typeof value['name'] === 'string' ? value['name'] : key;
      takeApart(part, path === '' ? key : `${path}.${key}`, owner, parts);
    }
  } else {
    parts.leaves.set(path, { json: JSON.stringify(value), secret: namesSecret(name) });
  }
}

/** An item that is nothing but a name and a value is one line. */
function takeItemApart(item: JsonValue, path: string, listName: string, parts: Parts): void {
  const { name, value, ...rest } = isJsonObject(item) ? item : {};
  const isPair = typeof name === 'string' && typeof value === 'string' && Object.keys(rest).length === 0;
  if (isPair) takeApart(value, path, name, parts);
  else takeApart(item, path, listName, parts);
}

/** List items that have a name are known by it, so that one inserted item is one line; a second of that name has a number. */
function labelsOf(list: readonly JsonValue[]): string[] {
  const seen = new Map<string, number>();
  return list.map((item, index) => {
    const named = isJsonObject(item) ? [item['name'], item['type'], item['targetNodes']] : [];
    const label = String(named.find((part) => typeof part === 'string') ?? index);
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count === 1 ? label : `${label}#${count}`;
  });
}
