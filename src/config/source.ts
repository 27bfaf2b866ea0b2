/** A text that takes part in a compilation: the user's config, or an orb. */
export interface Source {
  /** As messages show it: the path that the user gave, or `circleci/node@5.2.0` for an orb. */
  readonly name: string;
  readonly text: string;
  /** Says that this is an orb, by the reference that it was imported with. */
  readonly orb?: string;
}

/** Where something is written. Line and column count from 1, columns in UTF-16 units. */
export interface Place {
  readonly source: Source;
  readonly line: number;
  readonly column: number;
}

export function placeText({ source, line, column }: Place): string {
  return `${source.name}:${line}:${column}`;
}
