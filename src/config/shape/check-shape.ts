import { nearestName } from '../../core/nearest-name.ts';
import type { Entry, ListNode, MapNode, Node } from '../node.ts';
import { mayHoldTag } from '../parameters/value-type.ts';
import type { Report } from '../problem.ts';
import { below, pathText, type Path } from './schema/schema-path.ts';
import { extraneousKey, invalidAt, notInEnum, requiredKey, tooManyKeys, wrongType } from './schema/schema-texts.ts';
import { schemaType } from './schema/schema-type.ts';
import { droppedKey } from './shape-texts.ts';
import type { MapShape, Shape } from './shapes/shape.ts';

/** What a check knows besides the node. */
export interface ShapeContext {
  readonly report: Pick<Report, 'error' | 'warning'>;
  /** Commands of the config or orb: one with the name of a built-in step takes its place. */
  readonly commands: ReadonlySet<string>;
  /** What has been checked: YAML aliases make one node stand at many places. */
  readonly seen: WeakMap<Node, Set<Shape>>;
  /** Checks what stands in the place of a step. */
  readonly checkStep: (node: Node, path: Path, context: ShapeContext) => void;
}

/** Reports where a value is not of its shape. What is or holds a `<< >>` passes anywhere. */
export function checkShape(node: Node, shape: Shape, path: Path, context: ShapeContext): void {
  if (shape.any || isSeen(node, shape, context)) return;
  if (shape.step) {
    context.checkStep(node, path, context);
    return;
  }
  if (node.kind === 'list') {
    if (shape.list === undefined) refuse(node, shape, path, context);
    else checkList(node, shape.list, path, context);
  } else if (node.kind === 'map' && shape.list && shape.orOne) checkShape(node, shape.list, path, context);
  else if (node.kind === 'map') {
    const map = typeof shape.map === 'function' ? shape.map(node) : shape.map;
    if (map === undefined) refuse(node, shape, path, context);
    else checkMap(node, map, path, context);
  } else if (node.value !== null && !mayHoldTag(node)) checkScalar(node, shape, path, context);
}

function isSeen(node: Node, shape: Shape, { seen }: ShapeContext): boolean {
  if (node.kind === 'scalar') return false;
  const shapes = seen.get(node) ?? new Set();
  if (shapes.has(shape)) return true;
  seen.set(node, shapes.add(shape));
  return false;
}

function checkScalar(node: Node, shape: Shape, path: Path, context: ShapeContext): void {
  if (shape.scalar === undefined) refuse(node, shape, path, context);
  else if (shape.values && node.kind === 'scalar' && !shape.values.includes(String(node.value))) {
    context.report.error(notInEnum(pathText(path), String(node.value), shape.values), node.at);
  }
}

function checkList(node: ListNode, items: Shape, path: Path, context: ShapeContext): void {
  for (const [index, item] of node.items.entries()) {
    const itemPath = below(path, index);
    const isNull = item.kind === 'scalar' && item.value === null;
    if (isNull && !items.step) refuse(item, items, itemPath, context);
    else checkShape(item, items, itemPath, context);
  }
}

function checkMap(node: MapNode, shape: MapShape, path: Path, context: ShapeContext): void {
  const { report } = context;
  if (shape.most !== undefined && node.entries.size > shape.most) {
    const [first, ...others] = node.entries.keys();
    const hint = `Indent ${others.join(', ')} deeper than ${first}, or start an item of its own with \`- \`.`;
    report.error(tooManyKeys(pathText(path), shape.most, node.entries.size, [hint]), node.at);
    return;
  }
  checkRequired(node, shape, path, context);
  for (const [key, entry] of node.entries) {
    const known = shape.keys.get(key) ?? shape.others;
    if (known) checkShape(entry.value, known, below(path, key), context);
    else if (!key.includes('<<')) checkUnknown(key, entry, shape, path, context);
  }
}

function checkRequired(node: MapNode, shape: MapShape, path: Path, { report }: ShapeContext): void {
  for (const key of shape.required ?? []) {
    const value = node.entries.get(key)?.value;
    if (value === undefined) report.error(requiredKey(pathText(path), key), node.at);
    else if (value.kind === 'scalar' && value.value === null && !shape.keys.get(key)?.any) {
      report.error(wrongType(pathText(below(path, key)), expected(shape.keys.get(key) ?? {}), 'Null'), value.at);
    }
  }
  for (const keys of shape.oneRequired ?? []) {
    if (!keys.some((key) => node.entries.has(key))) {
      report.error(requiredKey(pathText(path), keys[0] ?? '', [`One of ${keys.join(', ')} is needed.`]), node.at);
    }
  }
}

function checkUnknown(key: string, { keyAt }: Entry, shape: MapShape, path: Path, { report }: ShapeContext): void {
  const permitted = [...shape.keys.keys()];
  if (shape.unknown === 'dropped') report.warning(droppedKey(path.key, key, nearestName(key, permitted)), keyAt);
  else report.error(extraneousKey(pathText(path), key, permitted), keyAt);
}

function refuse(node: Node, shape: Shape, path: Path, { report }: ShapeContext): void {
  const types = expected(shape);
  const text = pathText(path);
  report.error(
    types === '' ? invalidAt(text, 'This value is not permitted') : wrongType(text, types, schemaType(node)),
    node.at,
  );
}

function expected(shape: Shape): string {
  const types = [shape.scalar, shape.list && 'Sequence', (shape.map || shape.step) && 'Mapping'];
  return types.filter((type) => type !== undefined).join(' or ');
}
