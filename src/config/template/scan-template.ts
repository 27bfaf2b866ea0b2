import type { Fact } from '../problem.ts';
import { blankLineEnd, blankLineStart } from './blank-lines.ts';
import {
  emptyTag,
  expressionTooLong,
  invalidIdentifier,
  missingIdentifier,
  unclosedSection,
  unclosedSectionTag,
  unclosedTag,
  unexpectedSectionEnd,
} from './template-texts.ts';
import { unclosedHints } from './heredocs.ts';

/** A text taken apart. Sections are not nested lists but jumps, so that no depth of them can hurt. */
export interface Template {
  readonly parts: readonly Part[];
  readonly problems: readonly TemplateProblem[];
}

export type Part = TextPart | TagPart | SectionPart;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}

/** `<< body >>` */
export interface TagPart {
  readonly kind: 'tag';
  /** What is between `<<` and `>>`, as it stands there. */
  readonly body: string;
  /** Of the `<<`, counted from 0 in UTF-16 units. */
  readonly offset: number;
}

/** `<<# name >>…<</ name >>`: what is between counts only if the value of the name is truthy. */
export interface SectionPart {
  readonly kind: 'section';
  readonly name: string;
  /** Says that it is `<<^ name >>`: what is between counts only if the value is falsy. */
  readonly inverted: boolean;
  readonly offset: number;
  /** Index of the part after the section. */
  readonly end: number;
}

export interface TemplateProblem {
  readonly fact: Fact;
  /** Of the `<<` of the tag that is wrong. */
  readonly offset: number;
}

/** In code points, as CircleCI counts them. */
const LONGEST_EXPRESSION = 2048;

/** A text that is full of mistakes is given up after this many. */
const MOST_PROBLEMS = 20;

/** How lax CircleCI is about the name of a section, and about a tag that is no expression. Matches in linear time. */
const NAME = /^[\w-]+(?:\.[^\t\n\v\f\r ]+)?$/;

const NAME_HINT = 'Put a name between `<<` and `>>`, or write `\\<<` for a `<<` that CircleCI leaves alone.';
const SPLIT_HINT = 'Make it shorter, or write `\\<<` if this `<<` begins no tag.';

export function isTemplateName(text: string): boolean {
  return NAME.test(text);
}

/** Whether a text has anything that a scan would find: a tag, or an escaped `\<<`. */
export function mayHaveTags(text: string): boolean {
  return text.includes('<<');
}

/**
 * Finds the tags of a text. The rules are those of the replacer that CircleCI runs, as its language server repeats them:
 * `\<<` stands for `<<`, `\\<<` is a backslash before a tag, a lone `>>` is text. The tags of a section that stand alone on
 * their lines take the lines with them, as in Mustache.
 */
export function scanTemplate(text: string): Template {
  return new Scanner(text).scan();
}

interface OpenSection {
  readonly name: string;
  readonly inverted: boolean;
  readonly offset: number;
  readonly index: number;
}

class Scanner {
  private readonly text: string;
  private readonly parts: Part[] = [];
  private readonly problems: TemplateProblem[] = [];
  private readonly open: OpenSection[] = [];
  private position = 0;
  /** Text that has been read but is no part yet. */
  private pending = '';
  /** Where the next `<<` and `>>` are. Both only move forward, which keeps the whole scan linear. */
  private nextOpening = -1;
  private nextClosing = -1;
  private stopped = false;

  constructor(text: string) {
    this.text = text;
  }

  scan(): Template {
    while (!this.stopped) {
      const opening = this.findOpening(this.position);
      if (opening === this.text.length) break;
      this.readOpening(opening);
      if (this.problems.length >= MOST_PROBLEMS) this.stopped = true;
    }
    this.takeText(this.text.length);
    this.flush();
    const unclosed = this.stopped ? undefined : this.open.at(-1);
    if (unclosed) this.problems.push({ fact: unclosedSection(unclosed.name), offset: unclosed.offset });
    return { parts: this.parts, problems: this.problems };
  }

  private readOpening(opening: number): void {
    const backslashes = this.backslashesBefore(opening, this.position);
    if (backslashes === 1) {
      this.takeText(opening - 1);
      this.pending += '<<';
      this.position = opening + 2;
      return;
    }
    switch (this.text[opening + 2]) {
      case '#':
        return this.readSectionStart(opening, false);
      case '^':
        return this.readSectionStart(opening, true);
      case '/':
        return this.readSectionEnd(opening);
      default:
        this.takeText(opening - (backslashes === 2 ? 1 : 0));
        return this.readTag(opening);
    }
  }

