import { stringOf, type MapNode, type Node } from '../../node.ts';
import { diffParameters } from './diff-parameters.ts';
import { environmentNames } from './environment-names.ts';
import { changeOf, type OrbChange, type VersionPart } from './orb-change.ts';
import { parseOrbReference } from '../orb-reference.ts';
import { keysOf, pairAt, type Pair } from './pair.ts';
import { treeSize } from '../rewrite-tree.ts';
import { ValueComparison } from '../../same-value.ts';

const ELEMENTS = ['commands', 'jobs', 'executors'] as const;

/** What users of an orb see changed from one version to another, and which semantic version each change asks for. */
export function diffOrbs(older: MapNode, newer: MapNode): OrbChange[] {
  const comparison = new ValueComparison();
  const orbs: Pair = [older, newer];
  const others = keysOf(orbs).filter((key) => !['orbs', 'examples', ...ELEMENTS].includes(key));
  return [
    ...ELEMENTS.flatMap((kind) => diffElements(kind, pairAt(orbs, kind), comparison)),
    ...diffImports(pairAt(orbs, 'orbs'), comparison),
    ...diffWhatIsSaid('examples', pairAt(orbs, 'examples'), comparison),
    ...others.flatMap((key) => unequal(key, pairAt(orbs, key), comparison, 'patch', 'Calls are not concerned.')),
  ];
}

function diffElements(kind: (typeof ELEMENTS)[number], pair: Pair, comparison: ValueComparison): OrbChange[] {
  return keysOf(pair).flatMap((name) => {
    const where = `${kind}.${name}`;
    const [older, newer] = pairAt(pair, name);
    if (newer === undefined)
      return [withoutValues({ where, kind: 'removed', version: 'major', why: 'Configs that use it are refused.' })];
    if (older === undefined)
      return [withoutValues({ where, kind: 'added', version: 'minor', why: 'Nothing that was there before changes.' })];
    if (older.kind === 'map' && newer.kind === 'map') return diffElement(kind, where, [older, newer], comparison);
    const why = 'It stands for another element, whose parameters are not looked at here: check them.';
    return unequal(where, [older, newer], comparison, 'major', why);
  });
}

function diffElement(kind: string, where: string, pair: Pair, comparison: ValueComparison): OrbChange[] {
  return [
    ...keysOf(pair).flatMap((key) => {
      const part = pairAt(pair, key);
      const path = `${where}.${key}`;
      switch (key) {
        case 'parameters':
          return diffParameters(path, part, comparison);
        case 'description':
          return unequal(path, part, comparison, 'patch', 'Only what is said about it changed.');
        case 'steps':
          return diffSteps(path, part, comparison);
        default:
          return diffSettings(kind === 'executors' ? 'Jobs that use it' : 'It', path, part, comparison);
      }
    }),
    ...diffEnvironmentNames(where, pair),
  ];
}

function diffSteps(where: string, [older, newer]: Pair, comparison: ValueComparison): OrbChange[] {
  if (comparison.isSame(older, newer)) return [];
  const [before, after] = [countOf(older), countOf(newer)];
  const change = withoutValues({
    where,
    kind: 'changed',
    version: 'patch',
    why: 'What it does inside changed; how it is called did not.',
  });
  return [before === after ? change : { ...change, text: `${change.text}: ${before} -> ${after} steps` }];
}

/** Settings of more characters than this are compared as a whole: YAML's aliases can make trees without end. */
const LARGEST_SETTING = 20_000;

function diffSettings(who: string, where: string, pair: Pair, comparison: ValueComparison): OrbChange[] {
  const isLarge = pair.some((node) => node && treeSize(node) > LARGEST_SETTING);
  return isLarge
    ? unequal(where, pair, comparison, 'minor', `${who} may run differently.`)
    : diffSetting(who, where, pair, comparison);
}

/** Where and how a job runs: each single value that changed. */
function diffSetting(who: string, where: string, pair: Pair, comparison: ValueComparison): OrbChange[] {
  const [older, newer] = pair;
  if (comparison.isSame(older, newer)) return [];
  if (older?.kind === 'map' && newer?.kind === 'map') {
    return keysOf(pair).flatMap((key) => diffSetting(who, `${where}.${key}`, pairAt(pair, key), comparison));
  }
  if (older?.kind === 'list' && newer?.kind === 'list' && older.items.length === newer.items.length) {
    return older.items.flatMap((item, index) =>
      diffSetting(who, `${where}.${index}`, [item, newer.items[index]], comparison),
    );
  }
  return unequal(where, pair, comparison, 'minor', `${who} may run differently.`);
}

function diffEnvironmentNames(where: string, [older, newer]: Pair): OrbChange[] {
  const before = older ? environmentNames(older) : new Set<string>();
  const after = newer ? environmentNames(newer) : new Set<string>();
  const fresh = [...after].filter((name) => !before.has(name));
  const gone = [...before].filter((name) => !after.has(name));
  const path = (name: string): string => `${where}.reads.${name}`;
  return [
    ...fresh.map((name) =>
      withoutValues({
        where: path(name),
        kind: 'added',
        version: 'minor',
        why: 'Its scripts read this environment variable: users may have to set it.',
      }),
    ),
    ...gone.map((name) =>
      withoutValues({
        where: path(name),
        kind: 'removed',
        version: 'minor',
        why: 'Its scripts no longer read this environment variable: setting it has no effect.',
      }),
    ),
  ];
}

/** Imported orbs are not seen by users; what they do is. */
function diffImports(pair: Pair, comparison: ValueComparison): OrbChange[] {
  return keysOf(pair).flatMap((name) => {
    const part = pairAt(pair, name);
    const isOtherLine = majorOf(part[0]) !== majorOf(part[1]);
    return part[0] && part[1] && isOtherLine
      ? unequal(`orbs.${name}`, part, comparison, 'minor', 'What the orb does with it may change.')
      : unequal(`orbs.${name}`, part, comparison, 'patch', 'Users do not see what an orb imports.');
  });
}

function diffWhatIsSaid(where: string, pair: Pair, comparison: ValueComparison): OrbChange[] {
  return keysOf(pair).flatMap((name) => {
    const part = pairAt(pair, name);
    return unequal(`${where}.${name}`, part, comparison, 'patch', 'Only what is said about the orb changed.').map(
      ({ older: _older, newer: _newer, ...change }) => ({ ...change, text: `${change.where} ${change.kind}` }),
    );
  });
}

function unequal(
  where: string,
  [older, newer]: Pair,
  comparison: ValueComparison,
  version: VersionPart,
  why: string,
): OrbChange[] {
  return comparison.isSame(older, newer) ? [] : [changeOf({ where, older, newer, version, why })];
}

function withoutValues(change: Omit<OrbChange, 'text' | 'older' | 'newer'>): OrbChange {
  return { ...change, text: `${change.where} ${change.kind}` };
}

function countOf(node: Node | undefined): number {
  return node?.kind === 'list' ? node.items.length : 0;
}

function majorOf(node: Node | undefined): string | undefined {
  const reference = parseOrbReference(stringOf(node) ?? '');
  return reference.kind === 'registry'
    ? `${reference.namespace}/${reference.orb}@${reference.version.split('.')[0]}`
    : reference.text;
}
