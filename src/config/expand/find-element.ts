import type { Frame } from '../frame.ts';
import type { Element, ElementKind } from '../library.ts';
import { noDefinition, noOrbForElement } from '../problem-texts.ts';
import type { Place } from '../source.ts';
import { elementsOf } from './elements-of.ts';
import { aliasCycle, aliasTooLong } from './expand-texts.ts';
import { isLeftOver } from './follow-up.ts';
import { hintsForElement, hintsForOrb } from './name-hints.ts';

/** No orb has more than a few aliases that lead on to aliases. */
const LONGEST_ALIAS = 20;

/** What telling of a name that means nothing takes from the budget, besides its comparison with those that mean something. */
const COST_OF_MISTAKE = 128;
const COST_OF_CHARACTER = 0.25;

/** Where a name is looked up, and who is told when it means nothing. */
type Scope = Pick<Frame, 'library' | 'report' | 'budget'>;

/**
 * The element that `name` or `orb/name` means in a library; for an alias, what it stands for. When there is none, that is
 * reported, unless it has been before: what is called in an orb that could not be had is no further mistake.
 */
export function findElement(kind: ElementKind, name: string, scope: Scope, at: Place): Element | undefined {
  const path: Element[] = [];
  let element = lookUp(kind, name, scope, at);
  while (element?.alias !== undefined) {
    const start = path.indexOf(element);
    path.push(element);
    if (start >= 0 || path.length > LONGEST_ALIAS) {
      const names = path.slice(Math.max(start, 0)).map((alias) => alias.name);
      scope.report.error(start >= 0 ? aliasCycle(kind, names) : aliasTooLong(kind, name, LONGEST_ALIAS), element.at);
      return undefined;
    }
    const { alias, library }: Element = element;
    element = lookUp(kind, String(alias?.value), { ...scope, library }, alias?.at ?? at);
  }
  return element;
}

function lookUp(kind: ElementKind, name: string, { library, report, budget }: Scope, at: Place): Element | undefined {
  if (isLeftOver(name, report)) return undefined;
  const slash = name.indexOf('/');
  const orb = slash < 0 ? undefined : name.slice(0, slash);
  const owner = orb === undefined ? library : library.orbs.get(orb);
  if (owner === undefined) {
    budget.work(costOfHints(name, library.orbs.size), at);
    report.error(noOrbForElement(String(orb), kind, name, hintsForOrb(String(orb), library, report)), at);
    return undefined;
  }
  const element = elementsOf(owner, kind).get(name.slice(slash + 1));
  if (element === undefined && owner.missing !== true) {
    budget.work(costOfHints(name, elementsOf(owner, kind).size), at);
    report.error(noDefinition(kind, name, hintsForElement({ kind, name, orb, library, owner }, report)), at);
  }
  return element;
}

/** Aliases of YAML make one mistake a million, and every time the names are gone through. */
function costOfHints(name: string, names: number): number {
  return COST_OF_MISTAKE + name.length * names * COST_OF_CHARACTER;
}
