import type { JsonObject, JsonValue } from '../core/json.ts';
import { AwsError } from './aws-error.ts';
import {
  fromText,
  httpBindings,
  indexOperations,
  type OperationSchema,
  parseBody,
  readInput,
  unknownMembers,
  withWireTimes,
  writeOutput,
} from './json-schema.ts';
import type { LocalClock } from './local-clock.ts';
import { credentialScope, requestRegion } from './request-region.ts';
import type { Operation, Service, ServiceError, ServiceRequest, ServiceResponse, World } from './service.ts';

/** What a handler knows besides its typed input. */
export interface JsonCall {
  region: string;
  /** The input as it came, with the members that the schema doesn't know. */
  json: JsonObject;
  clock: LocalClock;
  request: ServiceRequest;
}

/**
 * An operation: typed input in, typed output out, as the SDK's `…CommandInput` and `…CommandOutput` (without `$metadata`) have them.
 * Throws `AwsError`. `never` lets each handler declare the input that its schema promises.
 */
export type JsonHandler = (input: never, call: JsonCall) => object | Promise<object>;

/** An output that is written as it is, past the schema. */
export class RawJson {
  readonly value: JsonObject;

  constructor(value: JsonObject) {
    this.value = value;
  }
}

export interface JsonServiceSpec {
  /** The IAM prefix, which is also the service's name in signatures: `batch`. */
  name: string;
  world: World;
  /** `import * as client from '@aws-sdk/client-batch'` */
  client: object;
  protocol: { type: 'restJson' } | { type: 'awsJson1.1'; target: string };
  handlers: Readonly<Record<string, JsonHandler>>;
  /** The ARN that IAM checks, or several of them, by operation; `*` for those that are not here. */
  resources?: Readonly<Record<string, (json: JsonObject, region: string) => string | readonly string[]>>;
  snapshot(): JsonValue;
  restore(snapshot: JsonValue): void;
  reset(): void;
  stop?(): Promise<void>;
  scenarioProblems?(part: JsonObject): string[];
}

/** What a request calls: the operation's name and, when the client has it, its schema and the values in its path. */
interface Route {
  name: string;
  schema?: OperationSchema;
  labels: Readonly<Record<string, string>>;
}

/** A service of one of AWS's JSON protocols: everything but its behaviour comes from the client module. */
export function jsonService(spec: JsonServiceSpec): Service {
  const operations = indexOperations(spec.client);
  const { protocol } = spec;
  const routes = protocol.type === 'restJson' ? restRoutes(operations) : undefined;
  const route = (request: ServiceRequest): Route | undefined =>
    protocol.type === 'restJson'
      ? routeByPath(routes ?? [], spec.name, request)
      : routeByTarget(operations, protocol.target, request);
  const { scenarioProblems, stop } = spec;
  return {
    name: spec.name,
    operation(request) {
      const found = route(request);
      return found && operationOf(spec, found, request);
    },
    error: jsonError,
    requestFor(operation, input) {
      const schema = operations.get(operation);
      return requestFor(spec, schema, operation, schema ? withWireTimes(schema, input) : input);
    },
    inputProblems(operation, input) {
      const schema = Object.hasOwn(spec.handlers, operation) ? operations.get(operation) : undefined;
      if (schema === undefined) return [`The local AWS does not have ${spec.name}:${operation}.`];
      return unknownMembers(schema, input).map((member) => `The input has no member "${member}".`);
    },
    snapshot: () => spec.snapshot(),
    restore: (snapshot) => spec.restore(snapshot),
    reset: () => spec.reset(),
    ...(stop && { stop: () => stop() }),
    ...(scenarioProblems && { scenarioProblems: (part: JsonObject) => scenarioProblems(part) }),
  };
}

/** An error as every JSON protocol reads it: by the header or by `__type`. */
export function jsonError(error: ServiceError): ServiceResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': error.name },
    body: JSON.stringify({ __type: error.name, message: error.message }),
  };
}

function operationOf(spec: JsonServiceSpec, route: Route, request: ServiceRequest): Operation {
  const { schema } = route;
  const name = `${spec.name}:${route.name}`;
  const handler = Object.hasOwn(spec.handlers, route.name) ? spec.handlers[route.name] : undefined;
  if (schema === undefined || handler === undefined) {
    const message = `The local AWS does not have ${name}.`;
    return { name, run: () => jsonError({ status: 501, name: 'NotImplementedException', message }) };
  }
  const contentType = spec.protocol.type === 'restJson' ? 'application/json' : 'application/x-amz-json-1.1';
  return {
    name,
    resource() {
      const resource = spec.resources?.[route.name];
      return resource?.(requestJson(schema, route, request), requestRegion(request)) ?? '*';
    },
    async run() {
      try {
        const json = requestJson(schema, route, request);
        const input = readInput(schema, json);
        const call: JsonCall = { region: requestRegion(request), json, clock: spec.world.clock, request };
        const output = await handler(input as never, call);
        const body = output instanceof RawJson ? JSON.stringify(output.value) : writeOutput(schema, output);
        return { status: schema.http?.status ?? 200, headers: { 'content-type': contentType }, body };
      } catch (error) {
        if (error instanceof AwsError) return jsonError(error);
        throw error;
      }
    },
  };
}

