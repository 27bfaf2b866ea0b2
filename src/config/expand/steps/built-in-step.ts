import { mapNode, scalarNode, type Node } from '../../node.ts';

/**
 * A built-in step as CircleCI prints it: as it is written, but `run: text` gets a `command`, and a step whose value is
 * nothing becomes its name.
 */
export function builtInStep(step: Node): Node {
  const [first] = step.kind === 'map' ? step.entries : [];
  if (first === undefined) return step;
  const [name, { keyAt, value }] = first;
  if (value.kind !== 'scalar') return step;
  if (value.value === null) return { ...step, ...scalarNode(name, keyAt) };
  if (name !== 'run') return step;
  const command = mapNode([['command', { keyAt: value.at, value }]], value.at);
  return { ...step, ...mapNode([[name, { keyAt, value: command }]], step.at) };
}
