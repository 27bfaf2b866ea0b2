import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface OneRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  /** How long all of it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the answer may be, in bytes. */
  readonly limitBytes: number;
}

export interface OneAnswer {
  readonly status: number;
  /** Where a redirect points to, as it was sent. */
  readonly location: string | undefined;
  readonly text: string;
}

/**
 * One request on a connection of its own: no retry, no redirect, no proxy. Rejects with the error of the connection, with
 * an Error whose message says what was passed (time, size), or with the signal's reason.
 */
export async function sendOnce(request: OneRequest): Promise<OneAnswer> {
  const deadline = AbortSignal.timeout(request.timeoutMs);
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline;
  try {
    const stream = await open(request, signal);
    return {
      status: stream.statusCode ?? 0,
      location: stream.headers.location,
      text: await readText(stream, request.limitBytes),
    };
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason;
    if (deadline.aborted) throw new Error(`no whole answer within ${request.timeoutMs / 1000} s`, { cause: error });
    throw error;
  }
}

function open({ method, url, headers, body }: OneRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = send(url, {
      method,
      agent: false,
      signal,
      headers: { 'user-agent': 'aws-deploy', ...headers, ...length },
    });
    outgoing.on('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readText(stream: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw new Error(`the answer is longer than ${limitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
