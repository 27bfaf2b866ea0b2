/** A variable that a text reads. */
export interface VariableUse {
  readonly name: string;
  /** Says what to do without it: `${NAME:-default}`, `${NAME+x}`. */
  readonly hasDefault: boolean;
}

/**
 * The variables that shell text reads: `$NAME` and `${NAME…}`, not in single quotes, comments or here-documents with a quoted
 * word. What programs read by themselves (`aws`, `sh -c '…'`, scripts that are called) is not seen: a help, no proof.
 */
export function variablesRead(script: string): VariableUse[] {
  const scanner = new ShellScanner(script);
  scanner.scan('shell');
  return scanner.uses;
}

/** The variables in a text that somebody else expands, as `circleci env subst` does: quotes mean nothing there. */
export function variablesExpanded(text: string): VariableUse[] {
  const scanner = new ShellScanner(text);
  scanner.scan('text');
  return scanner.uses;
}

/**
 * The names that a script gives values: assignments, also in texts for `$BASH_ENV`, loops, and `read`. What an assignment takes
 * from the variable itself (`NAME=${NAME:-x}`, `--env NAME=$NAME`) gives it nothing.
 */
export function variablesAssigned(script: string): Set<string> {
  return new Set(
    [ASSIGNED, LOOPED, PRINTED]
      .flatMap((form) => [...script.matchAll(form)].map(([, name]) => name ?? ''))
      .concat(namesFilled(script)),
  );
}

const IN_EVERY_JOB =
  /^(?:CIRCLE.*|CI|BASH.*|_|HOME|PATH|PWD|OLDPWD|USER|LOGNAME|SHELL|SHLVL|HOSTNAME|IFS|UID|EUID|PPID|GROUPS|RANDOM|SRANDOM|SECONDS|EPOCHSECONDS|EPOCHREALTIME|LINENO|TMPDIR|LANG|LC_.*|TERM|TZ|MACHTYPE|OSTYPE|HOSTTYPE|FUNCNAME|PIPESTATUS|DIRSTACK|COMP_.*|COPROC|MAPFILE|REPLY|OPTARG|OPTIND|OPTERR|PS[0-4]|COLUMNS|LINES|EDITOR|PAGER)$/;

/** Says of a variable that every job has it (CircleCI docs: Project values and variables), or every shell or machine. */
export function isInEveryJob(name: string): boolean {
  return IN_EVERY_JOB.test(name);
}

