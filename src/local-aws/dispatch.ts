import { setTimeout as sleep } from 'node:timers/promises';

import { accessProblem } from './access.ts';
import { AwsError } from './aws-error.ts';
import type { Fault, Faults } from './faults.ts';
import { jsonError } from './json-protocol.ts';
import { type LoggedRequest, redactHeaders, type RequestLog } from './request-log.ts';
import { refusal } from './refusals.ts';
import { credentialScope, requestRegion } from './request-region.ts';
import type { Operation, Service, ServiceRequest, ServiceResponse, World } from './service.ts';

/** How a request ends: with an answer, with a connection that is cut, or never. */
export type Outcome = ServiceResponse | 'reset' | 'hang' | 'gone';

export interface DispatchParts {
  world: World;
  services: readonly Service[];
  faults: Faults;
  log: RequestLog;
  /** Called after each operation that was applied, before it is answered. */
  applied(): void;
  /** Told what can only be a bug of the local AWS. */
  bug(error: unknown): void;
}

export interface Dispatched {
  outcome: Outcome;
  entry: LoggedRequest;
}

/** Finds the operation, lets faults and denials come first, and carries it out. `gone` aborts when the client leaves. */
export async function dispatch(request: ServiceRequest, parts: DispatchParts, gone: AbortSignal): Promise<Dispatched> {
  const { service, operation } = findOperation(request, parts.services) ?? unknownOperation(request);
  const entry = parts.log.add(newEntry(request, service, operation, parts.world));
  const fault = parts.faults.next(operation.name);
  if (fault !== undefined) parts.log.change(entry, { fault: fault.kind });
  const outcome = await withFault(fault, entry, parts, gone, {
    refuse: (error) => service.error(error, request),
    apply: () => apply(service, operation, request, parts, entry),
    operationName: operation.name,
  });
  return { outcome, entry };
}

interface Steps {
  operationName: string;
  refuse(error: AwsError): ServiceResponse;
  apply(): Promise<ServiceResponse>;
}

async function withFault(
  fault: Fault | undefined,
  entry: LoggedRequest,
  { log }: DispatchParts,
  gone: AbortSignal,
  { operationName, refuse, apply: run }: Steps,
): Promise<Outcome> {
  if (fault?.kind === 'throttle') return refuse(refusal(operationName, 'throttled'));
  if (fault?.kind === '500') return refuse(refusal(operationName, 'failed'));
  if (fault?.kind === 'access-denied') return refuse(refusal(operationName, 'denied'));
  if (fault?.kind === 'expired-token') return refuse(refusal(operationName, 'expired'));
  if (fault?.kind === 'reset-before') return 'reset';
  if (fault?.kind === 'delay') {
    log.change(entry, { state: 'delayed' });
    await sleep(fault.ms ?? 0, undefined, { signal: gone }).catch(() => undefined);
    log.change(entry, { state: 'running' });
  }
  if (gone.aborted) return 'gone';
  const response = await run();
  if (fault?.kind === 'reset-after-apply') return 'reset';
  return fault?.kind === 'hang-after-apply' ? 'hang' : response;
}

async function apply(
  service: Addressee,
  operation: Operation,
  request: ServiceRequest,
  parts: DispatchParts,
  entry: LoggedRequest,
): Promise<ServiceResponse> {
  const problem = accessProblem(operation, request, parts.world);
  if (problem !== undefined) return service.error(problem, request);
  let response: ServiceResponse;
  try {
    response = await operation.run();
  } catch (error) {
    if (error instanceof AwsError) {
      response = service.error(error, request);
    } else {
      parts.bug(error);
      const message = `The local AWS failed in ${operation.name}: ${(error as Error).message}`;
      response = service.error(refusal(operation.name, 'failed', message), request);
    }
  }
  parts.applied();
  parts.log.change(entry, { applied: true });
  return response;
}

/** Who answers: a service, or what stands in for one that is not there. */
type Addressee = Pick<Service, 'name' | 'error'>;

interface Found {
  service: Addressee;
  operation: Operation;
}

/** A signature says which service is meant; without one, each service is asked in turn. */
function findOperation(request: ServiceRequest, services: readonly Service[]): Found | undefined {
  const signedFor = credentialScope(request)?.service;
  for (const service of services) {
    if (signedFor !== undefined && service.name !== signedFor) continue;
    const operation = service.operation(request);
    if (operation !== undefined) return { service, operation };
  }
  return undefined;
}

/** A call of a service that the local AWS does not have. It is logged, and answered with 501. */
function unknownOperation(request: ServiceRequest): Found {
  const name = credentialScope(request)?.service ?? 'unknown';
  const target = request.headers['x-amz-target'];
  const message = `The local AWS does not have ${target ?? `${request.method} ${request.path}`} of the service ${name}.`;
  return {
    service: { name, error: jsonError },
    operation: {
      name: `${name}:${target?.split('.').at(-1) ?? `${request.method} ${request.path}`}`,
      run: () => jsonError({ status: 501, name: 'NotImplementedException', message }),
    },
  };
}

function newEntry(
  request: ServiceRequest,
  service: Addressee,
  operation: Operation,
  world: World,
): Omit<LoggedRequest, 'number'> {
  const accessKeyId = credentialScope(request)?.accessKeyId;
  return {
    time: world.clock.now().toISOString(),
    operation: operation.name,
    service: service.name,
    method: request.method,
    path: request.path,
    region: requestRegion(request),
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(request.internal && { internal: true as const }),
    headers: redactHeaders(request.headers),
    state: 'running',
    applied: false,
  };
}
