import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { digestOf, MEDIA_TYPE } from '../../src/image/oci-image.ts';
import { parseChallenges } from '../../src/image/registry/auth.ts';
import { RegistryClient } from '../../src/image/registry-client.ts';
import type { RegistryClientOptions } from '../../src/image/registry/session.ts';
import { noWait } from './local-registry.ts';

interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
}
type Handler = (request: IncomingMessage, response: ServerResponse, seen: Seen) => void;

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

/** A registry that does what the one of AWS never does: tokens, redirects to other hosts, lies. */
async function serve(handler: Handler): Promise<{ host: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server: Server = createServer((request, response) => {
    const one = { method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization };
    seen.push(one);
    request.resume();
    request.on('end', () => handler(request, response, one));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function clientOf(host: string, given: Partial<RegistryClientOptions> = {}): RegistryClient {
  const client = new RegistryClient({ scheme: 'http', host, backoff: noWait, ...given });
  closers.push(() => client.close());
  return client;
}

const manifest = Buffer.from('{"schemaVersion":2}');
const sendManifest = (response: ServerResponse): void => {
  response
    .writeHead(200, { 'content-type': MEDIA_TYPE.ociManifest, 'docker-content-digest': digestOf(manifest) })
    .end(manifest);
};
const refuse = (response: ServerResponse, status: number, code: string, message: string, headers = {}): void => {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ errors: [{ code, message }] }));
};

describe('login', () => {
  it('is not tried where nobody asks for it', async () => {
    const { host, seen } = await serve((_request, response) => sendManifest(response));
    await clientOf(host, { credentials: { username: 'u', password: 'p' } }).getManifest('app', '1');
    expect(seen).toEqual([{ method: 'GET', url: '/v2/app/manifests/1', authorization: undefined }]);
  });

  it('gets a token for the repository, with the credentials, and uses it again', async () => {
    const registry = await serve((_request, response, { url, authorization }) => {
      if (url.startsWith('/token')) response.end(JSON.stringify({ token: 'T' }));
      else if (authorization === 'Bearer T') sendManifest(response);
      else
        response
          .writeHead(401, {
            'www-authenticate': `Bearer realm="http://${registry.host}/token",service="s v",scope="x"`,
          })
          .end();
    });
    const client = clientOf(registry.host, { credentials: { username: 'u', password: 'p' } });
    await client.getManifest('app', '1');
    await client.getManifest('app', '1');
    expect(registry.seen.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['/v2/app/manifests/1', undefined],
      ['/token?service=s+v&scope=repository%3Aapp%3Apull', `Basic ${Buffer.from('u:p').toString('base64')}`],
      ['/v2/app/manifests/1', 'Bearer T'],
      ['/v2/app/manifests/1', 'Bearer T'],
    ]);
  });

  it('gets a token without credentials, and a new one when it has expired', async () => {
    let valid = 0;
    const registry = await serve((_request, response, { url, authorization }) => {
      if (url.startsWith('/token')) response.end(JSON.stringify({ access_token: `T${(valid += 1)}` }));
      else if (authorization === `Bearer T${valid}`) sendManifest(response);
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${registry.host}/token"` }).end();
    });
    const client = clientOf(registry.host);
    await client.getManifest('app', '1');
    valid += 1;
    expect((await client.getManifest('app', '1')).digest).toBe(digestOf(manifest));
  });

  it('does not send credentials to a token server without TLS on another machine', async () => {
    const { host, seen } = await serve(
      (_request, response) =>
        void response.writeHead(401, { 'www-authenticate': 'Bearer realm="http://tokens.example.com/"' }).end(),
    );
    const client = clientOf(host, { credentials: { username: 'u', password: 'p' } });
    await expect(client.getManifest('app', '1')).rejects.toMatchObject({ code: 'registry.login_failed', exitCode: 3 });
    expect(seen).toHaveLength(1);
  });

  it.each([
    [undefined, 'No credentials for'],
    [{ username: 'u', password: 'secret-word' }, 'are wrong, expired, or lack the permission'],
  ])(
    'that is refused ends with exit code 3, the words of the registry, and never the password',
    async (credentials, hint) => {
      const { host } = await serve((_request, response) =>
        refuse(response, 401, 'UNAUTHORIZED', 'not today', { 'www-authenticate': 'Basic realm="x"' }),
      );
      const failure = await clientOf(host, { credentials })
        .getManifest('app', '1')
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'registry.denied', exitCode: 3, hints: [expect.stringContaining(hint)] });
      expect((failure as Error).message).toContain('UNAUTHORIZED: not today');
      expect(JSON.stringify(failure)).not.toContain('secret-word');
    },
  );
});

