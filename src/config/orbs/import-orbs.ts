import type { Budget } from '../budget.ts';
import type { ImportedOrb, ResolveOrb } from '../compile.ts';
import type { Library } from '../library.ts';
import type { MapNode, Node } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Source } from '../source.ts';
import type { Variables } from '../variables.ts';
import { unusedOrbOption } from './orb-texts.ts';
import { OrbReader, type ReadOrb } from './orb-reader.ts';

export interface OrbImports {
  /** What tags in the references of the config mean; orbs see of it pipeline values only. */
  readonly variables: Variables;
  readonly resolve?: ResolveOrb | undefined;
  /** Orbs that take the place of imported ones, by the name that the config gives them. */
  readonly orbs?: Readonly<Record<string, Source | MapNode>> | undefined;
  readonly report: Report;
  readonly budget: Budget;
}

export interface Imports {
  /** By the name that the config gives the orb; orbs that could not be had are here too, and `missing`. */
  readonly libraries: ReadonlyMap<string, Library>;
  /** The registry orbs of the config itself, in its order, called or not: what the header of a compiled config lists. */
  readonly imported: readonly ImportedOrb[];
}

/**
 * Imports the orbs of a config, and those that they import.
 * @param node what stands below `orbs:` in the config
 */
export function importOrbs(node: Node | undefined, imports: OrbImports): Imports {
  const libraries = new Map<string, Library>();
  const imported: ImportedOrb[] = [];
  if (node?.kind !== 'map') return { libraries, imported };
  const { orbs = {}, variables, report } = imports;
  const reader = new OrbReader(imports);
  for (const [name, entry] of node.entries) {
    const given = Object.hasOwn(orbs, name) ? orbs[name] : undefined;
    const chain = { path: [], urls: 0, variables, report };
    const orb: ReadOrb = given ? reader.readGiven(given, name, entry, chain) : reader.readEntry(name, entry, chain);
    libraries.set(name, orb.library);
    if (orb.registry) imported.push(orb.registry);
  }
  for (const name of Object.keys(orbs)) {
    if (!node.entries.has(name)) report.warning(unusedOrbOption(name, [...node.entries.keys()]), node.at);
  }
  return { libraries, imported };
}
