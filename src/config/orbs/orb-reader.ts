import type { ImportedOrb } from '../compile.ts';
import { reportForm } from '../expand/follow-up.ts';
import { readLibrary } from '../expand/read-library.ts';
import type { Library } from '../library.ts';
import { member, stringOf, type Entry, type MapNode, type Node } from '../node.ts';
import type { Report } from '../problem.ts';
import { checkOrbShape } from '../shape/check-orb-shape.ts';
import { wrongType } from '../shape/schema/schema-texts.ts';
import { schemaType } from '../shape/schema/schema-type.ts';
import type { Place, Source } from '../source.ts';
import { renderNode } from '../template/render-node.ts';
import { textOf } from '../template/text-of.ts';
import type { Variables } from '../variables.ts';
import { readYaml } from '../yaml/read-yaml.ts';
import type { ResolvedOrb } from '../compile.ts';
import type { OrbImports } from './import-orbs.ts';
import { orbCycle, orbNotFound, orbsTooDeep, tooManyUrlOrbs, urlOrbNotFound, urlOrbsTooDeep } from './orb-texts.ts';
import { isExactVersion, parseOrbReference, type RegistryReference, type UrlReference } from './orb-reference.ts';

/** URL orbs: circleci.com/docs/orbs/use/managing-url-orbs-allow-lists, "Limitations and caveats". The third is ours. */
const LIMITS = { urlOrbs: 50, urlDepth: 5, depth: 100 };

/** Where in the tree of imports we are. */
export interface Chain {
  /** The orbs around, the outermost first, by what they resolved to. */
  readonly path: readonly string[];
  /** How many of them are URL orbs. */
  readonly urls: number;
  /** What tags in references mean. */
  readonly variables: Variables;
  readonly report: Report;
}

export interface ReadOrb {
  readonly library: Library;
  /** The longest chain of URL orbs from this one down, itself included. */
  readonly urlDepth: number;
  /** For an orb of the registry whose exact version is known. */
  readonly registry?: ImportedOrb;
}

/** Reads orbs and what they import, each orb once, however many import it. */
export class OrbReader {
  readonly #imports: OrbImports;
  /** Orbs see no pipeline parameters, inline ones neither. */
  readonly #orbVariables: Variables;
  readonly #byReference = new Map<string, ReadOrb>();
  readonly #inline = new Map<MapNode, ReadOrb>();
  readonly #urls = new Set<string>();

  constructor(imports: OrbImports) {
    this.#imports = imports;
    this.#orbVariables = pipelineValuesOf(imports.variables);
  }

  /** One entry of `orbs:`, a reference or an inline orb. */
  readEntry(name: string, { value }: Entry, chain: Chain): ReadOrb {
    this.#imports.budget.work(name.length + 1, value.at);
    if (chain.path.length >= LIMITS.depth) {
      chain.report.error(orbsTooDeep(LIMITS.depth), value.at);
      return this.#missing(name);
    }
    return value.kind === 'map' ? this.#readInline(name, value, chain) : this.#readReference(name, value, chain);
  }

  /** An orb that was given to compile with, in place of the one that the config names. */
  readGiven(given: Source | MapNode, name: string, { value }: Entry, chain: Chain): ReadOrb {
    const written = (value.kind === 'map' ? undefined : this.#referenceText(value, chain)) ?? name;
    const parsed = parseOrbReference(written);
    const exact = parsed.kind === 'registry' && isExactVersion(parsed.version);
    const report = chain.report.within(`Error importing orb: '${written}'`, value.at);
    const root = 'kind' in given ? given : readYaml({ ...given, orb: written }, report);
    const inside = { ...chain, path: [...chain.path, written], report };
    return {
      ...this.#readRoot(root, written, inside),
      // A version that is not exact is known to nobody here: the one that was given has none.
      ...(exact && { registry: { written, resolved: written } }),
    };
  }

  #readInline(name: string, root: MapNode, chain: Chain): ReadOrb {
    const known = this.#inline.get(root);
    if (known) return known;
    const reference = chain.path.length === 0 ? name : `${chain.path.at(-1)}/${name}`;
    const orb = this.#readRoot(root, reference, { ...chain, path: [...chain.path, reference] });
    this.#inline.set(root, orb);
    return orb;
  }

