import type { Place } from './source.ts';

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
  private readonly collected: Problem[];
  private readonly seen: Set<string>;
  private readonly scopes: readonly Scope[];

  constructor(parent?: Report, scope?: Scope) {
    this.collected = parent?.collected ?? [];
    this.seen = parent?.seen ?? new Set();
    this.scopes = parent && scope ? [...parent.scopes, scope] : [];
  }

  get problems(): readonly Problem[] {
    return this.collected;
  }

  get hasErrors(): boolean {
    return this.collected.some(({ severity }) => severity === 'error');
  }

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
    return new Report(this, { text, at });
  }

  /** The same words at the same place are said once, however many calls lead there. */
  private add(problem: Problem): void {
    const { source, line, column } = problem.at;
    const key = [problem.code, source.name, line, column, problem.message].join('\0');
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.collected.push(problem);
  }
}