describe('blobs', () => {
  const bytes = Buffer.from('blob');
  const descriptor = { mediaType: '', digest: digestOf(bytes), size: bytes.length };

  it('follow a redirect to another host, which does not see the login', async () => {
    const storage = await serve((_request, response) => void response.end(bytes));
    const registry = await serve((_request, response, { authorization }) => {
      if (authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      else response.writeHead(307, { location: `http://${storage.host}/blob?signature=1` }).end();
    });
    const client = clientOf(registry.host, { credentials: { username: 'u', password: 'p' } });
    expect(await client.readBlob('app', descriptor)).toEqual(bytes);
    expect(storage.seen).toEqual([{ method: 'GET', url: '/blob?signature=1', authorization: undefined }]);
  });

  it('are read again when the connection is cut', async () => {
    let calls = 0;
    const { host } = await serve((_request, response) => {
      calls += 1;
      if (calls > 2) return void response.end(bytes);
      response.writeHead(200, { 'content-length': bytes.length });
      response.write('bl', () => response.destroy());
    });
    expect(await clientOf(host).readBlob('app', descriptor)).toEqual(bytes);
  });

  it('that the registry would redirect to are there, and the other place is not asked', async () => {
    const { host, seen } = await serve(
      (_request, response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
    );
    expect(await clientOf(host).hasBlob('app', descriptor.digest)).toBe(true);
    expect(seen).toHaveLength(1);
  });

  it('with other bytes than their digest says are refused', async () => {
    const { host } = await serve((_request, response) => void response.end('evil'));
    await expect(clientOf(host).readBlob('app', descriptor)).rejects.toMatchObject({
      code: 'registry.digest_mismatch',
    });
  });
});

describe('uploads', () => {
  const bytes = Buffer.from('0123456789');
  const blob = {
    digest: digestOf(bytes),
    size: bytes.length,
    open: (from: number) => Readable.from([bytes.subarray(from)]),
  };

  it('start again when the registry has forgotten the session', async () => {
    let patches = 0;
    const { host, seen } = await serve((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else if (request.method === 'POST') response.writeHead(202, { location: '/upload' }).end();
      else if (request.method === 'PATCH' && (patches += 1) === 1) refuse(response, 404, 'BLOB_UPLOAD_UNKNOWN', 'gone');
      else if (request.method === 'PATCH') response.writeHead(202, { location: '/upload?state=a%2Fb' }).end();
      else response.writeHead(201).end();
    });
    expect(await clientOf(host).pushBlob('app', blob)).toBe('sent');
    expect(seen.map(({ method }) => method)).toEqual(['HEAD', 'POST', 'PATCH', 'POST', 'PATCH', 'PUT']);
    expect(seen.at(-1)?.url).toBe(`/upload?state=a%2Fb&digest=${encodeURIComponent(blob.digest)}`);
  });

  it('send only what is missing after a 5xx', async () => {
    const ranges: unknown[] = [];
    const { host } = await serve((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else if (request.method === 'POST') response.writeHead(202, { location: '/upload' }).end();
      else if (request.method === 'GET') response.writeHead(204, { range: '0-3', location: '/upload' }).end();
      else if (request.method === 'PATCH') {
        ranges.push([request.headers['content-range'], request.headers['content-length']]);
        response.writeHead(ranges.length === 1 ? 503 : 202).end();
      } else response.writeHead(201).end();
    });
    await clientOf(host).pushBlob('app', blob);
    expect(ranges).toEqual([
      [undefined, '10'],
      ['4-9', '6'],
    ]);
  });

  it('that are refused before their end do not go on sending', async () => {
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      if (request.method === 'HEAD') response.writeHead(404).end();
      else if (request.method === 'POST') response.writeHead(202, { location: '/upload' }).end();
      else refuse(response, 413, 'SIZE_INVALID', 'too large');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const large = {
      ...blob,
      size: 1e9,
      open: () =>
        new Readable({
          read(): void {
            this.push(Buffer.alloc(65_536));
          },
        }),
    };
    const client = clientOf(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    await expect(client.pushBlob('app', large)).rejects.toMatchObject({ code: 'registry.refused' });
    expect(requests).toBe(3);
  });

  it('that are refused are not tried again', async () => {
    const { host, seen } = await serve((request, response) => {
      if (request.method === 'HEAD') response.writeHead(404).end();
      else refuse(response, 403, 'DENIED', 'no push for you');
    });
    await expect(clientOf(host).pushBlob('app', blob)).rejects.toMatchObject({ code: 'registry.denied', exitCode: 3 });
    expect(seen).toHaveLength(2);
  });
});

describe('manifests', () => {
  it('that the registry confirms with another digest are an error', async () => {
    const { host } = await serve(
      (_request, response) =>
        void response.writeHead(201, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end(),
    );
    const put = clientOf(host).putManifest('app', '1', { bytes: manifest, mediaType: MEDIA_TYPE.ociManifest });
    await expect(put).rejects.toMatchObject({ code: 'registry.digest_mismatch' });
  });

  it('under an immutable tag are told apart from failures', async () => {
    const said =
      "The image tag '1' already exists in the 'app' repository and cannot be overwritten because the tag is immutable.";
    const { host } = await serve((_request, response) => refuse(response, 400, 'TAG_INVALID', said));
    const put = await clientOf(host).putManifest('app', '1', { bytes: manifest, mediaType: MEDIA_TYPE.ociManifest });
    expect(put).toEqual({ kind: 'immutable', message: `TAG_INVALID: ${said}` });
  });

  it('are asked for again after 429 and 5xx, and the last answer is told', async () => {
    const { host, seen } = await serve((_request, response) => refuse(response, 503, 'UNAVAILABLE', 'later'));
    await expect(clientOf(host).getManifest('app', '1')).rejects.toMatchObject({
      code: 'registry.unavailable',
      exitCode: 4,
    });
    expect(seen).toHaveLength(noWait.attempts);
  });
});

describe('a registry that does not answer', () => {
  it('is named', async () => {
    const { host } = await serve((_request, response) => void response.destroy());
    await expect(clientOf(host).getManifest('app', '1')).rejects.toMatchObject({
      code: 'registry.unreachable',
      title: `No answer from the registry ${host}`,
    });
  });

  it('is left after a time without a sign of life', async () => {
    const { host } = await serve(() => {});
    const client = clientOf(host, { idleTimeoutMs: 20 });
    await expect(client.getManifest('app', '1')).rejects.toMatchObject({ code: 'registry.unreachable' });
  });

  it('is left when the signal says so', async () => {
    const controller = new AbortController();
    const { host } = await serve(() => controller.abort());
    await expect(clientOf(host, { signal: controller.signal }).getManifest('app', '1')).rejects.toMatchObject({
      exitCode: 6,
    });
  });
});

describe('parseChallenges', () => {
  it.each([
    ['Basic realm="a b"', [{ scheme: 'basic', parameters: { realm: 'a b' } }]],
    [
      'Bearer realm="r",service="s",scope="repository:a:pull,push"',
      [{ scheme: 'bearer', parameters: { realm: 'r', service: 's', scope: 'repository:a:pull,push' } }],
    ],
    [
      'Negotiate, Basic realm=x',
      [
        { scheme: 'negotiate', parameters: {} },
        { scheme: 'basic', parameters: { realm: 'x' } },
      ],
    ],
    ['Basic realm="a \\"b\\""', [{ scheme: 'basic', parameters: { realm: 'a "b"' } }]],
  ])('%s', (text, expected) => {
    expect(parseChallenges(text)).toEqual(expected);
  });
});
