import { invalidFile } from '../../core/errors.ts';

export type Variables = Readonly<Record<string, string>>;

/**
 * Reads a file of `NAME=value` lines, as dotenv files are:
 *
 *     # a comment
 *     PLAIN=text to the end of the line   # a comment after a blank
 *     export SINGLE='as it is, $ and \n too'
 *     DOUBLE="with \n, \r, \t, \", \$ and \\,
 *     or over several lines"
 *
 * Nothing is expanded: a `$` is a `$`. Throws (exit code 7) with the line of every mistake, and never with a value.
 * @param name what messages call the file
 */
export function readEnvFile(text: string, name: string): Variables {
  const reader = new EnvFileReader(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'));
  const { variables, mistakes } = reader.read();
  if (mistakes.length === 0) return Object.fromEntries(variables);
  throw invalidFile(
    `${name} has ${mistakes.length === 1 ? 'a line that is' : 'lines that are'} not NAME=value`,
    mistakes.map(({ line, why }) => `${name}:${line}: ${why}`).join('\n'),
    ['Each line is NAME=value. A value of several lines, as a private key, stands in double quotes.'],
  );
}

interface Mistake {
  readonly line: number;
  readonly why: string;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', $: '$', '\\': '\\' };

class EnvFileReader {
  private readonly text: string;
  private at = 0;
  private line = 1;
  private readonly lineOf = new Map<string, number>();
  private readonly variables = new Map<string, string>();
  private readonly mistakes: Mistake[] = [];

  constructor(text: string) {
    this.text = text;
  }

  read(): { variables: ReadonlyMap<string, string>; mistakes: readonly Mistake[] } {
    while (this.at < this.text.length) this.readLine();
    return { variables: this.variables, mistakes: this.mistakes };
  }

  private readLine(): void {
    const { line } = this;
    const blank = this.take(/[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y);
    if (blank !== undefined) return;
    this.take(/[^\S\n]*(?:export[^\S\n]+)?/y);
    const name = this.take(/[^\s=#"'`]+/y) ?? '';
    this.take(/[^\S\n]*/y);
    if (this.take(/=/y) === undefined) return this.refuse(line, 'there is no NAME= at its beginning');
    // A name may be a value that has lost its name, as the last line of a private key: it is not shown.
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      return this.refuse(line, 'what stands before = is no name: letters, digits and _, no digit first');
    }
    const quote = this.take(/[^\S\n]*["'`]/y)?.at(-1);
    const value = quote === undefined ? this.plainValue() : this.quotedValue(quote);
    if (value === undefined) return this.refuse(line, `the value of ${name} has no closing ${quote}`);
    if (quote !== undefined && this.take(/[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y) === undefined) {
      return this.refuse(line, `after the closing ${quote} of ${name} there is more`);
    }
    this.keep(name, value, line);
  }

  private keep(name: string, value: string, line: number): void {
    const earlier = this.lineOf.get(name);
    if (earlier !== undefined) this.mistakes.push({ line, why: `${name} is there already, in line ${earlier}` });
    if (value.includes('\0')) this.mistakes.push({ line, why: `the value of ${name} has a NUL character` });
    this.lineOf.set(name, line);
    this.variables.set(name, value);
  }

  /** To the end of the line, or to a `#` after a blank: `pa#ss` and `#pass` are values, `pass #1` is `pass` with a comment. */
  private plainValue(): string {
    const rest = this.take(/[^\n]*(?:\n|$)/y) ?? '';
    return rest.replace(/\s#.*/s, '').trim();
  }

  /** Undefined, with nothing taken, when the quote is never closed. */
  private quotedValue(quote: string): string | undefined {
    if (quote !== '"') return this.take(new RegExp(`[^${quote}]*${quote}`, 'y'))?.slice(0, -1);
    const escaped = this.take(/(?:[^"\\]|\\[^])*"/y)?.slice(0, -1);
    return escaped?.replaceAll(/\\([^])/g, (both, one: string) => ESCAPES[one] ?? both);
  }

  private refuse(line: number, why: string): void {
    this.mistakes.push({ line, why });
    this.take(/[^\n]*(?:\n|$)/y);
  }

  /** What a sticky pattern matches here; undefined, with nothing taken, when it doesn't. */
  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [taken] = pattern.exec(this.text) ?? [];
    if (taken === undefined) return undefined;
    this.at += taken.length;
    for (const character of taken) if (character === '\n') this.line += 1;
    return taken;
  }
}
