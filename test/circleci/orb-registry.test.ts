import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { fetchOrb, type FetchOrbOptions } from '../../src/circleci/orb-registry.ts';

interface Seen {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Stands in for CircleCI, or for the host of a URL orb. */
async function standIn(answer: (response: ServerResponse, seen: Seen) => void): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const one = { method, path, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      answer(response, one);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

async function registry(body: unknown, status = 200): Promise<{ endpoint: string; seen: Seen[] }> {
  const { url, seen } = await standIn((response) => {
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return { endpoint: `${url}/graphql-unstable`, seen };
}

const SOURCE = 'version: 2.1\ncommands: {}\n';
const FOUND = { data: { orbVersion: { version: '5.2.0', orb: { name: 'circleci/node' }, source: SOURCE } } };

describe('an orb of the registry', () => {
  it('comes with the exact version that the reference stands for', async () => {
    const { endpoint } = await registry(FOUND);
    expect(await fetchOrb('circleci/node@5', { endpoint })).toEqual({ text: SOURCE, reference: 'circleci/node@5.2.0' });
  });

  it('is asked for by one GraphQL query, the reference in a variable', async () => {
    const { endpoint, seen } = await registry(FOUND);
    await fetchOrb('circleci/node@dev:my-branch', { endpoint });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/graphql-unstable' });
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      query: expect.stringContaining('orbVersion(orbVersionRef: $orbVersionRef)'),
      variables: { orbVersionRef: 'circleci/node@dev:my-branch' },
    });
  });

  it.each([
    ['with', 'secret-token', 'secret-token'],
    ['without', undefined, undefined],
  ])('is asked for %s a token', async (_, token, sent) => {
    const { endpoint, seen } = await registry(FOUND);
    await fetchOrb('circleci/node@5', { endpoint, token });
    expect(seen[0]?.headers['circle-token']).toBe(sent);
  });
});

const withoutSource = { data: { orbVersion: { version: '1.0.0', orb: { name: 'a/b' }, source: null } } };

describe.each<[string, unknown, number, FetchOrbOptions, number, RegExp]>([
  ['an orb that is not there', { data: { orbVersion: null } }, 200, {}, 5, /private orb.*CIRCLECI_CLI_TOKEN/],
  ['an orb that a token does not show', { data: { orbVersion: null } }, 200, { token: 't' }, 5, /Check namespace/],
  ['an orb whose source is kept', withoutSource, 200, {}, 3, /Set CIRCLECI_CLI_TOKEN/],
  ['a token that is not valid', { message: 'no' }, 401, { token: 't' }, 3, /not valid/],
  ['no permission', { errors: [{ message: 'Must have member permission.' }] }, 200, { token: 't' }, 3, /no member/],
  ['an error of the query', { errors: [{ message: 'Cannot query field' }] }, 200, {}, 1, /^$/],
  ['an error that says not found', { errors: [{ message: 'Cannot find orb' }] }, 200, {}, 5, /Check namespace/],
  ['a broken server', 'oops', 500, {}, 1, /^$/],
  ['what is no JSON', '<html>', 200, {}, 1, /^$/],
  ['an answer without the version', { data: { orbVersion: { source: 'x' } } }, 200, {}, 1, /^$/],
])('%s', (_, body, status, options, exitCode, hint) => {
  it(`is exit code ${exitCode}`, async () => {
    const { endpoint } = await registry(body, status);
    await expect(fetchOrb('acme/tools@1', { ...options, endpoint })).rejects.toMatchObject({
      name: 'DeployError',
      exitCode,
      title: expect.stringContaining('acme/tools@1'),
    });
  });

  it('says what to do next', async () => {
    const { endpoint } = await registry(body, status);
    const error = await fetchOrb('acme/tools@1', { ...options, endpoint }).catch(
      (thrown: { hints: string[] }) => thrown,
    );
    expect((error as { hints: string[] }).hints.join('\n')).toMatch(hint);
  });
});

describe('a connection that is no good', () => {
  it('is told with its host', async () => {
    const { url } = await standIn((response) => response.end());
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    await expect(fetchOrb('a/b@1', { endpoint: url })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/),
    });
  });

  it('is given up after a time', async () => {
    const { url } = await standIn(() => undefined);
    await expect(fetchOrb('a/b@1', { endpoint: url, timeoutMs: 50 })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('no whole answer within 0.05 s'),
    });
  });

