import { DescribeJobQueuesCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../src/local-aws/server.ts';
import { batchClient, failureOf, signedHeaders } from './clients.ts';

let localAws: LocalAws;

beforeAll(async () => {
  localAws = await startLocalAws({ maxBodyBytes: 1000 });
});
beforeEach(() => localAws.control.reset());
afterAll(() => localAws.close());

function post(path: string, headers: Record<string, string>, body = '{}'): Promise<Response> {
  return fetch(`${localAws.endpoint}${path}`, { method: 'POST', headers, body });
}

it('listens on the loopback address only', () => {
  expect(localAws.endpoint).toBe(`http://127.0.0.1:${localAws.port}`);
});

describe('every answer has a request id', () => {
  it.each([
    ['a success', '/v1/describejobqueues', signedHeaders('batch')],
    ['an error of a service', '/v1/registerjobdefinition', signedHeaders('batch')],
    ['an unknown operation', '/v1/nothing', signedHeaders('batch')],
    ['an unknown service', '/', signedHeaders('kinesis')],
    ['the control API', '/_aws-deploy/reset', {}],
  ])('%s', async (_case, path, headers) => {
    const response = await post(path, headers);
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('what is not there', () => {
  it('an operation that the SDK knows and the local AWS lacks is 501 and named', async () => {
    const response = await post('/v1/submitservicejob', signedHeaders('batch'));
    expect(response.status).toBe(501);
    expect(await response.json()).toEqual({
      __type: 'NotImplementedException',
      message: 'The local AWS does not have batch:SubmitServiceJob.',
    });
  });

  it('a path that the SDK does not know is 501 and named', async () => {
    const response = await post('/v1/fromthefuture', signedHeaders('batch'));
    expect(response.status).toBe(501);
    expect(await response.text()).toContain('POST /v1/fromthefuture');
  });

  it('another service is 501 and named by its call', async () => {
    const target = { 'x-amz-target': 'Kinesis_20131202.PutRecord' };
    const response = await post('/', { ...signedHeaders('kinesis'), ...target });
    expect(response.status).toBe(501);
    expect(await response.text()).toContain('Kinesis_20131202.PutRecord of the service kinesis');
    expect(localAws.control.requests()).toMatchObject([{ operation: 'kinesis:PutRecord', status: 501 }]);
  });
});

it('the HTTP date stays real when the clock is moved', async () => {
  await localAws.control.advance(86_400_000);
  const response = await post('/v1/describejobqueues', signedHeaders('batch'));
  const ahead = localAws.control.now().getTime() - Date.parse(response.headers.get('date')!);
  expect(ahead).toBeGreaterThan(86_000_000);
});

describe('a body that is too large', () => {
  it('is refused by its declared length', async () => {
    const response = await post('/v1/describejobqueues', signedHeaders('batch'), 'x'.repeat(1001));
    expect(response.status).toBe(413);
  });

  it('is refused when the length is not declared', async () => {
    const chunks = new ReadableStream({
      start(controller) {
        // It never ends: the answer must not wait for that.
        controller.enqueue(new TextEncoder().encode('x'.repeat(1200)));
      },
    });
    const response = await fetch(`${localAws.endpoint}/v1/describejobqueues`, {
      method: 'POST',
      headers: signedHeaders('batch'),
      body: chunks,
      duplex: 'half',
    });
    expect(response.status).toBe(413);
  });

  it('just as large as allowed is taken', async () => {
    const body = JSON.stringify({ nextToken: 'x'.repeat(1000 - 16) });
    expect(body).toHaveLength(1000);
    const response = await post('/v1/describejobqueues', signedHeaders('batch'), body);
    expect(response.status).toBe(400);
  });
});

it('a port in use is an error that says so', async () => {
  const error = await failureOf(startLocalAws({ port: localAws.port }));
  expect(error).toMatchObject({ code: 'local_aws.port', title: `Port ${localAws.port} is in use` });
});

it('a scenario that no service knows is an error', async () => {
  const error = await failureOf(startLocalAws({ scenario: { batch: { unknownMember: 'keep' } } }));
  expect(error).toMatchObject({ code: 'file.invalid' });
  expect(error.message).toContain('"batch" has no member "unknownMember"');
});

it('closing cuts a call that hangs', async () => {
  const other = await startLocalAws();
  other.control.addFault({ operation: '*', kind: 'hang-after-apply' });
  const batch = batchClient(other);
  const call = failureOf(batch.send(new DescribeJobQueuesCommand({})));
  await other.control.waitForRequest((request) => request.state === 'hanging');
  await other.close();
  expect((await call).message).toMatch(/socket hang up|ECONNRESET/);
  batch.destroy();
});
