import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A way to a local AWS on which ECS refuses an operation for what it is asked. */
export async function refusingProxy(
  target: string,
  operation: string,
  refusal = 'InvalidParameterException',
): Promise<{ endpoint: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const isRefused = String(incoming.headers['x-amz-target']).endsWith(`.${operation}`);
    if (isRefused) return refuse(outgoing, refusal);
    pass(target, incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function refuse(outgoing: ServerResponse, type: string): void {
  outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
  outgoing.end(JSON.stringify({ __type: type, message: 'It can not be done.' }));
}

async function pass(target: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method, headers } = incoming;
  const onward = request(new URL(incoming.url ?? '/', target), { method, headers });
  onward.end(await buffer(incoming));
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
  outgoing.end(await buffer(answer));
}
