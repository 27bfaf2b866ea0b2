import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { startServer, type RunningServer } from '../running-server.ts';

const APP = 'examples/ecs-service/app';

describe('the server', () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer(`${APP}/server.mjs`, { GREETING: 'Good morning' });
  });
  afterEach(() => server.stop());

  it.each([
    ['/', 200, 'Good morning\n'],
    ['/healthz', 200, 'ok\n'],
    ['/other', 404, 'There is nothing here.\n'],
  ])('answers %s with %i', async (path, status, text) => {
    const response = await fetch(server.url + path);
    expect([response.status, await response.text()]).toEqual([status, text]);
  });

  it('ends well when ECS stops it', async () => {
    expect(await server.stop()).toEqual({ code: 0, output: expect.stringContaining('web: stopping\n') });
  });
});

it('the migration says what it does, and can be run twice', () => {
  const [first, second] = [1, 2].map(() => spawnSync(process.execPath, [`${APP}/migrate.mjs`], { encoding: 'utf8' }));
  expect(first).toMatchObject({ status: 0, stdout: expect.stringMatching(/migrate: done\n$/) });
  expect(second?.stdout).toBe(first?.stdout);
});
