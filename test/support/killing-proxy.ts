import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A way to a local AWS that ends, as for a process that is killed: nothing that is done after it has any effect. */
export interface KillingProxy {
  endpoint: string;
  /** How many requests came. */
  count(): number;
  close(): Promise<void>;
}

export interface Kill {
  /** At which request, from 1. */
  nth: number;
  /** Whether AWS still gets that one; its answer gets lost. */
  applied: boolean;
  /** Called when it comes. */
  onKill?: () => void;
}

/** Without a kill, it only counts. */
export async function killingProxy(target: string, kill?: Kill): Promise<KillingProxy> {
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    count += 1;
    if (count === kill?.nth) kill.onKill?.();
    const isDead = kill !== undefined && (count > kill.nth || (count === kill.nth && !kill.applied));
    if (isDead) return void incoming.socket.destroy();
    const isLast = count === kill?.nth;
    pass(incoming, outgoing, isLast).catch((error: unknown) => outgoing.destroy(error as Error));
  });

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse, isLast: boolean): Promise<void> {
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', target), { method, headers });
    onward.end(await buffer(incoming));
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const body = await buffer(answer);
    if (isLast) return void incoming.socket.destroy();
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    outgoing.end(body);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => count,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}
