import type { Action } from '../actions/define-action.ts';
import { systemClock } from '../core/clock.ts';
import type { LocalCommand } from './local-command.ts';
import { runProgram } from './program.ts';
import type { World } from './world.ts';

/** Runs the command line of this very process and ends it with the exit code. A second signal ends it at once. */
export async function runProcess(
  actions: readonly Action[],
  local: readonly LocalCommand[],
  own: Partial<World> = {},
): Promise<void> {
  // Node 20 is still supported here; the SDK's advice to leave it is for us and not for every log of every user.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const canceling = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      canceling.abort();
      process.once(signal, () => process.exit(130));
    });
  }
  // Who reads the output may go away (`| head`), and a disk may be full: a deploy is finished all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const exitCode = await runProgram(
    process.argv.slice(2),
    {
      env: process.env,
      cwd: process.cwd(),
      ...own,
      clock: systemClock,
      stdout: (text) => process.stdout.write(text, tellLostOutput),
      stderr: (text) => process.stderr.write(text),
      signal: canceling.signal,
      async beforeWork() {
        const { keepCompiledCode } = await import('./compiled-code.ts');
        keepCompiledCode(process.env);
      },
    },
    actions,
    local,
  );
  process.exitCode = exitCode;
  // Kept-alive connections to AWS would hold the process for seconds; what is written is waited for.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

function tellLostOutput(error?: NodeJS.ErrnoException | null): void {
  if (!error || error.code === 'EPIPE') return;
  process.stderr.write(`warning: the output could not be written: ${error.message}\n`);
}
