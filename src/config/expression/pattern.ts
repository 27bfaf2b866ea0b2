import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';

/**
 * Hears what work costs before it is done, as a budget counts it, eight for a microsecond, about; throws to
 * refuse it. A pattern of ten characters can ask for a millisecond, and a config can hold a hundred thousand of them.
 */
export type Meter = (cost: number) => void;

const COST_OF_MICROSECOND = 8;

/** A regular expression in RE2's syntax. Matching takes time linear in the text. */
export class Pattern {
  readonly source: string;
  private readonly compiled: RE2JS;

  /** @throws InvalidPattern */
  constructor(source: string, meter?: Meter) {
    this.source = source;
    this.compiled = compile(source);
    meter?.(this.compiled.programSize() * COST_OF_MICROSECOND);
  }

  /** Whether the whole text matches. */
  matches(text: string, meter?: Meter): boolean {
    meter?.(((this.compiled.programSize() * text.length) / 500) * COST_OF_MICROSECOND);
    return this.compiled.matches(text);
  }
}

/** Says that a text is no regular expression that RE2 knows. */
export class InvalidPattern extends Error {
  /** What RE2 does not like, as a full sentence. */
  readonly hint: string;

  constructor(source: string, hint: string) {
    super(`Invalid regular expression: ${source}: Invalid pattern.`);
    this.hint = hint;
  }
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) throw new InvalidPattern(source, hintFor(error));
    if (error instanceof RE2JSException) throw new InvalidPattern(source, `${error.message}.`);
    throw error;
  }
}

/** What Java's and JavaScript's regular expressions have and RE2's have not, by how RE2 words the refusal. */
function hintFor(error: RE2JSSyntaxException): string {
  const part = error.getPattern() ?? '';
  const construct = unknownConstruct(error.getDescription(), part);
  if (construct) return `CircleCI uses RE2, which has no ${construct}.`;
  if (error.getDescription() === 'invalid repeat count') {
    return `RE2 repeats a part at most 1000 times, nested repetitions multiplied: \`${part}\`.`;
  }
  return `RE2 says: ${error.getDescription()}${part === '' ? '' : `: \`${part}\``}.`;
}

function unknownConstruct(description: string, part: string): string | undefined {
  if (/^\(\?<?[=!]/.test(part)) return lookaround(part);
  if (part.startsWith('(?>')) return 'atomic groups `(?>…)`';
  if (/^\\[1-9k]/.test(part)) return `backreferences such as \`${part}\``;
  if (description === 'invalid nested repetition operator' && part.endsWith('+')) {
    return `possessive quantifiers such as \`${part}\``;
  }
  return undefined;
}

function lookaround(part: string): string {
  const kind = part.startsWith('(?<') ? 'lookbehind' : 'lookahead';
  const instead = 'name what you want, or use `not` with a second `matches`, or `ignore` beside `only`';
  return `${kind} \`${part.slice(0, part.startsWith('(?<') ? 4 : 3)}…)\`: ${instead}`;
}