  #readReference(name: string, value: Node, chain: Chain): ReadOrb {
    const text = this.#referenceText(value, chain);
    if (text === undefined) return this.#missing(name);
    const reference = parseOrbReference(text);
    if (reference.kind === 'malformed') {
      chain.report.error(reference.fact, value.at);
      return this.#missing(name);
    }
    const known = this.#byReference.get(text);
    const urlDepth = known?.urlDepth ?? (reference.kind === 'url' ? 1 : 0);
    if (chain.urls + urlDepth > LIMITS.urlDepth) {
      chain.report.error(urlOrbsTooDeep(LIMITS.urlDepth, [...chain.path, text]), value.at);
      return this.#missing(text);
    }
    const orb = known ?? this.#find(reference, name, value.at, chain);
    if (reference.kind === 'url' || orb.library.missing) return orb;
    return { ...orb, registry: { written: text, resolved: orb.library.reference } };
  }

  #find(reference: RegistryReference | UrlReference, name: string, at: Place, chain: Chain): ReadOrb {
    const { text } = reference;
    if (reference.kind === 'url' && this.#urls.add(text).size > LIMITS.urlOrbs) {
      chain.report.error(tooManyUrlOrbs(LIMITS.urlOrbs), at);
      return this.#missing(text);
    }
    const found = this.#imports.resolve?.(text);
    if (!found) {
      const ownName = chain.path.length === 0 ? name : undefined;
      chain.report.error(
        reference.kind === 'url' ? urlOrbNotFound(text, ownName) : orbNotFound(reference, ownName),
        at,
      );
      return this.#remember(text, this.#missing(text));
    }
    if (chain.path.includes(found.reference)) {
      const circle = chain.path.slice(chain.path.indexOf(found.reference));
      chain.report.error(orbCycle([...circle, found.reference]), at);
      return this.#missing(text);
    }
    const orb = this.#byReference.get(found.reference) ?? this.#readFound(found, reference, at, chain);
    this.#remember(found.reference, orb);
    return this.#remember(text, orb);
  }

  #readFound(found: ResolvedOrb, { kind, text }: RegistryReference | UrlReference, at: Place, chain: Chain): ReadOrb {
    const report = chain.report.within(`Error importing orb: '${text}'`, at);
    const own = kind === 'url' ? 1 : 0;
    const root = found.root ?? readYaml({ name: found.reference, text: found.text, orb: text }, report);
    const path = [...chain.path, found.reference];
    const orb = this.#readRoot(root, found.reference, { ...chain, path, urls: chain.urls + own, report });
    return { ...orb, urlDepth: orb.urlDepth + own };
  }

  #readRoot(root: Node | undefined, reference: string, { path, urls, report }: Chain): ReadOrb {
    if (root) checkOrbShape(root, report);
    if (root?.kind !== 'map') return this.#missing(reference);
    const variables = this.#orbVariables;
    const orbs = new Map<string, Library>();
    let urlDepth = 0;
    for (const [name, entry] of entriesOf(member(root, 'orbs'))) {
      const orb = this.readEntry(name, entry, { path, urls, report, variables });
      orbs.set(name, orb.library);
      urlDepth = Math.max(urlDepth, orb.urlDepth);
    }
    return { library: readLibrary(root, { reference, orbs, variables }, report), urlDepth };
  }

  /** Undefined for what is reported: a template that can't be filled in, and what is no text. */
  #referenceText(value: Node, { variables, report }: Chain): string | undefined {
    if (stringOf(value) === undefined) {
      const found = wrongType('#/orbs', 'String or Mapping', schemaType(value), ['Write namespace/orb@version.']);
      reportForm(found, value.at, report);
      return undefined;
    }
    const rendered = renderNode(value, variables, report, this.#imports.budget);
    const isUnfilled = rendered === value && stringOf(value)?.includes('<<');
    return isUnfilled ? undefined : (textOf(rendered) ?? '');
  }

  #remember(reference: string, orb: ReadOrb): ReadOrb {
    this.#byReference.set(reference, orb);
    return orb;
  }

  /** Stands for an orb that could not be had, so that what is called in it is no error too. */
  #missing(reference: string): ReadOrb {
    const none = new Map<string, never>();
    const library = { reference, commands: none, jobs: none, executors: none, orbs: none, missing: true };
    return { library: { ...library, variables: this.#orbVariables }, urlDepth: 0 };
  }
}

function entriesOf(node: Node | undefined): Iterable<readonly [string, Entry]> {
  return node?.kind === 'map' ? node.entries : [];
}

/** circleci.com/docs/guides/orchestrate/pipeline-variables: pipeline values are in scope everywhere, parameters not in orbs. */
function pipelineValuesOf(all: Variables): Variables {
  const isParameter = (name: string): boolean => name.startsWith('pipeline.parameters.');
  return {
    lookUp: (name) => (isParameter(name) ? undefined : all.lookUp(name)),
    names: () => all.names().filter((name) => !isParameter(name)),
    hintFor: (name) =>
      isParameter(name) ? 'Orbs do not see pipeline parameters: pass the value to the orb as an argument.' : undefined,
  };
}
