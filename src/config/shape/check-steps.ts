import type { MapNode, Node } from '../node.ts';
import { checkShape, type ShapeContext } from './check-shape.ts';
import { below, pathText, type Path } from './schema/schema-path.ts';
import { invalidAt, tooManyKeys, wrongType } from './schema/schema-texts.ts';
import { schemaType } from './schema/schema-type.ts';
import { emptyStepBody, siblingsIgnored } from './shape-texts.ts';
import { BUILT_IN_STEPS, NEEDS_NOTHING, STEP } from './shapes/step-shapes.ts';

const STEP_HINTS = ['A step is the name of a command, or a map with such a name as its one key.'];

/**
 * Checks one step of a list. Which commands there are is for the expansion to say; a list in the place of a step, as
 * aliases of YAML make it, is taken as its items.
 */
export function checkStep(node: Node, path: Path, context: ShapeContext): void {
  const { report } = context;
  if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) checkShape(item, STEP, below(path, index), context);
  } else if (node.kind === 'map') checkStepMap(node, path, context);
  else if (typeof node.value !== 'string') {
    report.error(wrongType(pathText(path), 'String or Mapping', schemaType(node), STEP_HINTS), node.at);
  } else if (node.value.trim() === '')
    report.error(invalidAt(pathText(path), 'The step has no name', STEP_HINTS), node.at);
}

function checkStepMap(node: MapNode, path: Path, context: ShapeContext): void {
  const { report, commands } = context;
  const [[name, entry] = [], ...siblings] = node.entries;
  if (name === undefined || entry === undefined) {
    report.error(invalidAt(pathText(path), 'minimum size: [1], found: [0]', STEP_HINTS), node.at);
    return;
  }
  const builtIn = commands.has(name) ? undefined : BUILT_IN_STEPS.get(name);
  const isNull = entry.value.kind === 'scalar' && entry.value.value === null;
  const names = siblings.map(([key]) => key);
  if (names.length > 0 && isNull && !builtIn) report.warning(siblingsIgnored(name, names), entry.keyAt);
  else if (names.length > 0) {
    const hint = `Indent ${names.join(', ')} deeper than ${name}, or start a step of its own with \`- \`.`;
    report.error(tooManyKeys(pathText(path), 1, node.entries.size, [hint]), node.at);
  } else if (isNull) checkEmpty(name, entry.value, builtIn !== undefined, below(path, name), context);
  else if (builtIn) checkShape(entry.value, builtIn, below(path, name), context);
  else if (entry.value.kind === 'list') {
    report.error(wrongType(pathText(below(path, name)), 'Mapping', 'Sequence'), entry.value.at);
  }
}

/** CircleCI takes `- name:` as `- name` for commands; of its own steps, some can't do without options. */
function checkEmpty(name: string, value: Node, builtIn: boolean, path: Path, { report }: ShapeContext): void {
  if (!builtIn || NEEDS_NOTHING.has(name)) report.warning(emptyStepBody(name), value.at);
  else {
    const hint = `Indent what belongs to ${name} deeper than ${name} itself.`;
    report.error(wrongType(pathText(path), name === 'steps' ? 'Sequence' : 'Mapping', 'Null', [hint]), value.at);
  }
}
