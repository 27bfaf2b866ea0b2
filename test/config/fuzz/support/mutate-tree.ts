import type { Random } from '../../support/random.ts';
import type { Tree } from './tree.ts';

const NAMES = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length', '', ' ', 'a/b', 'a b', '<<'],
  ...['build', 'check', 'version', 'name', 'type', 'steps', 'parameters', 'default', 'enum', 'executor', 'environment'],
  ...['matrix', 'exclude', 'alias', 'requires', 'filters', 'context', 'pre-steps', 'when', 'unless', 'condition'],
  ...['<< parameters.version >>', '<< pipeline.number >>', '<< matrix.os >>', 'run', 'command', 'docker', 'jobs'],
  ...['commands', 'executors', 'orbs', 'workflows', 'setup', 'job-groups', 'triggers', 'and', 'or', 'not', 'equal'],
];

const TEXTS = [
  ...[
    '<< parameters.version >>',
    '<< parameters.os >>',
    '<< pipeline.parameters.text >>',
    '<< matrix.version >>',
    '<<',
  ],
  ...['<< pipeline.git.branch >>', 'a << pipeline.id >> b', '<< parameters.body >>', '<< unknown >>', '\\<< a >>', ''],
  ...['<<# parameters.urgent >>a<</ parameters.urgent >>', '<< not (1 == 1) and "a" =~ "b*" >>', '/^(a+)+$/', 'x\0y'],
  ...['build', 'inline/test', 'inline/nothing', 'none/test', 'linux', 'notify', 'inline/twice', '__proto__', 'a\nb\n'],
  ...[
    'steps',
    'executor',
    'env_var_name',
    'approval',
    'terminal',
    'always',
    'pipeline.number == 1',
    '\ud800',
    'é\u2028',
  ],
];

const SCALARS = [null, true, false, 0, -1, 14.5, 1e300, -0, NaN, Infinity, 2n ** 70n, 2, 2.1];

/** A tree with a few changes: values exchanged, repeated, left out or replaced, keys renamed, anchors and aliases put in. */
export function mutatedTree(tree: Tree, random: Random): Tree {
  let mutated = tree;
  for (let changes = 1 + random.below(4); changes > 0; changes--) {
    const parts = partsOf(mutated);
    const target = random.of(parts);
    mutated = replace(mutated, target, changed(target, random.of(parts), random));
    if (random.below(6) === 0) mutated = withAlias(mutated, random);
  }
  return mutated;
}

function changed(target: Tree, other: Tree, random: Random): Tree {
  switch (random.below(9)) {
    case 0:
      return other;
    case 1:
      return { scalar: random.of(SCALARS) };
    case 2:
    case 3:
      return { scalar: random.of(TEXTS) };
    case 4:
      return random.below(2) === 0 ? { list: [target] } : { map: [[random.of(NAMES), target]] };
    case 5:
      return random.below(2) === 0 ? { list: [] } : { map: [] };
    default:
      return changedParts(target, other, random);
  }
}

function changedParts(target: Tree, other: Tree, random: Random): Tree {
  if ('list' in target) {
    const at = random.below(target.list.length + 1);
    const isAdded = random.below(2) === 0;
    return { list: isAdded ? target.list.toSpliced(at, 0, other) : target.list.toSpliced(at, 1) };
  }
  if (!('map' in target)) return other;
  const at = random.below(target.map.length + 1);
  const entry = target.map[at];
  switch (random.below(3)) {
    case 0:
      return { map: target.map.toSpliced(at, 1) };
    case 1:
      return entry ? { map: target.map.with(at, [random.of(NAMES), entry[1]]) } : target;
    default:
      return { map: target.map.toSpliced(at, 0, [random.of(NAMES), other]) };
  }
}

/** An anchor on one value, and an alias of it in the place of a later one, or merged into that. */
function withAlias(tree: Tree, random: Random): Tree {
  const parts = partsOf(tree);
  const [first = 0, last = 0] = [random.below(parts.length), random.below(parts.length)].toSorted((a, b) => a - b);
  const target = parts[last]!;
  const isMerged = 'map' in target && random.below(3) === 0;
  const by: Tree = isMerged ? { map: [...target.map, ['<<', { alias: 'a' }]] } : { alias: 'a' };
  const withTarget = first === last ? tree : replace(tree, target, by);
  const anchored = partsOf(withTarget)[first]!;
  return replace(withTarget, anchored, { anchor: 'a', of: anchored });
}

function partsOf(tree: Tree): readonly Tree[] {
  const parts: Tree[] = [];
  const collect = (part: Tree): void => {
    parts.push(part);
    if ('list' in part) part.list.forEach(collect);
    else if ('map' in part) for (const [, value] of part.map) collect(value);
    else if ('of' in part) collect(part.of);
  };
  collect(tree);
  return parts;
}

/** Only the first part that is the target is replaced, should it be there twice. */
function replace(tree: Tree, target: Tree, by: Tree): Tree {
  let isDone = false;
  const copy = (part: Tree): Tree => {
    if (isDone) return part;
    if (part === target) {
      isDone = true;
      return by;
    }
    if ('list' in part) return { list: part.list.map(copy) };
    if ('map' in part) return { map: part.map.map(([key, value]) => [key, copy(value)] as const) };
    return 'of' in part ? { anchor: part.anchor, of: copy(part.of) } : part;
  };
  return copy(tree);
}
