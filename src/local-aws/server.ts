import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DeployError } from '../core/errors.ts';
import { createServices } from './all-services.ts';
import { memoryBlobStore } from './blob-store.ts';
import { type Control, CONTROL_PATH, type ControlParts, controlResponse } from './control.ts';
import { dispatch, type DispatchParts } from './dispatch.ts';
import { Faults } from './faults.ts';
import { BodyTooLarge, readRequest, writeResponse } from './http-messages.ts';
import { jsonError } from './json-protocol.ts';
import { type LoggedRequest, RequestLog } from './request-log.ts';
import { invalidScenario, readScenarioFile, type Scenario, scenarioProblems } from './scenario.ts';
import type { World } from './service.ts';
import { openStateFolder, snapshotOf } from './state-folder.ts';
import { VirtualClock } from './virtual-clock.ts';

const HOST = '127.0.0.1';
const ACCOUNT_ID = '123456789012';
const GIB = 1024 ** 3;

export interface LocalAwsOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** A scenario, or the path of a file that holds one. */
  scenario?: Scenario | string;
  /** Keeps the state there over restarts; without it, it is lost on close. Created when it isn't there. */
  stateDir?: string;
  clock?: VirtualClock;
  /** Told what only a bug of the local AWS explains; standard error by default. */
  log?(line: string): void;
  /** 2 GiB by default. A larger body is answered with 413. */
  maxBodyBytes?: number;
}

export interface LocalAws {
  /** `http://127.0.0.1:4566` */
  endpoint: string;
  port: number;
  control: Control;
  /** Cuts what is open and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a local AWS on 127.0.0.1. Throws a DeployError for a port in use, a scenario that says
 * what no service knows, or a state folder that can't be read.
 */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  const clock = options.clock ?? new VirtualClock();
  const folder = options.stateDir === undefined ? undefined : openStateFolder(options.stateDir);
  const blobs = folder?.blobs ?? memoryBlobStore();
  const given = options.scenario ?? {};
  const firstScenario = typeof given === 'string' ? readScenarioFile(given) : given;
  let scenario = firstScenario;
  let endpoint = '';
  const world: World = {
    accountId: ACCOUNT_ID,
    clock,
    blobs,
    endpoint: () => endpoint,
    scenario: (service) => scenario[service],
  };
  const services = createServices(world);
  const problemsOf = (wanted: unknown): string[] => scenarioProblems(wanted, services);
  const setScenario = (wanted: Scenario, from = 'scenario'): void => {
    const problems = problemsOf(wanted);
    if (problems.length > 0) throw invalidScenario(from, problems.join(' '));
    scenario = wanted;
  };
  setScenario(firstScenario, typeof given === 'string' ? given : undefined);
  folder?.load(services, clock);

  const faults = new Faults();
  const log = new RequestLog();
  const save = (): void => folder?.save(services, clock);
  const control: Control = {
    reset() {
      for (const service of services) service.reset();
      blobs.clear();
      faults.clear();
      log.clear();
      clock.reset();
      scenario = firstScenario;
      save();
    },
    now: () => clock.now(),
    rate: () => clock.rate(),
    advance(ms) {
      clock.advance(ms);
      folder?.save(services, clock, true);
    },
    setRate(rate) {
      clock.setRate(rate);
      folder?.save(services, clock, true);
    },
    scenario: () => scenario,
    setScenario: (wanted) => setScenario(wanted),
    addFault: (fault) => faults.add({ nth: 1, times: 1, ...fault }),
    clearFaults: () => faults.clear(),
    requests: () => log.all(),
    clearRequests: () => log.clear(),
    waitForRequest: (fits, signal) => log.waitFor(fits, signal),
    state: () => snapshotOf(services),
  };
  const health = (): ReturnType<ControlParts['health']> => ({
    status: 'ok',
    account: ACCOUNT_ID,
    endpoint,
    services: services.map(({ name }) => name).toSorted(),
  });
  const writeLog = options.log ?? ((line: string): void => void process.stderr.write(`${line}\n`));
  const parts: DispatchParts & ControlParts = {
    world,
    services,
    faults,
    log,
    control,
    health,
    scenarioProblems: problemsOf,
    applied: save,
    bug: (error) => writeLog(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  };
  const maxBodyBytes = options.maxBodyBytes ?? 2 * GIB;
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, parts, maxBodyBytes).catch(parts.bug);
  });
  // A big layer may take its time, and a client that keeps a connection must not find it closed when it calls again.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 5 * 60_000;
  const port = await listen(server, options.port ?? 0);
  endpoint = `http://${HOST}:${port}`;
  return { endpoint, port, control, close: () => closeServer(server) };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: DispatchParts & ControlParts,
  maxBodyBytes: number,
): Promise<void> {
  const requestId = randomUUID();
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  let request;
  try {
    request = await readRequest(incoming, requestId, maxBodyBytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) {
      outgoing.setHeader('connection', 'close');
      const message = `The local AWS takes bodies up to ${maxBodyBytes} bytes.`;
      writeResponse(outgoing, jsonError({ status: 413, name: 'RequestEntityTooLargeException', message }), requestId);
    }
    return;
  }
  if (request.path.startsWith(CONTROL_PATH)) {
    return writeResponse(outgoing, controlResponse(request, parts), requestId);
  }
  const { outcome, entry } = await dispatch(request, parts, gone.signal);
  const finish = (change: Partial<LoggedRequest>): void => parts.log.change(entry, change);
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
