import { member, stringOf } from '../node.ts';
import { Report } from '../problem.ts';
import type { Source } from '../source.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import { parseOrbReference } from './orb-reference.ts';

/** The references of the orbs that a config or an orb imports by name or URL. Empty for what can't be read. */
export function importedOrbs(source: Source): string[] {
  const orbs = member(readYaml(source, new Report()), 'orbs');
  if (orbs?.kind !== 'map') return [];
  return [...orbs.entries.values()]
    .flatMap(({ value }) => stringOf(value) ?? [])
    .filter((text) => parseOrbReference(text).kind !== 'malformed');
}
