import { Report, type Problem } from '../../../../src/config/problem.ts';
import { member, type Node } from '../../../../src/config/node.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';

export function read(text: string): { node: Node | undefined; problems: readonly Problem[] } {
  const report = new Report();
  const node = readYaml({ name: 'config.yml', text }, report);
  return { node, problems: report.problems };
}

/** What is under keys and indexes. */
export function within(node: Node | undefined, ...path: readonly (string | number)[]): Node | undefined {
  let found = node;
  for (const part of path) {
    if (typeof part === 'string') found = member(found, part);
    else found = found?.kind === 'list' ? found.items[part] : undefined;
  }
  return found;
}

/** Line and column, as messages show them. */
export function placeIn(at: { line: number; column: number } | undefined): string {
  return at ? `${at.line}:${at.column}` : 'nowhere';
}
