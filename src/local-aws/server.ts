import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DeployError } from '../core/errors.ts';
import { CREDENTIALS_PATH } from './container-credentials.ts';
import { type Control, CONTROL_PATH, controlResponse } from './control.ts';
import { dispatch } from './dispatch.ts';
import { BodyCutOff, BodyTooLarge, readRequest, writeResponse } from './http-messages.ts';
import { jsonError } from './json-protocol.ts';
import type { LoggedRequest } from './request-log.ts';
import { readScenario, type Scenario } from './scenario.ts';
import type { ServiceRequest } from './service.ts';
import { scenarioRegion } from './setup/setup-calls.ts';
import { createStack, type Stack, type StackOptions } from './stack.ts';

const HOST = '127.0.0.1';
const GIB = 1024 ** 3;

export interface LocalAwsOptions extends Omit<StackOptions, 'scenario'> {
  /** A scenario, or the path of a JSON or YAML file that holds one. */
  scenario?: Scenario | string;
  /** 0, the default, takes any free port. */
  port?: number;
  /** 2 GiB by default. A larger body is answered with 413. */
  maxBodyBytes?: number;
}

export interface LocalAws {
  /** `http://127.0.0.1:4566` */
  endpoint: string;
  port: number;
  /** The region that the scenario is about, if it says one. */
  region: string | undefined;
  control: Control;
  /** Ends the work of jobs, cuts what is open and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a local AWS on 127.0.0.1, with what its scenario says is there. Throws a DeployError for a port in use, a scenario
 * that says what no service knows or whose setup is refused, or a state folder that can't be read.
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  let endpoint = '';
  const scenario = await readScenario(options.scenario ?? {});
  const stack = createStack({ ...options, scenario }, () => endpoint);
  const maxBodyBytes = options.maxBodyBytes ?? 2 * GIB;
  // Who asks early waits until all is there that the scenario names.
  let letIn = (): void => {};
  const started = new Promise<void>((resolve) => (letIn = resolve));
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, { stack, maxBodyBytes, started }).catch((error: unknown) => {
      stack.bug(error);
      // Nobody is to wait for an answer that does not come.
      outgoing.destroy();
    });
  });
  // A big layer may take its time, and a client that keeps a connection must not find it closed when it calls again.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 5 * 60_000;
  const port = await listen(server, options.port ?? 0);
  endpoint = `http://${HOST}:${port}`;
  const close = async (): Promise<void> => {
    await stack.stop();
    await closeServer(server);
  };
  try {
    await stack.start();
    letIn();
  } catch (error) {
    await close();
    throw error;
  }
  return { endpoint, port, region: scenarioRegion(scenario.scenario), control: stack.control, close };
}

interface Answering {
  stack: Stack;
  maxBodyBytes: number;
  started: Promise<void>;
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { stack, maxBodyBytes, started }: Answering,
): Promise<void> {
  const requestId = randomUUID();
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  let request: ServiceRequest;
  try {
    request = await readRequest(incoming, requestId, maxBodyBytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      outgoing.setHeader('connection', 'close');
      const message = `The local AWS takes bodies up to ${maxBodyBytes} bytes.`;
      writeResponse(outgoing, jsonError({ status: 413, name: 'RequestEntityTooLargeException', message }), requestId);
    }
    if (error instanceof BodyCutOff) {
      for (const service of stack.services) service.cutOff?.(error.request);
    }
    return;
  }
  await started;
  if (request.path.startsWith(CREDENTIALS_PATH)) {
    return writeResponse(outgoing, stack.world.containerCredentials.answer(request), requestId);
  }
  if (request.path.startsWith(CONTROL_PATH)) {
    return writeResponse(outgoing, await controlResponse(request, stack), requestId);
  }
  const { outcome, entry } = await dispatch(request, stack, gone.signal);
  const finish = (change: Partial<LoggedRequest>): void => stack.log.change(entry, change);
  if (outcome === 'reset') {
    incoming.socket.resetAndDestroy();
    return finish({ state: 'reset' });
  }
  if (outcome === 'hang') {
    finish({ state: 'hanging' });
    if (!gone.signal.aborted) await once(gone.signal, 'abort');
  }
  if (typeof outcome === 'string' || gone.signal.aborted) return finish({ state: 'disconnected' });
  finish({ state: 'answered', status: outcome.status });
  writeResponse(outgoing, outcome, requestId);
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new DeployError({
      code: 'local_aws.port',
      title: code === 'EACCES' ? `Port ${port} may not be used` : `Port ${port} is in use`,
      message: `${HOST}:${port}: ${message}`,
      hints: ['Name another port with --port, or --port 0 for any that is free.'],
      cause: error,
    });
  }
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