  private readTag(offset: number): void {
    const end = this.endOfBody(offset + 2);
    const body = this.text.slice(offset + 2, end);
    this.position = end;
    const fact = this.problemOfTag(body, end, offset);
    if (fact) {
      this.problems.push({ fact, offset });
      return;
    }
    this.position = end + 2;
    this.flush();
    this.parts.push({ kind: 'tag', body, offset });
  }

  private problemOfTag(body: string, end: number, offset: number): Fact | undefined {
    const hints = () => unclosedHints(this.text, offset);
    if (body.trim() === '' && this.closesAt(end)) return emptyTag([NAME_HINT]);
    if (body === '') return emptyTag(hints());
    if (body.length > LONGEST_EXPRESSION) {
      const length = codePoints(body);
      if (length > LONGEST_EXPRESSION)
        return expressionTooLong(LONGEST_EXPRESSION, length, this.closesAt(end) ? [SPLIT_HINT] : hints());
    }
    return this.closesAt(end) ? undefined : unclosedTag(hints());
  }

  private readSectionStart(offset: number, inverted: boolean): void {
    const name = this.readSectionTag(offset);
    if (name === undefined) return;
    this.open.push({ name, inverted, offset, index: this.parts.length });
    // Takes the place of the part until its end is known.
    this.parts.push({ kind: 'text', text: '' });
  }

  private readSectionEnd(offset: number): void {
    const section = this.open.at(-1);
    const end = this.endOfBody(offset + 3);
    if (section === undefined || this.text.slice(offset + 3, end).trim() !== section.name) {
      return this.stop(unexpectedSectionEnd(section?.name), offset);
    }
    if (this.readSectionTag(offset) === undefined) return;
    this.open.pop();
    const { name, inverted } = section;
    this.parts[section.index] = { kind: 'section', name, inverted, offset: section.offset, end: this.parts.length };
  }

  /** Reads one tag of a section, up to its `>>` or, when it stands alone, to the end of its line. */
  private readSectionTag(offset: number): string | undefined {
    const start = offset + 3;
    const end = this.endOfBody(start);
    const name = this.text.slice(start, end).trim();
    if (end === start) return this.stop(missingIdentifier(), offset);
    if (!isTemplateName(name)) return this.stop(invalidIdentifier(), offset);
    if (!this.closesAt(end)) return this.stop(unclosedSectionTag(), offset);
    const lineStart = blankLineStart(this.text, offset);
    const lineEnd = blankLineEnd(this.text, end + 2);
    const alone = lineStart !== undefined && lineEnd !== undefined;
    const escaped = this.backslashesBefore(offset, this.position) === 2 ? 1 : 0;
    this.takeText(alone ? lineStart : offset - escaped);
    this.flush();
    this.position = alone ? lineEnd : end + 2;
    return name;
  }

  private stop(fact: Fact, offset: number): undefined {
    this.problems.push({ fact, offset });
    this.stopped = true;
  }

  /** Adds the text from the position to an offset, and goes there. */
  private takeText(end: number): void {
    this.pending += this.text.slice(this.position, end);
    this.position = end;
  }

  private flush(): void {
    if (this.pending !== '') this.parts.push({ kind: 'text', text: this.pending });
    this.pending = '';
  }

  /** Where the text after a `<<` ends: before the next `<<`, its backslashes, or `>>`. */
  private endOfBody(start: number): number {
    const opening = this.findOpening(start);
    return Math.min(opening - this.backslashesBefore(opening, start), this.findClosing(start));
  }

  /** How many of the backslashes before a `<<` belong to it: at most two, and none before `from`. */
  private backslashesBefore(opening: number, from: number): 0 | 1 | 2 {
    if (opening === this.text.length || opening <= from || this.text[opening - 1] !== '\\') return 0;
    return opening - 1 > from && this.text[opening - 2] === '\\' ? 2 : 1;
  }

  private closesAt(offset: number): boolean {
    return this.text.startsWith('>>', offset);
  }

  private findOpening(from: number): number {
    if (this.nextOpening < from) this.nextOpening = indexOrEnd(this.text, '<<', from);
    return this.nextOpening;
  }

  private findClosing(from: number): number {
    if (this.nextClosing < from) this.nextClosing = indexOrEnd(this.text, '>>', from);
    return this.nextClosing;
  }
}

function indexOrEnd(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from);
  return index < 0 ? text.length : index;
}

function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}
