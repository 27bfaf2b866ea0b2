import { catalog } from '../actions/catalog.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import { runAction, type RunOptions } from './run-action.ts';
import type { World } from './world.ts';

/** Runs the action of that name, which the command line has found in the same catalog. */
export async function runNamedAction(name: string, options: RunOptions, world: World): Promise<ExitCode> {
  const action = catalog.find((candidate) => candidate.name === name);
  if (!action) throw new Error(`no action is called ${name}`);
  return runAction(action, options, world);
}
