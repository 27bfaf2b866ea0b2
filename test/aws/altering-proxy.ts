import { once } from 'node:events';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';

export interface AlteringProxy {
  endpoint: string;
  /** The bodies of all requests that had one, in their order. */
  bodies: JsonObject[];
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Passes requests on, and changes the answers: so a service can know more than the model that both sides are made from. */
export async function alteringProxy(target: string, alter: (answer: JsonObject) => JsonObject): Promise<AlteringProxy> {
  const bodies: JsonObject[] = [];
  const server = createServer((incoming, outgoing) => {
    const pass = async (): Promise<void> => {
      const body = await buffer(incoming);
      if (body.length > 0 && body[0] === 123) bodies.push(JSON.parse(body.toString()) as JsonObject);
      const { method, headers } = incoming;
      const onward = request(new URL(incoming.url ?? '/', target), { method, headers });
      onward.end(body);
      const [answer] = (await once(onward, 'response')) as [IncomingMessage];
      const text = (await buffer(answer)).toString();
      const altered = text.startsWith('{') ? JSON.stringify(alter(JSON.parse(text) as JsonObject)) : text;
      const { 'content-length': _length, ...others } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 500, others);
      outgoing.end(altered);
    };
    pass().catch((error: unknown) => outgoing.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
}
