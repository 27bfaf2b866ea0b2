import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { namesSecret } from '../../core/redact.ts';
import { canonicalDefinition } from './canonical.ts';

/**
 * The differences between two definitions, a line each, `-` for what was and `+` for what will be; empty when AWS would
 * make them equal. Values of variables whose names say secret are not shown.
 */
export function diffDefinitions(before: JsonObject | undefined, after: JsonObject): string[] {
  const old = before ? flatten(canonicalDefinition(before)) : new Map<string, string>();
  const next = flatten(canonicalDefinition(after));
  const paths = [...new Set([...old.keys(), ...next.keys()])].toSorted();
  return paths.flatMap((path) => {
    const [was, will] = [old.get(path), next.get(path)];
    if (was === will) return [];
    return [
      ...(was === undefined ? [] : [line('-', path, was)]),
      ...(will === undefined ? [] : [line('+', path, will)]),
    ];
  });
}

function line(sign: '+' | '-', path: string, value: string): string {
  const last = /([^.[\]]+)\]?$/.exec(path)?.[1] ?? path;
  return `${sign} ${path}: ${namesSecret(last) ? '****' : value}`;
}

/** Every leaf by its path. List items that have a name are known by it, so that one inserted item is one line. */
function flatten(value: JsonValue, path = '', leaves = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) {
    if (value.every((item) => !isJsonObject(item))) leaves.set(path, JSON.stringify(value));
    else value.forEach((item, index) => flattenItem(item, path, index, leaves));
  } else if (isJsonObject(value)) {
    for (const [key, part] of Object.entries(value)) flatten(part, path === '' ? key : `${path}.${key}`, leaves);
  } else {
    leaves.set(path, JSON.stringify(value));
  }
  return leaves;
}

function flattenItem(item: JsonValue, path: string, index: number, leaves: Map<string, string>): void {
  if (!isJsonObject(item)) return void leaves.set(`${path}[${index}]`, JSON.stringify(item));
  const { name, value, ...rest } = item;
  if (typeof name === 'string' && typeof value === 'string' && Object.keys(rest).length === 0) {
    leaves.set(`${path}[${name}]`, JSON.stringify(value));
    return;
  }
  const label = [name, item['type'], item['targetNodes']].find((part) => typeof part === 'string') ?? String(index);
  flatten(item, `${path}[${String(label)}]`, leaves);
}
