import type { OpenCloud } from './local-cloud.ts';
import { openPrinter, type OpenPrinter } from './open-printer.ts';

/** What may be another for a run than for those that users start: one local AWS for several runs, another way to show them. */
export interface RunParts {
  /** For `--local-aws`. */
  readonly openCloud: OpenCloud;
  readonly openPrinter: OpenPrinter;
}

export const RUN_PARTS: RunParts = {
  // The local AWS is much code that most runs don't need.
  openCloud: async (options) => (await import('./local-cloud.ts')).openLocalCloud(options),
  openPrinter,
};
