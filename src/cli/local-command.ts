import type { ExitCode } from '../core/exit-codes.ts';
import type { Params } from '../params/declaration.ts';
import type { World } from './world.ts';

/** A command that is no deploy action: it works on this machine and is not part of the CLI archive. */
export interface LocalCommand {
  /** One word, or a group and a word: `config compile`. */
  name: string;
  summary: string;
  details?: readonly string[];
  /** What stands on the command line without a flag, in order. */
  operands?: readonly Operand[];
  params: Params;
  run(flags: Readonly<Record<string, readonly string[]>>, world: World, operands: readonly string[]): Promise<ExitCode>;
}

export interface Operand {
  /** As help shows it: `FILE`. */
  name: string;
  description: string;
  /** Says that it may be left out. */
  optional?: true;
}
