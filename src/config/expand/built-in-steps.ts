import { mapNode, scalarNode, type Node } from '../node.ts';

/** The steps that CircleCI runs itself: circleci.com/docs/reference/configuration-reference, "steps". */
export const BUILT_IN_STEPS: readonly string[] = [
  'run',
  'checkout',
  'setup_remote_docker',
  'save_cache',
  'restore_cache',
  'store_artifacts',
  'store_test_results',
  'persist_to_workspace',
  'attach_workspace',
  'add_ssh_keys',
  'deploy',
  'with_tool_cache',
  'when',
  'unless',
  'steps',
];

const names: ReadonlySet<string> = new Set(BUILT_IN_STEPS);

export function isBuiltInStep(name: string): boolean {
  return names.has(name);
}

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
