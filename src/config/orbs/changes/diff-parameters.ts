import { member, stringOf, type Node } from '../../node.ts';
import { changeOf, type OrbChange } from './orb-change.ts';
import { keysOf, pairAt, type Pair } from './pair.ts';
import type { ValueComparison } from '../../same-value.ts';

/** Types of which the second takes every argument that the first takes. */
const WIDER: ReadonlySet<string> = new Set(['enum string', 'env_var_name string']);

/** What changed in the parameters of a command, a job or an executor. */
export function diffParameters(where: string, pair: Pair, comparison: ValueComparison): OrbChange[] {
  return keysOf(pair).flatMap((name) => {
    const [older, newer] = pairAt(pair, name);
    const path = `${where}.${name}`;
    if (newer === undefined) return older ? [removed(path, older)] : [];
    return older === undefined ? [added(path, newer)] : diffParameter(path, older, newer, comparison);
  });
}

function removed(where: string, older: Node): OrbChange {
  return changeOf({ where, older, version: 'major', why: 'Calls that give it are refused.' });
}

function added(where: string, newer: Node): OrbChange {
  const why = isRequired(newer) ? 'It is required: calls do not give it and are refused.' : 'It has a default.';
  return changeOf({ where, newer, version: isRequired(newer) ? 'major' : 'minor', why });
}

function diffParameter(where: string, older: Node, newer: Node, comparison: ValueComparison): OrbChange[] {
  const changes = [...diffType(where, older, newer), ...diffDefault(where, older, newer, comparison)];
  if (typeOf(older) === 'enum' && typeOf(newer) === 'enum') {
    changes.push(...diffEnum(`${where}.enum`, pairAt([older, newer], 'enum')));
  }
  const [before, after] = pairAt([older, newer], 'description');
  if (!comparison.isSame(before, after)) {
    const why = 'Only what is said about it changed.';
    changes.push(changeOf({ where: `${where}.description`, older: before, newer: after, version: 'patch', why }));
  }
  return changes;
}

function diffType(where: string, older: Node, newer: Node): OrbChange[] {
  const [before, after] = [typeOf(older), typeOf(newer)];
  if (before === after) return [];
  const isWider = WIDER.has(`${before} ${after}`);
  return [
    changeOf({
      where: `${where}.type`,
      older: member(older, 'type'),
      newer: member(newer, 'type'),
      version: isWider ? 'minor' : 'major',
      why: isWider
        ? 'It takes every value that it took before, and more.'
        : 'Values that were given before are refused.',
    }),
  ];
}

function diffDefault(where: string, older: Node, newer: Node, comparison: ValueComparison): OrbChange[] {
  const [before, after] = [defaultOf(older), defaultOf(newer)];
  if (comparison.isSame(before, after)) return [];
  const change = { where: `${where}.default`, older: before, newer: after };
  if (after === undefined) {
    return [
      changeOf({ ...change, version: 'major', why: 'It is required now: calls that do not give it are refused.' }),
    ];
  }
  const why = before ? 'Calls that do not give it do something else.' : 'It is no longer required.';
  return [changeOf({ ...change, version: 'minor', why })];
}

function diffEnum(where: string, [older, newer]: Pair): OrbChange[] {
  const before = valuesOf(older);
  const after = valuesOf(newer);
  const gone = [...before].filter(([text]) => !after.has(text)).map(([text, value]) => ({ text, value }));
  const come = [...after].filter(([text]) => !before.has(text)).map(([text, value]) => ({ text, value }));
  return [
    ...gone.map(({ text, value }) =>
      changeOf({
        where: `${where}.${text}`,
        older: value,
        version: 'major',
        why: 'Calls that give this value are refused.',
      }),
    ),
    ...come.map(({ text, value }) =>
      changeOf({ where: `${where}.${text}`, newer: value, version: 'minor', why: 'It may be given now.' }),
    ),
  ];
}

function valuesOf(list: Node | undefined): Map<string, Node> {
  const items = list?.kind === 'list' ? list.items : [];
  return new Map(items.flatMap((item) => (item.kind === 'scalar' ? [[String(item.value), item] as const] : [])));
}

function typeOf(parameter: Node): string {
  return stringOf(member(parameter, 'type')) ?? 'string';
}

/** A default of null is none: the parameter is required. */
function defaultOf(parameter: Node): Node | undefined {
  const node = member(parameter, 'default');
  return node?.kind === 'scalar' && node.value === null ? undefined : node;
}

function isRequired(parameter: Node): boolean {
  return defaultOf(parameter) === undefined;
}
