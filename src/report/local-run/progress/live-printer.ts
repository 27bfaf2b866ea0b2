import type { Pipeline } from '../../../runner/pipeline/pipeline.ts';
import type { RunEvent } from '../../../runner/run-event.ts';
import { endedJobLines, liveFrame, type EndedJobView } from './live-frame.ts';
import { RunProgress } from './run-progress.ts';
import { colorPaint, plainPaint, type Paint } from '../status-texts.ts';
import { printable, textWidth } from '../terminal-text.ts';
import type { Terminal } from './terminal.ts';

/** How often the view is drawn while something happens, and while only time goes by. */
const FRAME_MS = 100;
const CLOCK_MS = 1000;

const HIDE_CURSOR = '\u001B[?25l';
const SHOW_CURSOR = '\u001B[?25h';
/** A line that is wider than it was counted is cut off, where a wrapped one would take a row that nobody counted. */
const NO_WRAP = '\u001B[?7l';
const WRAP = '\u001B[?7h';
const ERASE_BELOW = '\u001B[J';

export interface LiveSettings {
  readonly pipeline: Pipeline;
  readonly logOf: EndedJobView['logOf'];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls again and again, until the function that it returns is called. */
  readonly every: (ms: number, work: () => void) => () => void;
}

/** Shows a run on a terminal: what goes on at the bottom, redrawn in place; jobs that have ended scroll up as plain lines. */
export class LivePrinter {
  private readonly terminal: Terminal;
  private readonly settings: LiveSettings;
  private readonly progress: RunProgress;
  private readonly paint: Paint;
  private readonly stops: readonly (() => void)[];
  /** Lines to print above the view. */
  private news: string[] = [];
  private drawn: readonly string[] = [];
  private drawnAt = 0;
  private isStale = true;
  private isPaused = false;
  private isClosed = false;

  constructor(terminal: Terminal, settings: LiveSettings) {
    this.terminal = terminal;
    this.settings = settings;
    this.progress = new RunProgress(settings.pipeline, settings.now());
    this.paint = terminal.colors ? colorPaint : plainPaint;
    terminal.write(HIDE_CURSOR);
    this.stops = [
      settings.every(FRAME_MS, () => this.tick()),
      terminal.onResize(() => this.draw()),
      terminal.onExit(() => this.close()),
    ];
  }

  /** A RunListener. */
  readonly listen = (event: RunEvent): void => {
    const ended = this.progress.apply(event);
    if (event.kind === 'note') this.news.push(...event.text.trimEnd().split('\n').map(printable));
    if (ended) {
      const { jobs } = this.progress;
      const { logOf } = this.settings;
      this.news.push(...endedJobLines(ended, { jobs, columns: this.terminal.columns, logOf, paint: this.paint }));
    }
    this.isStale = true;
  };

  /** Takes the view away, so that something can be asked; it is back when the function that this returns is called. */
  pause(): () => void {
    if (this.isClosed) return () => {};
    this.isPaused = true;
    this.terminal.write(`${this.erase()}${this.takeNews()}${SHOW_CURSOR}`);
    return () => {
      this.isPaused = false;
      if (this.isClosed) return;
      this.terminal.write(HIDE_CURSOR);
      this.draw();
    };
  }

  /** Prints what is left, and gives the terminal back as it was. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const stop of this.stops) stop();
    this.terminal.write(`${this.erase()}${this.takeNews()}${WRAP}${SHOW_CURSOR}`);
  }

  private tick(): void {
    if (this.isStale || this.settings.now() - this.drawnAt >= CLOCK_MS) this.draw();
  }

  private draw(): void {
    if (this.isPaused || this.isClosed) return;
    const now = this.settings.now();
    const frame = liveFrame(this.progress, this.terminal, now, this.paint);
    const text = `${this.erase()}${this.takeNews()}${NO_WRAP}${frame.map((line) => `${line}\r\n`).join('')}${WRAP}`;
    this.terminal.write(text);
    this.drawn = frame;
    this.drawnAt = now;
    this.isStale = false;
  }

  /** Back to where the view begins. A terminal that has become narrower has wrapped its lines meanwhile. */
  private erase(): string {
    const { columns } = this.terminal;
    const rows = this.drawn.map((line) => Math.max(1, Math.ceil(textWidth(printable(line)) / Math.max(1, columns))));
    const height = rows.reduce((sum, each) => sum + each, 0);
    this.drawn = [];
    return height === 0 ? '' : `\r\u001B[${height}A${ERASE_BELOW}`;
  }

  private takeNews(): string {
    const text = this.news.map((line) => `${line}\r\n`).join('');
    this.news = [];
    return text;
  }
}
