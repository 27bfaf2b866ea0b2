import { once } from 'node:events';

import { type LocalAwsOptions, startLocalAws } from './server.ts';

export interface LocalAwsCommand {
  /** 0 takes any free port. */
  port: number;
  /** Path of a scenario file. */
  scenario?: string | undefined;
  /** Path of the folder that keeps the state. */
  state?: string | undefined;
  stdout: NodeJS.WritableStream;
  /** Ends the server. */
  signal: AbortSignal;
}

/**
 * Serves the local AWS until the signal aborts. Once it listens, it prints one JSON line with `endpoint`, `pid` and `port`.
 * Throws a DeployError for a port in use and for a scenario or state that can't be read.
 */
export async function runLocalAws({ port, scenario, state, stdout, signal }: LocalAwsCommand): Promise<void> {
  const options: LocalAwsOptions = { port };
  if (scenario !== undefined) options.scenario = scenario;
  if (state !== undefined) options.stateDir = state;
  const localAws = await startLocalAws(options);
  try {
    stdout.write(`${JSON.stringify({ endpoint: localAws.endpoint, pid: process.pid, port: localAws.port })}\n`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await localAws.close();
  }
}
