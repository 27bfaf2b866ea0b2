import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to the local AWS on which a connection can break. */
export interface CuttingProxy {
  /** `http://127.0.0.1:<port>`; the registry is found under it as well. */
  endpoint: string;
  /** Breaks the next connections on which a layer is being sent, each after so many bytes of it. */
  cutLayerAfter(...bytes: readonly number[]): void;
  /** How many were broken. */
  cuts(): number;
  close(): Promise<void>;
}

/** A small layer is sent in one piece. */
const LONG_BYTES = 1024 * 1024;

function isLongPatch(chunk: Buffer): boolean {
  const head = chunk.toString('latin1');
  return head.startsWith('PATCH /v2/') && Number(/^content-length: (\d+)/im.exec(head)?.[1]) > LONG_BYTES;
}

/** Passes bytes on in both directions, other than that what the local AWS calls its own port becomes the proxy's. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { port: targetPort } = new URL(target);
  const planned: number[] = [];
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(targetPort), '127.0.0.1');
    let left: number | undefined;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket
        .on('error', end)
        .on('close', end)
        .on('close', () => open.delete(socket));
    }
    client.on('data', (chunk) => {
      if (left === undefined && isLongPatch(chunk)) left = planned.shift();
      if (left === undefined || chunk.length < left) {
        upstream.write(chunk);
        if (left !== undefined) left -= chunk.length;
        return;
      }
      cuts += 1;
      // The client learns of it only when the server has read what was sent and closed, or it could ask too early how
      // much has arrived. What the server says to half a request is lost with the connection.
      upstream.off('data', answer).resume();
      upstream.end(chunk.subarray(0, left));
      left = undefined;
    });
    const answer = (chunk: Buffer): void => void client.write(ownPort(chunk));
    upstream.on('data', answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // Of the same length, so that Content-Length still holds: both are of five digits.
  const ownPort = (chunk: Buffer): Buffer =>
    Buffer.from(chunk.toString('latin1').replaceAll(`127.0.0.1:${targetPort}`, `127.0.0.1:${port}`), 'latin1');
  return {
    endpoint: `http://127.0.0.1:${port}`,
    cutLayerAfter: (...bytes) => void planned.push(...bytes),
    cuts: () => cuts,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}
