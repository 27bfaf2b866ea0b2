/** What a command's script says between marks, apart from the output of the command. */
export type MarkedWord =
  | { readonly kind: 'started'; readonly processId: string }
  | { readonly kind: 'ended'; readonly exitCode: number }
  | { readonly kind: 'trouble'; readonly what: string };

const LONGEST_WORD = 32;

/** Takes the words of `commandScript` out of the stream that holds them and the command's output. */
export class MarkedOutput {
  private readonly mark: Buffer;
  private readonly output: (chunk: Buffer) => void;
  private readonly word: (word: MarkedWord) => void;
  private held: Buffer = Buffer.alloc(0);
  private over = false;

  constructor(mark: string, output: (chunk: Buffer) => void, word: (word: MarkedWord) => void) {
    this.mark = Buffer.from(mark);
    this.output = output;
    this.word = word;
  }

  push(chunk: Buffer): void {
    if (this.over) return;
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    for (let at = this.held.indexOf(this.mark); at !== -1 && !this.over; at = this.held.indexOf(this.mark)) {
      this.release(at);
      if (!this.takeWord()) return;
    }
    if (!this.over) this.release(this.held.length - this.startOfMark());
  }

  /** Brings what was held back because a mark could have begun there. Nothing comes after it. */
  end(): void {
    if (!this.over) this.release(this.held.length);
    this.over = true;
  }

  /** What is held begins with a mark. Gives false when the rest of its line is not there yet. */
  private takeWord(): boolean {
    const from = this.mark.length;
    const line = this.held.toString('latin1', from, from + LONGEST_WORD);
    const [whole, sign, value = ''] = /^([+=!])(.*)\n/.exec(line) ?? [];
    if (whole === undefined) {
      if (line.length < LONGEST_WORD && !line.includes('\n')) return false;
      this.release(from);
      return true;
    }
    this.held = this.held.subarray(from + whole.length);
    // What daemons write after the end of their step is nobody's.
    if (sign !== '+') this.over = true;
    this.word(readWord(sign, value));
    return true;
  }

  /** How many of the last bytes are the beginning of a mark. */
  private startOfMark(): number {
    for (let length = Math.min(this.mark.length - 1, this.held.length); length > 0; length--) {
      if (this.held.subarray(-length).equals(this.mark.subarray(0, length))) return length;
    }
    return 0;
  }

  private release(length: number): void {
    if (length > 0) this.output(this.held.subarray(0, length));
    this.held = this.held.subarray(length);
  }
}

function readWord(sign: string | undefined, value: string): MarkedWord {
  if (sign === '+') return { kind: 'started', processId: value };
  if (sign === '=') return { kind: 'ended', exitCode: Number(value) };
  return { kind: 'trouble', what: value };
}
