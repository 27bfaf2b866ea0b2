/** Values by name, for `$NAME`. */
export type Variables = ReadonlyMap<string, string>;

interface ExpandOptions {
  /** Backslash or backtick. */
  escape: string;
  /** In the text of a heredoc, quotes are ordinary characters. */
  quotes?: boolean;
}

/**
 * Replaces variables and takes quotes and escapes away, by the rules of BuildKit's shell lexer: `$x ${x} ${x:-w} ${x-w} ${x:+w} ${x+w}
 * ${x:?w} ${x?w} ${x#p} ${x##p} ${x%p} ${x%%p} ${x/p/r} ${x//p/r}`. An unset variable is empty.
 * @throws Error whose message says what is wrong with the text
 */
export function expandWord(text: string, variables: Variables, { escape, quotes = true }: ExpandOptions): string {
  return new Expansion(text, variables, escape, quotes).until(undefined, false).text;
}

/** Like `expandWord`, then split at white space that is not quoted, as in EXPOSE. */
export function expandWords(text: string, variables: Variables, { escape, quotes = true }: ExpandOptions): string[] {
  return new Expansion(text, variables, escape, quotes).until(undefined, false).words;
}

class Expansion {
  readonly #characters: string[];
  readonly #variables: Variables;
  readonly #escape: string;
  readonly #quotes: boolean;
  #at = 0;

  constructor(text: string, variables: Variables, escape: string, quotes: boolean) {
    this.#characters = [...text];
    this.#variables = variables;
    this.#escape = escape;
    this.#quotes = quotes;
  }

  /** Reads up to `stop` (or the end). With `rawEscapes`, escape characters stay for a pattern to read. */
  until(stop: string | undefined, rawEscapes: boolean): { text: string; words: string[] } {
    const words = new Words();
    let text = '';
    for (let character = this.#peek(); character !== undefined; character = this.#peek()) {
      if (character === stop) {
        this.#at += 1;
        return { text, words: words.finish() };
      }
      if (character === '$') {
        const value = this.#variable();
        text += value;
        words.addSplitting(value);
      } else if (this.#quotes && (character === "'" || character === '"')) {
        const value = character === "'" ? this.#singleQuoted() : this.#doubleQuoted();
        text += value;
        words.addWhole(value);
      } else if (character === this.#escape) {
        this.#at += 1;
        const value = (rawEscapes ? character : '') + (this.#next() ?? '');
        text += value;
        words.addWhole(value);
      } else {
        this.#at += 1;
        text += character;
        words.addSplitting(character);
      }
    }
    if (stop !== undefined) throw new Error(`"${stop}" is missing in "${this.#characters.join('')}"`);
    return { text, words: words.finish() };
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string | undefined {
    return this.#characters[this.#at++];
  }

  #singleQuoted(): string {
    const end = this.#characters.indexOf("'", this.#at + 1);
    if (end === -1) throw new Error('a single quote is not closed');
    const value = this.#characters.slice(this.#at + 1, end).join('');
    this.#at = end + 1;
    return value;
  }

  #doubleQuoted(): string {
    this.#at += 1;
    let value = '';
    for (let character = this.#peek(); character !== undefined; character = this.#peek()) {
      if (character === '$') {
        value += this.#variable();
        continue;
      }
      this.#at += 1;
      if (character === '"') return value;
      const following = this.#peek();
      if (character === this.#escape && following !== undefined && ['"', '$', this.#escape].includes(following)) {
        this.#at += 1;
        value += following;
      } else if (character !== this.#escape || following !== undefined) {
        value += character;
      }
    }
    throw new Error('a double quote is not closed');
  }

  #variable(): string {
    this.#at += 1;
    if (this.#peek() !== '{') {
      const name = this.#name();
      return name === '' ? '$' : (this.#variables.get(name) ?? '');
    }
    this.#at += 1;
    const name = this.#name();
    if (name === '') throw new Error('bad substitution: a name is missing after "${"');
    const value = this.#variables.get(name);
    const operator = this.#next();
    if (operator === '}') return value ?? '';
    if (operator === '/') return this.#replaced(value ?? '');
    const modifier = operator === ':' ? this.#next() : operator;
    // `:#` and `:%` mean the same as without the colon, for BuildKit too.
    const pattern = modifier === '#' || modifier === '%';
    if (modifier === undefined || !'-+?#%'.includes(modifier)) {
      throw new Error(
        `bad substitution: "\${${name}${operator ?? ''}${operator === ':' ? (modifier ?? '') : ''}" is not known`,
      );
    }
    const word = this.until('}', pattern).text;
    if (pattern) return trimmed(value ?? '', modifier, word);
    const missing = value === undefined || (operator === ':' && value === '');
    if (modifier === '-') return missing ? word : value;
    if (modifier === '+') return missing ? '' : word;
    if (missing)
      throw new Error(`${name}: ${word || `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`}`);
    return value;
  }

  #replaced(value: string): string {
    const all = this.#peek() === '/';
    if (all) this.#at += 1;
    const pattern = patternSource(this.until('/', true).text, true);
    const replacement = this.until('}', true).text;
    return value.replace(new RegExp(pattern, all ? 'gsu' : 'su'), () => replacement);
  }

  /** A name, a number, or one of the shell's special characters. */
  #name(): string {
    const rest = this.#characters.slice(this.#at).join('');
    const name = /^(?:\d+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(rest)?.[0] ?? '';
    this.#at += [...name].length;
    return name;
  }
}

/** Words as a shell would make them: values of variables are split, quoted text is not. */
class Words {
  readonly #words: string[] = [];
  #word = '';

  addSplitting(text: string): void {
    for (const character of text) {
      if (/\s/.test(character)) this.finish();
      else this.#word += character;
    }
  }

  addWhole(text: string): void {
    this.#word += text;
  }

  finish(): string[] {
    if (this.#word !== '') this.#words.push(this.#word);
    this.#word = '';
    return this.#words;
  }
}

/** `${x#p}` and `${x%p}`; doubled, the longest match is taken away. */
function trimmed(value: string, side: string, word: string): string {
  const longest = word.startsWith(side);
  const source = patternSource(longest ? word.slice(1) : word, longest);
  if (side === '#') return value.replace(new RegExp(`^(?:${source})`, 'su'), '');
  const whole = new RegExp(`^(?:${patternSource(longest ? word.slice(1) : word, true)})$`, 'su');
  const starts = Array.from({ length: value.length + 1 }, (_, index) => (longest ? index : value.length - index));
  const start = starts.find((index) => whole.test(value.slice(index)));
  return start === undefined ? value : value.slice(0, start);
}

/** A shell pattern (`*` and `?`, no brackets) as the source of a regular expression. */
function patternSource(pattern: string, greedy: boolean): string {
  return pattern.replaceAll(/\\(.)|[^]/gsu, (part, escaped: string | undefined) => {
    if (escaped !== undefined) {
      if (!'*?\\}/'.includes(escaped)) throw new Error(`"\\${escaped}" is no escape that a pattern knows`);
      return `\\${escaped}`;
    }
    if (part === '*') return greedy ? '.*' : '.*?';
    if (part === '?') return '.';
    return part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  });
}
