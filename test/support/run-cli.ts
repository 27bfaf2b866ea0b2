import { catalog } from '../../src/actions/catalog.ts';
import { localAwsCommand } from '../../src/cli/local-aws-command.ts';
import type { LocalCommand } from '../../src/cli/local-command.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { World } from '../../src/cli/world.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { ExitCode } from '../../src/core/exit-codes.ts';
import type { Result } from '../../src/core/result.ts';

export interface CliRun {
  exitCode: ExitCode;
  stdout: string;
  stderr: string;
}

export interface CliWorld extends Partial<Omit<World, 'env' | 'stdout' | 'stderr'>> {
  env?: Readonly<Record<string, string>>;
  /** The commands beside the deploy actions. */
  local?: readonly LocalCommand[];
}

/** Runs the command line in this process, with an environment of its own: without one, it is empty. */
export async function runCli(
  argv: readonly string[],
  { env = {}, local = [localAwsCommand], ...world }: CliWorld = {},
): Promise<CliRun> {
  const written = { stdout: '', stderr: '' };
  const exitCode = await runProgram(
    argv,
    {
      env,
      cwd: '/',
      clock: systemClock,
      signal: new AbortController().signal,
      ...world,
      stdout: (text) => (written.stdout += text),
      stderr: (text) => (written.stderr += text),
    },
    catalog,
    local,
  );
  return { exitCode, ...written };
}

/** What a run with `--output json` printed. */
export function resultOf({ stdout }: CliRun): Result {
  return JSON.parse(stdout) as Result;
}