const ASSIGNED = /(?<![\w$-]|\$\{)([A-Za-z_]\w*)(?:\[[^\]\n]*\])?\+?=(?!["']?\$(?:\{[!#]?)?\1\b)/g;
const LOOPED = /\b(?:for|select)[ \t]+([A-Za-z_]\w*)/g;
const PRINTED = /\bprintf[ \t]+-v[ \t]+([A-Za-z_]\w*)/g;
const FILLED = /\b(?:read|mapfile|readarray|getopts[ \t]+\S+)((?:[ \t]+[-\w]+)+)/g;

function namesFilled(script: string): string[] {
  return [...script.matchAll(FILLED)].flatMap(([, words = '']) => words.match(/(?<![-\w])[A-Za-z_]\w*/g) ?? []);
}

type Mode =
  /** Commands, to the end or to the closing sign of what they are in. */
  | 'shell'
  /** Text in which only `$` and `\` mean something. */
  | 'text';

interface HereDocument {
  readonly word: string;
  readonly quoted: boolean;
  readonly indented: boolean;
}

/** Who writes substitutions in each other deeper than this wants no help. */
const DEEPEST = 100;

class ShellScanner {
  readonly uses: VariableUse[] = [];
  private readonly text: string;
  private at = 0;
  private documents: HereDocument[] = [];
  private level = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Up to `end`, which is taken, or to the end of the text. */
  scan(mode: Mode, end = ''): void {
    if (this.level === DEEPEST) this.at = this.text.length;
    this.level += 1;
    this.scanLevel(mode, end);
    this.level -= 1;
  }

  private scanLevel(mode: Mode, end: string): void {
    let depth = 0;
    while (this.at < this.text.length) {
      const next = this.text[this.at] ?? '';
      if (next === end && depth === 0) {
        this.at += 1;
        return;
      }
      if (end === ')' && mode === 'shell' && next === '(') depth += 1;
      if (end === ')' && next === ')') depth -= 1;
      if (next === '\\') this.at += 2;
      else if (next === '$') this.expansion(mode);
      else if (mode === 'shell') this.sign(next, end);
      else if (next === '`' && end !== '') this.within(() => this.scan('shell', '`'));
      else this.at += 1;
    }
  }

  private sign(next: string, end: string): void {
    if (next === "'") this.skip(/'[^']*(?:'|$)/y);
    else if (next === '"') this.within(() => this.scan('text', '"'));
    else if (next === '`' && end !== '`') this.within(() => this.scan('shell', '`'));
    else if (next === '#' && /^$|[\s;&|()]/.test(this.text[this.at - 1] ?? '')) this.skip(/#[^\n]*/y);
    else if (next === '<') this.redirection();
    else if (next === '\n') {
      this.at += 1;
      this.readDocuments();
    } else this.at += 1;
  }

  private expansion(mode: Mode): void {
    if (mode === 'shell' && this.text[this.at + 1] === "'") return this.skip(/\$'(?:[^'\\]|\\[^])*(?:'|$)/y);
    if (this.take(/\$\(/y)) return this.scan('shell', ')');
    const braced = this.take(/\$\{[!#]?([A-Za-z_]\w*)((?:\[[^\]\n]*\])?:?[-+=]?)?/y);
    if (braced) {
      this.use(braced[1] ?? '', /[-+=]$/.test(braced[2] ?? ''));
      return this.scan('text', '}');
    }
    const plain = this.take(/\$([A-Za-z_]\w*)/y);
    if (plain) return this.use(plain[1] ?? '', false);
    // `$$` is one sign: the number of the process.
    this.skip(/\$\$|\$/y);
  }

  private use(name: string, hasDefault: boolean): void {
    this.uses.push({ name, hasDefault });
  }

  /** `<<WORD`, `<<-'WORD'`; `<<<` takes a word like any other. */
  private redirection(): void {
    if (this.take(/<<</y)) return;
    const document = this.take(/<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|(\\?)([\w.-]+))/y);
    if (!document) return this.skip(/</y);
    const [, dash, single, double, backslash, plain] = document;
    this.documents.push({
      word: single ?? double ?? plain ?? '',
      quoted: plain === undefined || backslash !== '',
      indented: dash === '-',
    });
  }

  private readDocuments(): void {
    const documents = this.documents;
    this.documents = [];
    for (const document of documents) {
      const body = this.documentBody(document);
      if (!document.quoted) this.uses.push(...variablesExpanded(body));
    }
  }

  /** The lines up to the one that is the word; all that follow where there is none. */
  private documentBody({ word, indented }: HereDocument): string {
    const from = this.at;
    while (this.at < this.text.length) {
      const start = this.at;
      const lineEnd = this.text.indexOf('\n', start);
      const end = lineEnd < 0 ? this.text.length : lineEnd;
      const line = this.text.slice(start, end);
      if ((indented ? line.replace(/^\t+/, '') : line) === word) {
        this.at = end;
        return this.text.slice(from, start);
      }
      this.at = Math.min(end + 1, this.text.length);
    }
    return this.text.slice(from);
  }

  private within(work: () => void): void {
    this.at += 1;
    work();
  }

  private skip(pattern: RegExp): void {
    if (!this.take(pattern)) this.at += 1;
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text) ?? undefined;
    if (match) this.at += match[0].length;
    return match;
  }
}
