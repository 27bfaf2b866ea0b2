import { request as httpRequest } from 'node:http';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { type LocalAws, startLocalAws } from '../../src/local-aws/server.ts';
import { signedHeaders } from './clients.ts';

let localAws: LocalAws;

beforeAll(async () => {
  localAws = await startLocalAws({ scenario: { batch: { unknownMembers: 'keep' } } });
});
beforeEach(() => localAws.control.reset());
afterAll(() => localAws.close());

interface Answer {
  status: number;
  body: JsonObject;
}

async function control(method: string, route: string, body?: JsonValue | string): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${localAws.endpoint}/_aws-deploy/${route}`, {
    method,
    ...(text !== undefined && { body: text }),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
}

async function register(name: string): Promise<void> {
  const containerProperties = { image: 'a', vcpus: 1, memory: 4 };
  const response = await fetch(`${localAws.endpoint}/v1/registerjobdefinition`, {
    method: 'POST',
    headers: { ...signedHeaders('batch'), 'x-amz-security-token': 'planted-secret' },
    body: JSON.stringify({ jobDefinitionName: name, type: 'container', containerProperties }),
  });
  expect(response.status).toBe(200);
}

it('health says which services there are', async () => {
  const { status, body } = await control('GET', 'health');
  expect(status).toBe(200);
  expect(body).toMatchObject({ status: 'ok', account: '123456789012', endpoint: localAws.endpoint });
  expect(body['services']).toEqual(expect.arrayContaining(['batch', 's3', 'sts']));
});

describe('clock', () => {
  it.each([
    [1000, 1000],
    ['90s', 90_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['2d', 172_800_000],
  ])('advance %s', async (advance, ms) => {
    await control('POST', 'clock', { rate: 0 });
    const before = localAws.control.now().getTime();
    const { body } = await control('POST', 'clock', { advance });
    expect(Date.parse(body['now'] as string) - before).toBe(ms);
  });

  it.each([{ settle: true }, { settle: true, advance: '15m' }, { settle: false, rate: 0 }])(
    'waits for the work of jobs when told so: %j',
    async (body) => {
      expect((await control('POST', 'clock', body)).status).toBe(200);
    },
  );

  it('stands still at rate 0', async () => {
    await control('POST', 'clock', { rate: 0 });
    expect((await control('GET', 'clock')).body).toEqual((await control('GET', 'clock')).body);
  });
});

describe('input that is wrong is 400 and says why', () => {
  it.each([
    ['clock', '{', 'not valid JSON'],
    ['clock', {}, '"advance", "rate" or'],
    ['clock', [], '"advance", "rate" or'],
    ['clock', { advance: -1 }, '"advance" must be'],
    ['clock', { advance: 'soon' }, '"advance" must be'],
    ['clock', { rate: -1 }, '"rate" must be'],
    ['clock', { speed: 2 }, 'no "speed"'],
    ['clock', { settle: 'yes' }, '"settle" must be'],
    ['clock', { skipWaits: 1 }, '"skipWaits" must be'],
    ['faults', {}, '"operation" must be'],
    ['faults', 'null', 'A fault is an object'],
    ['faults', { operation: 'Register', kind: 'throttle' }, '"operation" must be'],
    ['faults', { operation: '*', kind: 'explode' }, '"kind" must be one of'],
    ['faults', { operation: '*', kind: 'throttle', nth: 0 }, '"nth" must be'],
    ['faults', { operation: '*', kind: 'throttle', times: 1.5 }, '"times" must be'],
    ['faults', { operation: '*', kind: 'delay' }, 'needs "ms"'],
    ['faults', { operation: '*', kind: 'throttle', ms: 5 }, '"ms" belongs'],
    ['faults', { operation: '*', kind: 'throttle', when: 'now' }, 'no member "when"'],
    ['scenarios', [], 'must be an object'],
    ['scenarios', { setup: [] }, '"setup" counts in the scenario of the start only'],
    ['scenarios', { batsch: {} }, 'no part "batsch"'],
    ['scenarios', { batch: true }, '"batch" must be an object'],
    ['scenarios', { batch: { unknownMembers: 'maybe' } }, '"drop" or "keep"'],
    ['scenarios', { batch: { queues: [] } }, 'only "jobs", "unknownMembers" and "work"'],
    ['scenarios', { batch: { jobs: [{}] } }, '"batch.jobs[0]" needs "match"'],
    ['scenarios', { batch: { work: ['vm'] } }, '"batch.work" must be a list'],
    ['scenarios', { iam: { deny: [{}] } }, 'needs "action"'],
    ['scenarios', { iam: { deny: {} } }, 'must be a list'],
    ['scenarios', { iam: { allow: [] } }, 'no member "allow"'],
    ['scenarios', { iam: { deny: [{ action: 'a:b', resource: 1 }] } }, '"resource" must be text'],
  ])('%s %j', async (route, body, text) => {
    const answer = await control('POST', route, body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toContain(text);
  });

  it('adds none of a list of faults when one is wrong', async () => {
    await control('POST', 'faults', [
      { operation: '*', kind: '500' },
      { operation: '*', kind: 'x' },
    ]);
    expect((await control('GET', 'faults')).body).toEqual({ faults: [] });
  });

  it('an unknown route is 404, a wrong method 405', async () => {
    expect((await control('GET', 'nothing')).status).toBe(404);
    expect((await control('GET', 'constructor')).status).toBe(404);
    expect((await control('POST', 'health')).status).toBe(405);
  });
});

it('a browser is refused', async () => {
  const status = await new Promise((resolve, reject) => {
    const url = `${localAws.endpoint}/_aws-deploy/reset`;
    const request = httpRequest(url, { method: 'POST', headers: { origin: 'https://example.com' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('error', reject).end();
  });
  expect(status).toBe(403);
});

it('faults are listed with the calls they have counted, and cleared', async () => {
  await control('POST', 'faults', [{ operation: 'batch:*', kind: '500', nth: 3 }]);
  await register('a');
  expect((await control('GET', 'faults')).body).toEqual({
    faults: [{ operation: 'batch:*', kind: '500', nth: 3, times: 1, calls: 1 }],
  });
  await control('DELETE', 'faults');
  expect((await control('GET', 'faults')).body).toEqual({ faults: [] });
});

describe('requests', () => {
  it('are logged with what they asked and how they ended, and without secrets', async () => {
    await register('crawl');
    const { body } = await control('GET', 'requests');
    expect(body['requests']).toMatchObject([
      {
        number: 1,
        operation: 'batch:RegisterJobDefinition',
        service: 'batch',
        method: 'POST',
        path: '/v1/registerjobdefinition',
        region: 'eu-central-1',
        accessKeyId: 'AKIATEST',
        status: 200,
        state: 'answered',
        applied: true,
        headers: { authorization: '***', 'x-amz-security-token': '***', host: `127.0.0.1:${localAws.port}` },
      },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/planted-secret|Signature=0123/);
  });

  it('are cleared', async () => {
    await register('crawl');
    await control('DELETE', 'requests');
    expect((await control('GET', 'requests')).body).toEqual({ requests: [] });
  });
});

describe('state', () => {
  it('is the same text for the same calls, in whatever order', async () => {
    await register('a');
    await register('b');
    const first = await (await fetch(`${localAws.endpoint}/_aws-deploy/state`)).text();
    await control('POST', 'reset');
    await register('b');
    await register('a');
    expect(await (await fetch(`${localAws.endpoint}/_aws-deploy/state`)).text()).toBe(first);
  });

  it('does not change by asking', async () => {
    const before = (await control('GET', 'state')).body;
    await fetch(`${localAws.endpoint}/v1/describejobqueues`, { method: 'POST', headers: signedHeaders('batch') });
    expect((await control('GET', 'state')).body).toEqual(before);
  });
});

it('reset goes back to the start: no state, log or faults, real time, the first scenario', async () => {
  const fresh = (await control('GET', 'state')).body;
  await register('a');
  await control('POST', 'faults', { operation: '*', kind: '500' });
  await control('POST', 'clock', { rate: 0, advance: '1h' });
  await control('PUT', 'scenarios', {});
  await control('POST', 'reset');
  expect((await control('GET', 'state')).body).toEqual(fresh);
  expect((await control('GET', 'requests')).body).toEqual({ requests: [] });
  expect((await control('GET', 'faults')).body).toEqual({ faults: [] });
  expect((await control('GET', 'scenarios')).body).toEqual({ batch: { unknownMembers: 'keep' } });
  expect(localAws.control.rate()).toBe(1);
  expect(Math.abs(localAws.control.now().getTime() - Date.now())).toBeLessThan(60_000);
});
