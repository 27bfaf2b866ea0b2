import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';

export interface PausingProxy {
  endpoint: string;
  /**
   * Lets `work` run when the nth request (1 is the next one) whose path, or whose operation of a JSON service, ends so has
   * come in, and passes the request on after it: so two clients meet in one certain order.
   */
  before(pathEnd: string, nth: number, work: () => Promise<unknown>): void;
}

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

/** Passes requests on to a local AWS. It is gone after the test. */
export async function pausingProxy(target: string): Promise<PausingProxy> {
  const waiting: { pathEnd: string; left: number; work: () => Promise<unknown> }[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const names = [incoming.url, incoming.headers['x-amz-target']].map(String);
    for (const entry of waiting.filter(({ pathEnd }) => names.some((name) => name.endsWith(pathEnd)))) {
      if (--entry.left === 0) await entry.work();
    }
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', target), { method, headers });
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    outgoing.end(await buffer(answer));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(async () => {
    server.close();
    server.closeAllConnections();
    await Promise.resolve();
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    before: (pathEnd, nth, work) => void waiting.push({ pathEnd, left: nth, work }),
  };
}
