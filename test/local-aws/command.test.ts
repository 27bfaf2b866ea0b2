import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { runLocalAws } from '../../src/local-aws/command.ts';
import { startLocalAws } from '../../src/local-aws/server.ts';
import { failureOf } from './clients.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-aws-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ready {
  endpoint: string;
  pid: number;
  port: number;
}

/** Runs the command until `use` is through with it. */
async function whileRunning(
  options: { scenario?: string; state?: string },
  use: (ready: Ready) => Promise<void>,
): Promise<string> {
  const stop = new AbortController();
  const stdout = new PassThrough();
  const ended = runLocalAws({ port: 0, stdout, signal: stop.signal, ...options });
  const line = await Promise.race([
    new Promise<string>((resolve) => stdout.once('data', (data) => resolve(String(data)))),
    ended.then(() => 'ended early'),
  ]);
  await use(JSON.parse(line) as Ready);
  stop.abort();
  await ended;
  return line;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('aws-deploy local-aws', () => {
  it('prints one JSON line when it is ready, and serves until it is told to end', async () => {
    let endpoint = '';
    const line = await whileRunning({}, async (ready) => {
      endpoint = ready.endpoint;
      expect(ready).toEqual({ endpoint: `http://127.0.0.1:${ready.port}`, pid: process.pid, port: ready.port });
      expect((await fetch(`${ready.endpoint}/_aws-deploy/health`)).status).toBe(200);
    });
    expect(line).toMatch(/^[^\n]+\n$/);
    expect((await failureOf(fetch(`${endpoint}/_aws-deploy/health`))).message).toBe('fetch failed');
  });

  it('plays a scenario file', async () => {
    const scenario = file('scenario.json', '{"batch": {"unknownMembers": "keep"}}');
    await whileRunning({ scenario }, async ({ endpoint }) => {
      const response = await fetch(`${endpoint}/_aws-deploy/scenarios`);
      expect(await response.json()).toEqual({ batch: { unknownMembers: 'keep' } });
    });
  });

  it.each([
    ['is no JSON', '{"batch": ', 'broken.json'],
    ['is no object', '[]', 'list.json'],
    ['names no service', '{"batsch": {}}', 'typo.json'],
  ])('a scenario file that %s is an error', async (_case, text, name) => {
    const scenario = file(name, text);
    const run = runLocalAws({ port: 0, scenario, stdout: new PassThrough(), signal: new AbortController().signal });
    const error = await failureOf(run);
    expect(error).toMatchObject({ code: 'file.invalid', exitCode: 7 });
    expect(error.message).toContain(`${scenario}:`);
  });

  it('a scenario file that is not there is an error that names it', async () => {
    const scenario = join(folder, 'missing.json');
    const run = runLocalAws({ port: 0, scenario, stdout: new PassThrough(), signal: new AbortController().signal });
    const error = await failureOf(run);
    expect(error).toMatchObject({ code: 'file.invalid' });
    expect(error.message).toContain(`${scenario}: There is no such file.`);
  });

  it('a port in use is an error that names it', async () => {
    const other = await startLocalAws();
    const { port } = other;
    const run = runLocalAws({ port, stdout: new PassThrough(), signal: new AbortController().signal });
    expect(await failureOf(run)).toMatchObject({ code: 'local_aws.port', title: `Port ${port} is in use` });
    await other.close();
  });
});
