import type { WriteStream } from 'node:tty';

/** A terminal, as a live view needs it. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  /** Whether colours are wanted. */
  readonly colors: boolean;
  write(text: string): void;
  /** Both return a function that ends it. */
  onResize(listener: () => void): () => void;
  onExit(listener: () => void): () => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A live view needs a terminal that can move its cursor; CI systems record what is written, also where they offer a terminal. */
export function canShowLive(stream: { readonly isTTY?: boolean }, env: Environment): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb' && (env['CI'] ?? '') === '';
}

/** NO_COLOR counts when it is set to anything (no-color.org). */
export function wantsColors(stream: { readonly isTTY?: boolean }, env: Environment): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb' && (env['NO_COLOR'] ?? '') === '';
}

/** The terminal of this process, on standard output or standard error. */
export function processTerminal(stream: WriteStream, env: Environment): Terminal {
  return {
    // Some pseudo terminals say that they have no size.
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    colors: wantsColors(stream, env),
    write: (text) => stream.write(text),
    onResize: (listener) => {
      stream.on('resize', listener);
      return () => stream.off('resize', listener);
    },
    onExit: (listener) => {
      process.on('exit', listener);
      return () => process.off('exit', listener);
    },
  };
}

/** Calls again and again, until the function that it returns is called; it keeps no process alive. */
export function everyInterval(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}
