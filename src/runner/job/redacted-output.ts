import type { Redact } from '../../core/redact.ts';

/** No secret is longer: CircleCI takes values of up to 32 KB. */
const LONGEST_SECRET = 32 * 1024;
/** So much of a line without an end is kept before a part of it goes on. */
const LONGEST_LINE = 4 * LONGEST_SECRET;
/** How far a cut moves on when a secret lies across it. */
const CUT_STEP = LONGEST_SECRET / 8;

/**
 * A command's output on its way to the log: bytes become text (what is no UTF-8 becomes U+FFFD), and secrets are masked also
 * where they come in two chunks. For that it goes on in whole lines; `\r` ends a line too, as progress bars use it. Of a very
 * long line, what can hold no beginning of a secret goes on.
 */
export class RedactedOutput {
  private readonly decoder = new TextDecoder();
  private readonly redact: Redact;
  private readonly write: (text: string) => void;
  private held = '';

  constructor(redact: Redact, write: (text: string) => void) {
    this.redact = redact;
    this.write = write;
  }

  push(chunk: Uint8Array): void {
    this.add(this.decoder.decode(chunk, { stream: true }));
  }

  /** A line of the runner itself, on a line of its own. */
  say(text: string): void {
    this.end();
    this.write(this.redact(text.endsWith('\n') ? text : `${text}\n`));
  }

  /** Brings what is held; an open line is closed. */
  end(): void {
    this.add(this.decoder.decode());
    if (this.held !== '') this.write(`${this.redact(this.held)}\n`);
    this.held = '';
  }

  private add(text: string): void {
    const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1;
    if (end > 0) this.write(this.redact(this.held + text.slice(0, end)));
    this.held = end > 0 ? text.slice(end) : this.held + text;
    while (this.held.length > LONGEST_LINE) {
      const at = this.cut();
      this.write(this.redact(this.held.slice(0, at)));
      this.held = this.held.slice(at);
    }
  }

  /** Where a long line can be cut: not within a secret, and so far from its end that none begins in what goes on. */
  private cut(): number {
    const whole = this.redact(this.held);
    const last = this.held.length - LONGEST_SECRET;
    for (let at = last; at > 0; at -= CUT_STEP) {
      if (this.redact(this.held.slice(0, at)) + this.redact(this.held.slice(at)) === whole) return at;
    }
    return last;
  }
}
