import { LivePrinter, type LiveSettings } from '../../report/local-run/progress/live-printer.ts';
import { PlainPrinter } from '../../report/local-run/progress/plain-printer.ts';
import { everyInterval as every } from '../../report/local-run/progress/terminal.ts';
import type { Pipeline } from '../../runner/pipeline/pipeline.ts';
import type { RunListener } from '../../runner/run-event.ts';
import type { Screen, World } from '../world.ts';
import type { Questioner } from './approver.ts';

export interface Printer {
  readonly listen: RunListener;
  readonly note: (text: string) => void;
  /** Where people can be asked; undefined where nobody is. */
  readonly questioner: Questioner | undefined;
  close(): void;
}

export interface PrinterOptions {
  readonly pipeline: Pipeline;
  readonly atOnce: number;
  /** Where the log of a step is, as users can type it. */
  readonly logOf: LiveSettings['logOf'];
  readonly screen: Screen | undefined;
  readonly world: World;
}

export type OpenPrinter = (options: PrinterOptions) => Printer;

/** Shows a run: live on a terminal, in plain lines elsewhere. */
export function openPrinter({ pipeline, atOnce, logOf, screen, world }: PrinterOptions): Printer {
  const now = (): number => world.clock.now().getTime();
  const { stdout } = world;
  const live = screen && new LivePrinter(screen.terminal, { pipeline, logOf, now, every });
  const printer = live ?? new PlainPrinter(stdout, { pipeline, prefixed: atOnce > 1, now, every });
  const input = screen?.input;
  return {
    listen: printer.listen,
    note: (text) => printer.listen({ kind: 'note', text, at: now() }),
    questioner: live && input ? { input, write: (text) => stdout(text), pause: () => live.pause() } : undefined,
    close: () => printer.close(),
  };
}
