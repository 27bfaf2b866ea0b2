import type { JsonObject } from '../core/json.ts';
import type { FaultKind } from './faults.ts';

/** How far a request has come; the last four are final. */
export type RequestState =
  | 'running'
  /** Waits before it is applied: fault `delay`. */
  | 'delayed'
  /** Applied and never answered: fault `hang-after-apply`. */
  | 'hanging'
  | 'answered'
  | 'reset'
  /** The client left before there was an answer. */
  | 'disconnected';

export interface LoggedRequest {
  /** Counts from 1 since the start or the last reset. */
  number: number;
  /** Of the virtual clock, ISO 8601. */
  time: string;
  /** `batch:RegisterJobDefinition` */
  operation: string;
  service: string;
  method: string;
  path: string;
  region: string;
  accessKeyId?: string;
  /** One service of AWS called another; nobody sent this over the wire. */
  internal?: true;
  /** Values of headers that carry secrets are `***`. */
  headers: Readonly<Record<string, string>>;
  state: RequestState;
  /** Whether the operation was carried out, be it with an error. */
  applied: boolean;
  status?: number;
  fault?: FaultKind;
}

/** More than any test needs, and little enough to stay in memory. */
const KEPT_REQUESTS = 10_000;

export class RequestLog {
  #entries: LoggedRequest[] = [];
  #count = 0;
  readonly #watchers = new Set<() => void>();

  add(entry: Omit<LoggedRequest, 'number'>): LoggedRequest {
    const numbered = { number: ++this.#count, ...entry };
    this.#entries.push(numbered);
    if (this.#entries.length > KEPT_REQUESTS) this.#entries.shift();
    this.#notify();
    return numbered;
  }

  change(entry: LoggedRequest, change: Partial<LoggedRequest>): void {
    Object.assign(entry, change);
    this.#notify();
  }

  all(): LoggedRequest[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.#entries = [];
    this.#count = 0;
  }

  /** Resolves with the first request that fits, now or later; rejects with the signal's reason. */
  waitFor(fits: (entry: LoggedRequest) => boolean, signal?: AbortSignal): Promise<LoggedRequest> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#watchers.delete(look);
        signal?.removeEventListener('abort', abort);
      };
      const look = (): void => {
        const found = this.#entries.find(fits);
        if (found === undefined) return;
        done();
        resolve({ ...found });
      };
      const abort = (): void => {
        done();
        reject(signal?.reason as Error);
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener('abort', abort, { once: true });
      this.#watchers.add(look);
      look();
    });
  }

  toJson(): JsonObject {
    return { requests: this.all().map((entry) => ({ ...entry, headers: { ...entry.headers } })) };
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

const SECRET_HEADER = /authorization|cookie|token|secret|signature|customer-key/;

export function redactHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    SECRET_HEADER.test(name) ? '***' : (value ?? ''),
  ]);
  return Object.fromEntries(shown) as Record<string, string>;
}
