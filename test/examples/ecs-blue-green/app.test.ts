import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startServer, type RunningServer } from '../running-server.ts';

describe('the server', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer('examples/ecs-blue-green/app/server.mjs');
  });
  afterEach(() => server.stop());

  it.each([
    ['/prices', 200, { currency: 'EUR', cents: { apple: 30, pear: 35 } }],
    ['/healthz', 200, { ok: true }],
    ['/other', 404, { error: 'There is nothing here.' }],
  ])('answers %s with %i', async (path, status, answer) => {
    const response = await fetch(server.url + path);
    expect([response.status, await response.json()]).toEqual([status, answer]);
  });

  it('ends well when ECS stops it', async () => {
    expect(await server.stop()).toEqual({ code: 0, output: expect.stringContaining('api: stopping\n') });
  });
});
