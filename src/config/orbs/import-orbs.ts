import type { Budget } from '../budget.ts';
import type { ImportedOrb, ResolveOrb } from '../compile.ts';
import type { Library } from '../library.ts';
import type { Entry, MapNode, Node } from '../node.ts';
import type { Report } from '../problem.ts';
import type { Place, Source } from '../source.ts';
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
  /** Where the config begins. */
  readonly at: Place;
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
  const { orbs = {}, variables, report } = imports;
  const reader = new OrbReader(imports);
  const entries: ReadonlyMap<string, Entry> = node?.kind === 'map' ? node.entries : new Map();
  for (const [name, entry] of entries) {
    const given = Object.hasOwn(orbs, name) ? orbs[name] : undefined;
    const chain = { path: [], urls: 0, variables, report };
    const orb: ReadOrb = given ? reader.readGiven(given, name, entry, chain) : reader.readEntry(name, entry, chain);
    libraries.set(name, orb.library);
    if (orb.registry) imported.push(orb.registry);
  }
  for (const name of Object.keys(orbs)) {
    if (!entries.has(name)) report.warning(unusedOrbOption(name, [...entries.keys()]), node?.at ?? imports.at);
  }
  return { libraries, imported };
}
