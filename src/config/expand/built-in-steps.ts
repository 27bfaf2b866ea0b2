import { mapNode, type MapNode, type Node } from '../node.ts';

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
];

const names: ReadonlySet<string> = new Set(BUILT_IN_STEPS);

export function isBuiltInStep(name: string): boolean {
  return names.has(name);
}

/** A built-in step as CircleCI prints it: as it is written, but for `run: text`. */
export function builtInStep(step: Node): Node {
  if (step.kind !== 'map') return step;
  const run = step.entries.get('run');
  if (run?.value.kind !== 'scalar' || run.value.value === null) return step;
  const { keyAt, value } = run;
  const command: MapNode = mapNode([['command', { keyAt: value.at, value }]], value.at);
  return { ...step, entries: new Map([['run', { keyAt, value: command }]]) };
}
