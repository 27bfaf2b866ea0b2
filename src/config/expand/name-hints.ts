import { nearestName } from '../../core/nearest-name.ts';
import type { ElementKind, Library } from '../library.ts';
import type { Report } from '../problem.ts';
import { BUILT_IN_STEPS } from '../shape/shapes/step-shapes.ts';
import { elementsOf } from './elements-of.ts';

/** Looking for the nearest name takes time; who has so many problems or names is not helped with all of them. */
const MOST_PROBLEMS = 100;
const MOST_NAMES = 1000;
const LONGEST_NAME = 100;

/** How many names a hint lists. */
const MOST_LISTED = 20;

interface UnknownElement {
  readonly kind: ElementKind;
  /** As it is written. */
  readonly name: string;
  /** What stands before the slash, if there is one. */
  readonly orb: string | undefined;
  /** Where the name is used. */
  readonly library: Library;
  /** Where the element should be: in the same library, or in the orb. */
  readonly owner: Library;
}

/** What to do about a name that means nothing. */
export function hintsForElement({ kind, name, orb, library, owner }: UnknownElement, report: Report): string[] {
  const prefix = orb === undefined ? '' : `${orb}/`;
  const names = [...elementsOf(owner, kind).keys()].map((one) => prefix + one);
  const steps = orb === undefined && kind === 'command' ? [...BUILT_IN_STEPS.keys()] : [];
  const meant = orb === undefined ? inOrbs(kind, name, library) : [];
  const near =
    meant.length > 0 ? meant.slice(0, MOST_LISTED).join(' or ') : nearest(name, [...names, ...steps], report);
  if (near !== undefined) return [`Did you mean ${near}?`];
  const more = steps.length === 0 ? '' : `; CircleCI's own steps are ${steps.join(', ')}`;
  if (names.length === 0) {
    return [`There are no ${kind}s in ${orb === undefined ? 'this file' : `the orb ${orb}`}${more}.`];
  }
  const listed = names.slice(0, MOST_LISTED).join(', ');
  return [`There ${names.length === 1 ? 'is' : 'are'} ${listed}${names.length > MOST_LISTED ? ', …' : ''}${more}.`];
}

export function hintsForOrb(orb: string, { orbs }: Library, report: Report): string[] {
  const near = nearest(orb, [...orbs.keys()], report);
  if (near !== undefined) return [`Did you mean the orb ${near}?`];
  return [`Import the orb under orbs, as \`${orb}: namespace/name@1.2.3\`.`];
}

/** Who leaves the name of the orb out most likely means that one. */
function inOrbs(kind: ElementKind, name: string, { orbs }: Library): string[] {
  return [...orbs].filter(([, orb]) => elementsOf(orb, kind).has(name)).map(([orb]) => `${orb}/${name}`);
}

function nearest(name: string, names: readonly string[], report: Report): string | undefined {
  if (report.problems.length > MOST_PROBLEMS || names.length > MOST_NAMES || name.length > LONGEST_NAME)
    return undefined;
  return nearestName(name, names);
}
