import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { publishRelease, type ReleaseRequest } from '../../scripts/github-release.ts';

interface StoredRelease {
  id: number;
  tag_name: string;
  draft: boolean;
  upload_url: string;
  assets: { id: number; name: string; size: number; digest: string }[];
}

let server: Server;
let api: string;
let releases: StoredRelease[];
let log: string[];
/** Asset after whose upload the connection is cut once. */
let cutAfter: string | undefined;

/** As much of GitHub as a release needs. */
beforeEach(async () => {
  releases = [];
  log = [];
  cutAfter = undefined;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = handle(request.method ?? '', new URL(request.url ?? '', api), Buffer.concat(chunks));
      if (request.headers.authorization !== 'Bearer token') return response.writeHead(401).end('Bad credentials');
      if (answer === undefined) return response.destroy();
      return response.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function handle(method: string, url: URL, body: Buffer): unknown {
  log.push(`${method} ${url.pathname}${url.search}`);
  const release = releases[0];
  if (method === 'GET') return releases;
  if (method === 'POST' && url.pathname === '/repos/acme/orb/releases') {
    const created = { ...(JSON.parse(body.toString()) as { tag_name: string; draft: boolean }), id: 7, assets: [] };
    releases.push({ ...created, upload_url: `${api}/uploads/7/assets{?name,label}` });
    return releases[0];
  }
  if (method === 'POST' && release) {
    const name = url.searchParams.get('name') ?? '';
    release.assets.push({ id: release.assets.length + 1, name, size: body.length, digest: digestOf(body) });
    if (name !== cutAfter) return {};
    cutAfter = undefined;
    return undefined;
  }
  if (method === 'DELETE' && release)
    release.assets = release.assets.filter(({ id }) => !url.pathname.endsWith(`/${id}`));
  if (method === 'PATCH' && release) release.draft = false;
  return {};
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

const request = (more: Partial<ReleaseRequest> = {}): ReleaseRequest => ({
  api,
  repository: 'acme/orb',
  token: 'token',
  tag: 'v1.0.0',
  assets: [
    { name: 'cli.tar.br', bytes: new Uint8Array([1, 2, 3]) },
    { name: 'orb.yml', bytes: new Uint8Array([4]) },
  ],
  ...more,
});

const published = {
  tag_name: 'v1.0.0',
  draft: false,
  assets: [
    { name: 'cli.tar.br', size: 3 },
    { name: 'orb.yml', size: 1 },
  ],
};

describe('publishRelease', () => {
  it('makes a release public once all files are there', async () => {
    expect(await publishRelease(request())).toBe(true);
    expect(releases).toMatchObject([published]);
    expect(log.at(-1)).toBe('PATCH /repos/acme/orb/releases/7');
  });

  it('changes nothing when the same release is public already', async () => {
    await publishRelease(request());
    log = [];
    expect(await publishRelease(request())).toBe(false);
    expect(log).toEqual(['GET /repos/acme/orb/releases?per_page=100']);
  });

  it('takes up what an interrupted run left', async () => {
    cutAfter = 'cli.tar.br';
    await expect(publishRelease(request())).rejects.toThrow();
    expect(releases).toMatchObject([{ draft: true }]);
    expect(await publishRelease(request())).toBe(true);
    expect(releases).toMatchObject([published]);
  });

  it.each([
    ['of another size', [1]],
    ['of the same size', [3, 2, 1]],
  ])('refuses to give a public release another file %s', async (_what, bytes) => {
    await publishRelease(request());
    const other = request({ assets: [{ name: 'cli.tar.br', bytes: new Uint8Array(bytes) }] });
    await expect(publishRelease(other)).rejects.toThrow('v1.0.0 is public already');
  });

  it('tells what the server said', async () => {
    await expect(publishRelease(request({ token: 'wrong' }))).rejects.toThrow('HTTP 401 Bad credentials');
  });
});