/** Body, path labels and query as one JSON input. */
function requestJson(schema: OperationSchema, route: Route, request: ServiceRequest): JsonObject {
  const json = parseBody(request.body);
  for (const [member, binding] of httpBindings(schema)) {
    delete json[member];
    if (binding.in === 'label') {
      json[member] = fromText(schema, member, route.labels[member] ?? '');
    } else if (request.query.has(binding.name)) {
      const values = request.query.getAll(binding.name);
      json[member] = binding.list ? values : fromText(schema, member, values[0]!);
    }
  }
  return json;
}

/** The request that a client of this protocol would send. */
function requestFor(
  { protocol, name: service }: JsonServiceSpec,
  schema: OperationSchema | undefined,
  operation: string,
  input: JsonObject,
): ReturnType<NonNullable<Service['requestFor']>> {
  if (protocol.type === 'awsJson1.1') {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${protocol.target}.${operation}`,
    };
    return { method: 'POST', path: '/', query: new URLSearchParams(), headers, body: bytesOf(input) };
  }
  if (schema?.http === undefined) {
    throw new AwsError('NotImplementedException', `The local AWS does not have ${service}:${operation}.`, 501);
  }
  const body = { ...input };
  const query = new URLSearchParams();
  let [path] = schema.http.path.split('?') as [string];
  for (const [member, binding] of httpBindings(schema)) {
    const value = body[member];
    delete body[member];
    if (value === undefined) continue;
    if (binding.in === 'query') for (const item of [value].flat()) query.append(binding.name, String(item));
    else path = path.replace(new RegExp(`\\{${member}\\+?\\}`), () => encodeURIComponent(String(value)));
  }
  const headers = { 'content-type': 'application/json' };
  return { method: schema.http.method, path, query, headers, body: bytesOf(body) };
}

function bytesOf(json: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(json));
}

function routeByTarget(
  operations: ReadonlyMap<string, OperationSchema>,
  target: string,
  request: ServiceRequest,
): Route | undefined {
  const [service, name] = (request.headers['x-amz-target'] ?? '').split('.');
  if (service !== target || name === undefined) return undefined;
  const schema = operations.get(name);
  return { name, labels: {}, ...(schema && { schema }) };
}

interface RestRoute {
  schema: OperationSchema;
  method: string;
  pattern: RegExp;
}

function restRoutes(operations: ReadonlyMap<string, OperationSchema>): RestRoute[] {
  return [...operations.values()].flatMap((schema) =>
    schema.http === undefined ? [] : [{ schema, method: schema.http.method, pattern: pathPattern(schema.http.path) }],
  );
}

/** `/v1/tags/{resourceArn}` as a pattern with a named group per label; `{name+}` takes slashes too. */
function pathPattern(template: string): RegExp {
  const source = template
    .split('?')[0]!
    .split(/(\{\w+\+?\})/)
    .map((part) => {
      const label = /^\{(\w+)(\+?)\}$/.exec(part);
      if (label === null) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return `(?<${label[1]}>${label[2] === '+' ? '.+' : '[^/]+'})`;
    })
    .join('');
  return new RegExp(`^${source}/?$`);
}

/**
 * An unknown path belongs to this service only when the signature says so: `/v1/x` may be a bucket of S3.
 * The name of such an operation is its method and path, as there is no other.
 */
function routeByPath(routes: readonly RestRoute[], service: string, request: ServiceRequest): Route | undefined {
  const signedFor = credentialScope(request)?.service;
  if (signedFor !== undefined && signedFor !== service) return undefined;
  for (const { schema, method, pattern } of routes) {
    const match = method === request.method ? pattern.exec(request.path) : null;
    if (match !== null) return { name: schema.name, schema, labels: decoded(match.groups ?? {}) };
  }
  return signedFor === service ? { name: `${request.method} ${request.path}`, labels: {} } : undefined;
}

function decoded(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, text]) => {
      try {
        return [name, decodeURIComponent(text)];
      } catch {
        return [name, text];
      }
    }),
  );
}
