import { BYTE_ORDER_MARK, CARRIAGE_RETURN, END, LINE_FEED, isBlank, endsLine } from './characters.ts';

// Looking for one character takes far less time than looking at all.
const OTHER_LINE_BREAK = /[\r\u0085\u2028\u2029]/;

/** A place in a text that only moves forward, and knows its line. */
export class Cursor {
  /** The text, with a NUL character at its end that says so. */
  readonly text: string;
  index = 0;
  line = 1;
  private lineStart = 0;
  private readonly hasLineFeedsOnly: boolean;

  constructor(text: string) {
    this.text = `${text}\0`;
    this.hasLineFeedsOnly = !OTHER_LINE_BREAK.test(text);
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.index = this.lineStart = 1;
  }

  /** Counted from 0. */
  get column(): number {
    return this.index - this.lineStart;
  }

  /** The character at some distance; NUL behind the end. */
  peek(distance = 0): number {
    return this.text.charCodeAt(this.index + distance) || END;
  }

  /** Takes all up to an index, which must be on the same line. */
  takeUntil(end: number): string {
    const taken = this.text.slice(this.index, end);
    this.index = end;
    return taken;
  }

  skip(code: number): void {
    while (this.text.charCodeAt(this.index) === code) this.index++;
  }

  /** Goes to the end of the line, not over it. */
  skipLine(): void {
    this.index = this.lineEnd();
  }

  /** Where the line ends, or the text. */
  lineEnd(): number {
    if (this.hasLineFeedsOnly) {
      const end = this.text.indexOf('\n', this.index);
      return end < 0 ? this.text.length - 1 : end;
    }
    let end = this.index;
    while (!endsLine(this.text.charCodeAt(end))) end++;
    return end;
  }

  /** Takes a line break, if there is one: a line feed, whatever it is written as, or U+2028 or U+2029. */
  takeLineBreak(): string {
    const code = this.text.charCodeAt(this.index);
    if (code > CARRIAGE_RETURN && code < 0x85) return '';
    if (code === 0 || !endsLine(code)) return '';
    this.index += code === CARRIAGE_RETURN && this.text.charCodeAt(this.index + 1) === LINE_FEED ? 2 : 1;
    this.line++;
    this.lineStart = this.index;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** `---` or `...` and a blank; columns are the caller's affair. */
  atDocumentMarker(): boolean {
    const { text, index } = this;
    const code = text.charCodeAt(index);
    if (code !== 0x2d && code !== 0x2e) return false;
    return text.charCodeAt(index + 1) === code && text.charCodeAt(index + 2) === code && isBlank(this.peek(3));
  }
}
