import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';

/** A body that can be sent more than once: every attempt opens it anew. */
export interface RequestBody {
  size: number;
  open(): Readable;
}

export interface HttpRequest {
  method: string;
  url: URL;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer | RequestBody;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Has to be read to its end or destroyed, or its connection is never used again. */
  stream: IncomingMessage;
}

/** Connections to one or more hosts, kept open between requests. They do not keep the process alive. */
export class HttpConnections {
  readonly #signal: AbortSignal | undefined;
  readonly #idleTimeoutMs: number;
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true });

  /** `idleTimeoutMs`: how long a connection may be silent in the middle of a request. */
  constructor(signal?: AbortSignal, idleTimeoutMs = 60_000) {
    this.#signal = signal;
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  /** One request, one answer: no redirects, no retries. Rejects with the error of the socket, or the signal's reason. */
  send({ method, url, headers, body }: HttpRequest): Promise<HttpAnswer> {
    const size = body === undefined ? undefined : Buffer.isBuffer(body) ? body.length : body.size;
    const withLength = size === undefined ? (method === 'GET' || method === 'HEAD' ? undefined : 0) : size;
    return new Promise((resolve, reject) => {
      if (this.#signal?.aborted) return reject(this.#signal.reason as Error);
      const secure = url.protocol === 'https:';
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method,
        agent: secure ? this.#https : this.#http,
        headers: { ...headers, ...(withLength !== undefined && { 'content-length': String(withLength) }) },
        ...(this.#signal && { signal: this.#signal }),
      });
      let source: Readable | undefined;
      outgoing.setTimeout(this.#idleTimeoutMs, () => {
        outgoing.destroy(new Error(`no sign of life for ${this.#idleTimeoutMs / 1000} s`));
      });
      outgoing.on('response', (stream) => {
        // An early answer (a refusal) makes the rest of the body pointless, and the connection useless.
        source?.destroy();
        stream.once('close', () => {
          if (!outgoing.writableFinished) outgoing.destroy();
        });
        resolve({ status: stream.statusCode ?? 0, headers: stream.headers, stream });
      });
      outgoing.on('error', (error) => {
        source?.destroy();
        reject(this.#signal?.aborted ? (this.#signal.reason as Error) : error);
      });
      if (body === undefined || Buffer.isBuffer(body)) {
        outgoing.end(body);
      } else {
        source = body.open();
        source.on('error', (error) => outgoing.destroy(error));
        source.pipe(outgoing);
      }
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** The whole body of an answer. Rejects when it is longer than `limit` bytes or cut off. */
export async function readBody(answer: HttpAnswer, limit = 8 * 1024 * 1024): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Error(`the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** One header as text; undefined when it is missing. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