  it('is given up in the middle of an answer too', async () => {
    const { url } = await standIn((response) => response.write('half'));
    await expect(fetchOrb('a/b@1', { endpoint: url, timeoutMs: 50 })).rejects.toMatchObject({
      message: expect.stringContaining('no whole answer within 0.05 s'),
    });
  });

  it('is ended when the caller ends it, with the reason of the caller', async () => {
    const ending = new AbortController();
    const { url } = await standIn(() => ending.abort(new Error('enough')));
    await expect(fetchOrb('a/b@1', { endpoint: url, signal: ending.signal })).rejects.toThrow('enough');
  });

  it('does not fill the memory', async () => {
    const { endpoint } = await registry('x'.repeat(1000));
    await expect(fetchOrb('a/b@1', { endpoint, limitBytes: 999 })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('longer than 999 bytes'),
    });
  });
});

describe('a URL orb', () => {
  it('is read by GET, and keeps its URL as its reference', async () => {
    const { url, seen } = await standIn((response) => response.end(SOURCE));
    const orb = `${url}/tools.yml?ref=main#part`;
    expect(await fetchOrb(orb)).toEqual({ text: SOURCE, reference: orb });
    expect(seen).toMatchObject([{ method: 'GET', path: '/tools.yml?ref=main' }]);
  });

  it('never sees the token of CircleCI', async () => {
    const { url, seen } = await standIn((response) => response.end(SOURCE));
    await fetchOrb(`${url}/tools.yml`, { token: 'secret-token' });
    expect(JSON.stringify(seen)).not.toContain('secret-token');
  });

  it('is followed within its host', async () => {
    const { url, seen } = await standIn((response, { path }) => {
      if (path === '/new.yml') response.end(SOURCE);
      else response.writeHead(302, { location: '/new.yml' }).end();
    });
    expect(await fetchOrb(`${url}/old.yml`)).toMatchObject({ text: SOURCE });
    expect(seen.map(({ path }) => path)).toEqual(['/old.yml', '/new.yml']);
  });

  it('is not followed to another host', async () => {
    const other = await standIn((response) => response.end(SOURCE));
    const { url } = await standIn((response) => response.writeHead(302, { location: `${other.url}/x.yml` }).end());
    await expect(fetchOrb(`${url}/orb.yml`)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('redirects to another host'),
    });
    expect(other.seen).toEqual([]);
  });

  it('is not followed for ever', async () => {
    const { url, seen } = await standIn((response) => response.writeHead(302, { location: '/again' }).end());
    await expect(fetchOrb(`${url}/orb.yml`)).rejects.toMatchObject({ exitCode: 1 });
    expect(seen).toHaveLength(4);
  });

  it.each([
    [404, 5],
    [410, 5],
    [403, 3],
    [401, 3],
    [500, 1],
  ])('that is answered by HTTP %i is exit code %i', async (status, exitCode) => {
    const { url } = await standIn((response) => response.writeHead(status).end());
    await expect(fetchOrb(`${url}/orb.yml`)).rejects.toMatchObject({ exitCode });
  });

  it('that is a web page is refused, with the address to use instead', async () => {
    const { url } = await standIn((response) => response.end('\n<!DOCTYPE html><title>Sign in</title>'));
    await expect(fetchOrb(`${url}/orb.yml`)).rejects.toMatchObject({
      exitCode: 1,
      hints: [expect.stringContaining('raw.githubusercontent.com')],
    });
  });
});

describe('what is never sent', () => {
  it.each([
    ['a URL without encryption', 'http://example.com/orb.yml', {}],
    ['an endpoint without encryption', 'circleci/node@5', { endpoint: 'http://example.com/graphql' }],
    ['an endpoint that is no URL', 'circleci/node@5', { endpoint: 'circleci.com' }],
    ['a reference without a version', 'circleci/node', {}],
    ['a reference with a line break', 'circleci/node@5\nx', {}],
  ])('%s', async (_, reference, options) => {
    await expect(fetchOrb(reference, options)).rejects.toMatchObject({ name: 'DeployError', exitCode: 2 });
  });
});
