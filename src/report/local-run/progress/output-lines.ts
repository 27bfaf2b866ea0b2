import { printable } from '../terminal-text.ts';

/** A line without an end is shown in parts of this length. */
const LONGEST = 4096;

/** Makes lines of the output of one step as it comes; of a progress bar, which writes over its line, its last state counts. */
export class OutputLines {
  private open = '';

  /** The lines that are complete now. */
  push(text: string): string[] {
    const parts = (this.open + text).split('\n');
    this.open = visiblePart(parts.pop() ?? '');
    const lines = parts.map((line) => printable(visiblePart(line)));
    while (this.open.length > LONGEST) {
      lines.push(printable(this.open.slice(0, LONGEST)));
      this.open = this.open.slice(LONGEST);
    }
    return lines;
  }

  /** What stands in the line that is not complete, as a prompt or a progress bar. */
  get current(): string {
    return printable(this.open);
  }

  /** What is left, when nothing more comes. */
  end(): string[] {
    const rest = printable(this.open);
    this.open = '';
    return rest === '' ? [] : [rest];
  }
}

/**
 * What can still be seen of a line: what stands after its last carriage return that something follows. One at the end stays:
 * only what comes next says whether it ends the line, as on Windows, or goes back to its beginning.
 */
function visiblePart(line: string): string {
  const end = line.replace(/\r+$/, '').lastIndexOf('\r');
  return line.slice(end + 1);
}
