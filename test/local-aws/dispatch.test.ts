import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../src/local-aws/aws-error.ts';
import { dispatch, type DispatchParts, type Dispatched } from '../../src/local-aws/dispatch.ts';
import { Faults } from '../../src/local-aws/faults.ts';
import { jsonError } from '../../src/local-aws/json-protocol.ts';
import { RequestLog } from '../../src/local-aws/request-log.ts';
import type { Operation, ServiceRequest } from '../../src/local-aws/service.ts';
import { signedHeaders } from './clients.ts';
import { worldOf } from './world.ts';

const REQUEST: ServiceRequest = {
  method: 'POST',
  path: '/',
  query: new URLSearchParams(),
  headers: signedHeaders('batch'),
  body: Buffer.alloc(0),
};

interface Told {
  bugs: unknown[];
  saved: number;
}

function send(operation: Operation, scenario = {}, told: Told = { bugs: [], saved: 0 }): Promise<Dispatched> {
  const parts: DispatchParts = {
    world: worldOf({ scenario: (name) => (scenario as Record<string, never>)[name] }),
    services: [
      {
        name: 'batch',
        operation: () => operation,
        error: jsonError,
        snapshot: () => ({}),
        restore() {},
        reset() {},
      },
    ],
    faults: new Faults(),
    log: new RequestLog(),
    applied: () => void (told.saved += 1),
    bug: (error) => told.bugs.push(error),
  };
  return dispatch(REQUEST, parts, new AbortController().signal);
}

describe('an operation that throws', () => {
  it('an AwsError is answered in the service’s protocol', async () => {
    const { outcome, entry } = await send({
      name: 'batch:X',
      run() {
        throw new AwsError('ClientException', 'wrong');
      },
    });
    expect(outcome).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'ClientException' } });
    expect(entry.applied).toBe(true);
  });

  it('anything else is a bug, which is told, and the service’s server error', async () => {
    const told: Told = { bugs: [], saved: 0 };
    const bug = new TypeError('x is undefined');
    const { outcome } = await send({ name: 'batch:X', run: () => Promise.reject(bug) }, {}, told);
    expect(outcome).toMatchObject({ status: 500, headers: { 'x-amzn-errortype': 'ServerException' } });
    expect(told.bugs).toEqual([bug]);
  });
});

it('what was applied is saved before it is answered', async () => {
  const told: Told = { bugs: [], saved: 0 };
  await send({ name: 'batch:X', run: () => ({ status: 200 }) }, {}, told);
  expect(told.saved).toBe(1);
});

it('a request whose resource cannot be told is denied on *', async () => {
  const operation: Operation = {
    name: 'batch:X',
    resource() {
      throw new AwsError('SerializationException', 'no JSON');
    },
    run: () => ({ status: 200 }),
  };
  const { outcome } = await send(operation, { iam: { deny: [{ action: 'batch:*' }] } });
  expect(outcome).toMatchObject({ status: 403 });
  expect(JSON.stringify(outcome)).toContain('on resource: * with');
});
