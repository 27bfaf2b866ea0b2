import type { ExitCode } from '../core/exit-codes.ts';
import type { Params } from '../params/declaration.ts';
import type { World } from './world.ts';

/** A command that is no deploy action: it works on this machine and is not part of the CLI archive. */
export interface LocalCommand {
  name: string;
  summary: string;
  details?: readonly string[];
  params: Params;
  run(flags: Readonly<Record<string, readonly string[]>>, world: World): Promise<ExitCode>;
}
