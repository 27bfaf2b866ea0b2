import { runTool } from './run-tool.ts';

/** Runs this very process as a tool of a job: `argv` is the tool's name and its arguments. */
export async function runToolProcess(argv: readonly string[]): Promise<void> {
  // Who reads the output may go away (`| head`).
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.exitCode = await runTool(argv, {
    env: process.env,
    cwd: process.cwd(),
    stdin: process.stdin,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
}
