import { isJsonObject, type JsonObject, type JsonValue, stableStringify } from '../core/json.ts';
import { durationMs } from './duration.ts';
import { type Fault, type Faults, parseFault } from './faults.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import type { Scenario } from './scenario.ts';
import type { ServiceRequest, ServiceResponse } from './service.ts';
import { identitiesIn, identityProblems, type TrustedIdentities } from './sts/trusted-identities.ts';

export const CONTROL_PATH = '/_aws-deploy/';

/** What a test or a demo does to the local AWS beside calling it; the control API is the same over HTTP. */
export interface Control {
  /** As just started: what the scenario of the start sets up, no faults, no log, nobody told of, that scenario, real time. */
  reset(): void;
  now(): Date;
  rate(): number;
  /**
   * Moves the clock at once, and resolves when all that is due until then has happened. With `settle`, time waits for the
   * work of jobs: each process or container runs to its end at the moment of the clock that it was started at.
   */
  advance(ms: number, options?: { settle?: boolean }): Promise<void>;
  /** Resolves when no process or container of a job runs. */
  settled(): Promise<void>;
  setRate(rate: number): void;
  /** From now on nobody waits for AWS to get on with jobs: the clock leaps to where they go on, unless work is running. */
  skipWaits(skip: boolean): void;
  scenario(): Scenario;
  /** Throws an invalid-file error for a scenario that says what no service knows. */
  setScenario(scenario: Scenario): void;
  /** The identity providers and roles that STS checks tokens by. */
  identities: TrustedIdentities;
  addFault(fault: Pick<Fault, 'operation' | 'kind'> & Partial<Fault>): void;
  clearFaults(): void;
  requests(): LoggedRequest[];
  clearRequests(): void;
  /** Resolves with the first request of the log that fits, now or later. */
  waitForRequest(fits: (request: LoggedRequest) => boolean, signal?: AbortSignal): Promise<LoggedRequest>;
  /** Everything that a user of AWS could observe, by service. */
  state(): JsonObject;
}

export interface ControlParts {
  control: Control;
  faults: Faults;
  log: RequestLog;
  health(): JsonObject;
  scenarioProblems(scenario: unknown): string[];
}

/** The answer to a request under `/_aws-deploy/`. */
export async function controlResponse(request: ServiceRequest, parts: ControlParts): Promise<ServiceResponse> {
  // A page in a browser has no business here, and can't leave out this header.
  if (request.headers['origin'] !== undefined) return refused(403, 'The control API does not answer browsers.');
  const route = request.path.slice(CONTROL_PATH.length).replace(/\/$/, '');
  const methods = Object.hasOwn(ROUTES, route) ? ROUTES[route] : undefined;
  if (methods === undefined)
    return refused(404, `There is no ${request.path}, only ${Object.keys(ROUTES).join(', ')}.`);
  const answer = methods[request.method];
  if (answer === undefined) return refused(405, `${request.path} takes ${Object.keys(methods).join(', ')} only.`);
  let body: JsonValue = {};
  if (request.body.length > 0) {
    try {
      body = JSON.parse(request.body.toString('utf8')) as JsonValue;
    } catch (error) {
      return refused(400, `The body is not valid JSON: ${(error as Error).message}`);
    }
  }
  const result = await answer(body, parts);
  return Array.isArray(result) ? refused(400, result.join(' ')) : json(200, result);
}

/** An object is the answer; a list says what is wrong with the body. */
type Answer = (body: JsonValue, parts: ControlParts) => JsonObject | string[] | Promise<JsonObject | string[]>;

