import { textWidth } from '../../../../src/report/local-run/terminal-text.ts';
import type { Terminal } from '../../../../src/report/local-run/progress/terminal.ts';

/** A terminal that knows what stands on it: lines, moves up, and erasing; colours are kept out. */
export class Screen implements Terminal {
  columns: number;
  rows: number;
  readonly colors = false;
  cursorIsVisible = true;
  private lines: string[] = [''];
  private row = 0;
  private wraps = true;
  private readonly resizes = new Set<() => void>();
  private readonly exits = new Set<() => void>();

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** All lines from the first one on, those that have scrolled away included. */
  get text(): string {
    return this.lines.join('\n').trimEnd();
  }

  get listeners(): number {
    return this.resizes.size + this.exits.size;
  }

  write(text: string): void {
    for (const part of text.match(/\u001B\[[?\d;]*[A-Za-z]|\r|\n|[^\u001B\r\n]+/g) ?? []) this.take(part);
  }

  /** As terminals do it that wrap lines anew. */
  resize(columns: number, rows: number): void {
    const wrapped = this.lines.flatMap((line) => inRows(line, columns));
    this.row = wrapped.length - 1;
    this.lines = wrapped;
    this.columns = columns;
    this.rows = rows;
    for (const listener of this.resizes) listener();
  }

  exit(): void {
    for (const listener of this.exits) listener();
  }

  onResize(listener: () => void): () => void {
    this.resizes.add(listener);
    return () => this.resizes.delete(listener);
  }

  onExit(listener: () => void): () => void {
    this.exits.add(listener);
    return () => this.exits.delete(listener);
  }

  private take(part: string): void {
    const [, up] = /^\u001B\[(\d+)A$/.exec(part) ?? [];
    if (up !== undefined) this.row = Math.max(0, this.lines.length - this.rows, this.row - Number(up));
    else if (part === '\n') this.newLine();
    else if (part === '\u001B[J') this.lines = [...this.lines.slice(0, this.row), ''];
    else if (part === '\u001B[?25l' || part === '\u001B[?25h') this.cursorIsVisible = part.endsWith('h');
    else if (part === '\u001B[?7l' || part === '\u001B[?7h') this.wraps = part.endsWith('h');
    else if (part === '\r') return;
    else if (part.startsWith('\u001B')) throw new Error(`the screen does not know ${JSON.stringify(part)}`);
    else this.put(part);
  }

  private put(text: string): void {
    const rows = this.wraps ? inRows(text, this.columns) : [text];
    for (const [index, row] of rows.entries()) {
      if (index > 0) this.newLine();
      this.lines[this.row] = row;
    }
  }

  private newLine(): void {
    this.row += 1;
    this.lines[this.row] ??= '';
  }
}

function inRows(text: string, columns: number): string[] {
  const rows = [''];
  for (const character of text) {
    const row = rows.at(-1) ?? '';
    if (textWidth(row + character) > columns) rows.push(character);
    else rows[rows.length - 1] = row + character;
  }
  return rows;
}
