import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';

/** The server of a sample, at a port of its own. */
export interface RunningServer {
  child: ChildProcessWithoutNullStreams;
  url: string;
  /** Asks it to end as ECS does; gives its exit code and all that it has written. */
  stop(): Promise<{ code: unknown; output: string }>;
}

/** Starts it, and resolves when it says where it listens. */
export async function startServer(script: string, env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const child = spawn(process.execPath, [script], { env: { PORT: '0', ...env } });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), closed]);
  const [, port] = /listening on port (\d+)/.exec(output) ?? [];
  if (port === undefined) throw new Error(`it does not listen: ${output}`);
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM');
      const [code] = (await closed) as [unknown];
      return { code, output };
    },
  };
}