const ROUTES: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  health: { GET: (_body, { health }) => health() },
  reset: {
    POST(_body, { control }) {
      control.reset();
      return {};
    },
  },
  clock: { GET: (_body, { control }) => clockJson(control), POST: changeClock },
  scenarios: {
    GET: (_body, { control }) => control.scenario(),
    PUT: changeScenario,
    POST: changeScenario,
    DELETE: (_body, parts) => changeScenario({}, parts),
  },
  faults: {
    GET: (_body, { faults }) => ({ faults: faults.list() }),
    POST: addFaults,
    DELETE(_body, { faults }) {
      faults.clear();
      return {};
    },
  },
  identity: {
    GET: (_body, { control }) => identityJson(control),
    POST: tellIdentities,
    DELETE(_body, { control }) {
      control.identities.forget();
      return {};
    },
  },
  requests: {
    GET: (_body, { log }) => log.toJson(),
    DELETE(_body, { log }) {
      log.clear();
      return {};
    },
  },
  state: { GET: (_body, { control }) => control.state() },
};

async function changeClock(body: JsonValue, { control }: ControlParts): Promise<JsonObject | string[]> {
  const { advance, rate, settle, skipWaits, ...unknown } = isJsonObject(body) ? body : {};
  const problems = Object.keys(unknown).map(
    (member) => `The clock has no "${member}", only "advance", "rate", "settle" and "skipWaits".`,
  );
  if ([advance, rate, settle, skipWaits].every((member) => member === undefined)) {
    problems.push('The clock wants "advance", "rate" or "skipWaits", or "settle" to wait for the work of jobs.');
  }
  if (skipWaits !== undefined && typeof skipWaits !== 'boolean') problems.push('"skipWaits" must be true or false.');
  if (settle !== undefined && typeof settle !== 'boolean') problems.push('"settle" must be true or false.');
  const ms = advance === undefined ? 0 : durationMs(advance);
  if (ms === undefined) problems.push('"advance" must be milliseconds from 0, or like "90s", "15m", "24h".');
  if (rate !== undefined && !(typeof rate === 'number' && rate >= 0)) {
    problems.push('"rate" must be a number from 0: 1 is real time, 0 stands still.');
  }
  if (problems.length > 0 || ms === undefined) return problems;
  if (typeof rate === 'number') control.setRate(rate);
  if (typeof skipWaits === 'boolean') control.skipWaits(skipWaits);
  if (advance !== undefined) await control.advance(ms, { settle: settle === true });
  if (settle === true) await control.settled();
  return clockJson(control);
}

function clockJson(control: Control): JsonObject {
  return { now: control.now().toISOString(), rate: control.rate() };
}

function changeScenario(body: JsonValue, { control, scenarioProblems }: ControlParts): JsonObject | string[] {
  const problems = scenarioProblems(body);
  if (problems.length > 0) return problems;
  control.setScenario(body as Scenario);
  return control.scenario();
}

function tellIdentities(body: JsonValue, { control }: ControlParts): JsonObject | string[] {
  if (!isJsonObject(body)) return ['Identities are an object with "providers" and "roles".'];
  const { providers = [], roles = [], ...unknown } = body;
  const problems = Object.keys(unknown).map(
    (member) => `There is no member "${member}", only "providers" and "roles".`,
  );
  problems.push(...identityProblems({ providers, roles }));
  if (problems.length > 0) return problems;
  control.identities.tell(identitiesIn({ providers, roles }));
  return identityJson(control);
}

function identityJson({ identities }: Control): JsonObject {
  return { ...identities.inForce(), decisions: identities.decisions() } as unknown as JsonObject;
}

/** One fault, or a list of them of which all or none are added. */
function addFaults(body: JsonValue, { faults }: ControlParts): JsonObject | string[] {
  const parsed = (Array.isArray(body) ? body : [body]).map(parseFault);
  const problems = parsed.flatMap((fault) => (Array.isArray(fault) ? fault : []));
  if (problems.length > 0) return problems;
  for (const fault of parsed) if (!Array.isArray(fault)) faults.add(fault);
  return { faults: faults.list() };
}

function refused(status: number, message: string): ServiceResponse {
  return json(status, { error: message });
}

function json(status: number, body: JsonObject): ServiceResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${stableStringify(body)}\n` };
}
