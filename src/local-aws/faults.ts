import { isJsonObject, type JsonObject } from '../core/json.ts';

export const FAULT_KINDS = [
  'throttle',
  '500',
  'reset-before',
  'reset-after-apply',
  'hang-after-apply',
  'delay',
  'access-denied',
  'expired-token',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** `batch:RegisterJobDefinition`, `batch:*` or `*`. */
  operation: string;
  /** The first call that it hits: 1 is the next one. */
  nth: number;
  /** How many calls it hits from there on. */
  times: number;
  kind: FaultKind;
  /** How long a `delay` waits, in real milliseconds. */
  ms?: number;
}

/** Faults that wait for their call. Each counts the calls of its operation from the moment it was added. */
export class Faults {
  #pending: { fault: Fault; calls: number }[] = [];

  add(fault: Fault): void {
    this.#pending.push({ fault, calls: 0 });
  }

  clear(): void {
    this.#pending = [];
  }

  list(): JsonObject[] {
    return this.#pending.map(({ fault, calls }) => ({ ...fault, calls }));
  }

  /** Counts a call. The fault added first wins when several are due; a fault is gone once it has hit its last call. */
  next(operation: string): Fault | undefined {
    let due: Fault | undefined;
    for (const entry of this.#pending) {
      if (!covers(entry.fault.operation, operation)) continue;
      entry.calls += 1;
      if (entry.calls >= entry.fault.nth) due ??= entry.fault;
    }
    this.#pending = this.#pending.filter(({ fault, calls }) => calls < fault.nth + fault.times - 1);
    return due;
  }
}

function covers(pattern: string, operation: string): boolean {
  return (
    pattern === '*' || pattern === operation || (pattern.endsWith(':*') && operation.startsWith(pattern.slice(0, -1)))
  );
}

const MEMBERS = ['operation', 'nth', 'times', 'kind', 'ms'];

/** A fault from a control request; texts say what is wrong with it. */
export function parseFault(json: unknown): Fault | string[] {
  if (!isJsonObject(json))
    return ['A fault is an object: {"operation": "batch:RegisterJobDefinition", "kind": "throttle"}.'];
  const { operation, nth = 1, times = 1, kind, ms } = json;
  const problems = Object.keys(json)
    .filter((member) => !MEMBERS.includes(member))
    .map((member) => `A fault has no member "${member}", only ${MEMBERS.join(', ')}.`);
  if (typeof operation !== 'string' || !/^(\*|[a-z0-9-]+:\S+)$/.test(operation)) {
    problems.push('"operation" must be "service:Operation" as IAM spells it, "service:*" or "*".');
  }
  if (!isCount(nth)) problems.push('"nth" must be a whole number from 1.');
  if (!isCount(times)) problems.push('"times" must be a whole number from 1.');
  if (!FAULT_KINDS.includes(kind as FaultKind)) problems.push(`"kind" must be one of ${FAULT_KINDS.join(', ')}.`);
  if (kind === 'delay' && !(typeof ms === 'number' && ms >= 0))
    problems.push('A "delay" needs "ms", its milliseconds.');
  if (kind !== 'delay' && ms !== undefined) problems.push('"ms" belongs to the kind "delay" only.');
  if (problems.length > 0) return problems;
  const fault: Fault = {
    operation: operation as string,
    nth: nth as number,
    times: times as number,
    kind: kind as FaultKind,
  };
  return ms === undefined ? fault : { ...fault, ms: ms as number };
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}
