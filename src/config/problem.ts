import type { Place, Source } from './source.ts';

/** What is wrong with a config: in CircleCI's own words where they are known. */
export interface Problem extends Fact {
  /** Warnings are about what CircleCI accepts in silence. */
  readonly severity: 'error' | 'warning';
  /** Where it is wrong: the innermost place, in the config or in an orb. */
  readonly at: Place;
  /** The calls that lead there, the outermost first. The first of them is always in the user's own file. */
  readonly scopes: readonly Scope[];
}

/** The text of a problem, without its place. */
export interface Fact {
  /** Stable, for programs and tests: `missing-arguments`. */
  readonly code: string;
  /** One or more lines. */
  readonly message: string;
  /** What to do next, each a full sentence. */
  readonly hints?: readonly string[];
}

export interface Scope {
  /** Such as `Error calling job: 'build'`. */
  readonly text: string;
  /** Where the call is written. */
  readonly at: Place;
}

/** Collects the problems of one compilation. Reports made by `within` share what they collect. */
export class Report {
  private readonly collected: Collected;
  private readonly scopes: readonly Scope[];

  /** @param most how many errors are told, and how many warnings; one error more ends the compilation */
  constructor(most = Infinity, within?: { readonly collected: Collected; readonly scopes: readonly Scope[] }) {
    this.collected = within?.collected ?? { problems: [], seen: new Set(), counts: { error: 0, warning: 0 }, most };
    this.scopes = within?.scopes ?? [];
  }

  get problems(): readonly Problem[] {
    return this.collected.problems;
  }

  get hasErrors(): boolean {
    return this.collected.counts.error > 0;
  }

  /** @throws TooManyErrors */
  error(fact: Fact, at: Place): void {
    this.add({ ...fact, severity: 'error', at, scopes: this.scopes });
  }

  /** What is odd inside an imported orb is not for those who import it to change, and is not told. */
  warning(fact: Fact, at: Place): void {
    if (at.source.orb !== undefined) return;
    this.add({ ...fact, severity: 'warning', at, scopes: this.scopes });
  }

  /** A report whose problems happen inside a call. */
  within(text: string, at: Place): Report {
    const { collected, scopes } = this;
    return new Report(collected.most, { collected, scopes: [...scopes, { text, at }] });
  }

  /** The same words at the same place are said once, however many calls lead there. */
  private add(problem: Problem): void {
    const { severity, at } = problem;
    const { problems, seen, counts, most } = this.collected;
    const key = [problem.code, at.source.name, at.line, at.column, problem.message].join('\0');
    if (seen.has(key)) return;
    if (counts[severity] < most) {
      counts[severity]++;
      seen.add(key);
      problems.push(problem);
    } else if (severity === 'error') throw new TooManyErrors(at);
  }
}

interface Collected {
  readonly problems: Problem[];
  readonly seen: Set<string>;
  readonly counts: Record<Problem['severity'], number>;
  readonly most: number;
}

/** Ends a compilation that has more errors than anybody reads. */
export class TooManyErrors extends Error {
  readonly at: Place;

  constructor(at: Place) {
    super('too many errors');
    this.at = at;
  }
}

/** Problems in the order of the user's file; those inside of an orb where that file leads into it. */
export function inOrder(problems: readonly Problem[], source: Source): Problem[] {
  const placeOf = ({ at, scopes }: Problem): Place =>
    at.source === source ? at : (scopes.findLast((scope) => scope.at.source === source)?.at ?? at);
  return problems
    .map((problem) => ({ problem, place: placeOf(problem) }))
    .toSorted((a, b) => comparePlaces(a.place, b.place) || comparePlaces(a.problem.at, b.problem.at))
    .map(({ problem }) => problem);
}

function comparePlaces(a: Place, b: Place): number {
  if (a.source.name !== b.source.name) return a.source.name < b.source.name ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
