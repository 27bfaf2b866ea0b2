import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ServiceRequest, ServiceResponse } from './service.ts';

/** The request's body is larger than the server takes. */
export class BodyTooLarge extends Error {}

/** The client left before the body was whole. */
export class BodyCutOff extends Error {
  /** With what had arrived of its body. */
  readonly request: ServiceRequest;

  constructor(request: ServiceRequest) {
    super(`the client left in the middle of ${request.method} ${request.path}`);
    this.request = request;
  }
}

/** The request with its whole body. Rejects with BodyTooLarge, or with BodyCutOff when the client leaves. */
export async function readRequest(
  incoming: IncomingMessage,
  requestId: string,
  maxBodyBytes: number,
): Promise<ServiceRequest> {
  const { body, whole } = await readBody(incoming, maxBodyBytes);
  // A proxy-style request names the server too: http://127.0.0.1:4566/path.
  const url = (incoming.url ?? '/').replace(/^https?:\/\/[^/?]*/, '');
  const queryStart = url.indexOf('?');
  const path = queryStart < 0 ? url : url.slice(0, queryStart);
  const request: ServiceRequest = {
    method: incoming.method ?? 'GET',
    path: path === '' ? '/' : path,
    query: new URLSearchParams(queryStart < 0 ? '' : url.slice(queryStart + 1)),
    headers: headersOf(incoming),
    body,
    requestId,
  };
  if (!whole) throw new BodyCutOff(request);
  return request;
}

/** By events: leaving a `for await` would destroy the socket, and with it the answer that says what was too large. */
function readBody(incoming: IncomingMessage, maxBytes: number): Promise<{ body: Buffer; whole: boolean }> {
  return new Promise((resolve, reject) => {
    if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return reject(new BodyTooLarge());
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else reject(new BodyTooLarge());
    });
    const finish = (whole: boolean): void => resolve({ body: Buffer.concat(chunks), whole });
    incoming.on('end', () => finish(true));
    incoming.on('error', () => finish(false));
  });
}

function headersOf(incoming: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

export function writeResponse(outgoing: ServerResponse, response: ServiceResponse, requestId: string): void {
  const body = response.body ?? '';
  const headers: Record<string, string> = { 'x-amzn-requestid': requestId };
  for (const [name, value] of Object.entries(response.headers ?? {})) headers[name.toLowerCase()] = value;
  // An answer to HEAD says the length of what GET would give, and a 204 has none.
  if (headers['content-length'] === undefined && response.status !== 204 && response.status !== 304) {
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  outgoing.writeHead(response.status, headers);
  outgoing.end(body);
}
