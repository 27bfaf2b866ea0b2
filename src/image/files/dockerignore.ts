import { posix } from 'node:path';
import { goPatternSource } from '../../core/go-path-match.ts';

interface IgnoreRule {
  /** `!pattern` lets files in again. */
  negated: boolean;
  matcher: RegExp;
  /** The pattern up to its first wildcard. */
  literal: string;
  /** Line of the file, from 1. */
  line: number;
}

/** What a .dockerignore file leaves out of the build context. */
export class DockerIgnore {
  readonly #rules: IgnoreRule[];

  /**
   * The rules of github.com/moby/patternmatcher: one pattern a line, `#` comments, `**` for any number of folders, the last match wins.
   * @throws Error that names the line of a malformed pattern
   */
  constructor(text: string) {
    this.#rules = text
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .flatMap((line, index) => parseRule(line, index + 1));
  }

  /** Whether the path (relative to the context, with `/`) is left out, by its own name or because a folder above is. */
  excludes(path: string): boolean {
    return this.decidingLine(path) !== undefined;
  }

  /**
   * The line that leaves the path out; undefined when it is in the context. A rule that matched a folder holds for all below it,
   * and a rule that could not change the folder's fate was never asked about it: so does BuildKit, and results differ otherwise.
   */
  decidingLine(path: string): number | undefined {
    let line: number | undefined;
    let matchedParent: readonly boolean[] = [];
    for (const prefix of prefixes(path)) {
      line = undefined;
      matchedParent = this.#rules.map((rule, index) => {
        const open = rule.negated === (line !== undefined);
        const matches = matchedParent[index] === true || (open && rule.matcher.test(prefix));
        if (matches) line = rule.negated ? undefined : rule.line;
        return matches;
      });
    }
    return line;
  }

  /** Whether something below a folder that is left out may be let in again, so that it has to be searched. */
  mayContainExceptions(folder: string): boolean {
    return this.#rules.some(
      ({ negated, literal }) => negated && (`${folder}/`.startsWith(literal) || literal.startsWith(`${folder}/`)),
    );
  }
}

function prefixes(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function parseRule(text: string, line: number): IgnoreRule[] {
  // A comment has its # in the first column, before anything is trimmed.
  if (text.startsWith('#') || text.trim() === '') return [];
  let pattern = text.trim();
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1).trim();
  if (pattern === '') {
    if (negated) throw new Error(`line ${line}: "!" stands there without a pattern`);
    return [];
  }
  pattern = posix.normalize(pattern).replace(/\/$/, '');
  if (pattern.length > 1) pattern = pattern.replace(/^\//, '');
  try {
    return [{ negated, matcher: matcherOf(pattern), literal: /^[^*?[\\]*/.exec(pattern)?.[0] ?? '', line }];
  } catch (error) {
    throw new Error(`line ${line}: ${(error as Error).message}`, { cause: error });
  }
}

/** `**` stands for any number of folders, none too; everything else is as in Go's filepath.Match. */
function matcherOf(pattern: string): RegExp {
  let source = '';
  for (let rest = pattern; rest !== '';) {
    const stars = /^\*\*\/?/.exec(rest)?.[0];
    if (stars !== undefined) {
      rest = rest.slice(stars.length);
      source += rest === '' ? '.*' : '(?:.*/)?';
      continue;
    }
    const next = rest.indexOf('**');
    const piece = next === -1 ? rest : rest.slice(0, next);
    source += goPatternSource(piece);
    rest = rest.slice(piece.length);
  }
  return new RegExp(`^${source}$`, 's');
}
