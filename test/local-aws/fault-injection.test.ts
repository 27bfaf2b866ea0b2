import {
  type BatchClient,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../src/local-aws/server.ts';
import { batchClient, failureOf, signedHeaders, stsClient } from './clients.ts';

let localAws: LocalAws;
let batch: BatchClient;

beforeAll(async () => {
  localAws = await startLocalAws();
  batch = batchClient(localAws);
});
beforeEach(() => localAws.control.reset());
afterAll(async () => {
  batch.destroy();
  await localAws.close();
});

const REGISTER = 'batch:RegisterJobDefinition';

function register(abortSignal?: AbortSignal): Promise<{ revision?: number | undefined }> {
  const command = new RegisterJobDefinitionCommand({
    jobDefinitionName: 'crawl',
    type: 'container',
    containerProperties: { image: 'crawl:1', vcpus: 1, memory: 512 },
  });
  return batch.send(command, abortSignal === undefined ? {} : { abortSignal });
}

async function registered(): Promise<number> {
  const { jobDefinitions } = await batch.send(new DescribeJobDefinitionsCommand({}));
  return jobDefinitions!.length;
}

describe('throttling is told as the service tells it', () => {
  it('Batch: 429 TooManyRequestsException, not applied', async () => {
    localAws.control.addFault({ operation: REGISTER, kind: 'throttle' });
    expect(await failureOf(register())).toMatchObject({
      name: 'TooManyRequestsException',
      $metadata: { httpStatusCode: 429 },
    });
    expect(await registered()).toBe(0);
  });

  it('STS: 400 ThrottlingException', async () => {
    localAws.control.addFault({ operation: 'sts:GetCallerIdentity', kind: 'throttle' });
    const sts = stsClient(localAws);
    expect(await failureOf(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
    });
    sts.destroy();
  });

  it('ECR: 400 ThrottlingException', async () => {
    localAws.control.addFault({ operation: 'ecr:DescribeRepositories', kind: 'throttle' });
    const target = { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories' };
    const headers = { ...signedHeaders('ecr'), ...target };
    const response = await fetch(localAws.endpoint, { method: 'POST', headers, body: '{}' });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([400, 'ThrottlingException']);
  });

  it('a registry: 429 TOOMANYREQUESTS', async () => {
    localAws.control.addFault({ operation: '*', kind: 'throttle' });
    const response = await fetch(`${localAws.endpoint}/v2/`);
    expect(response.status).toBe(429);
    expect(await response.text()).toContain('TOOMANYREQUESTS');
  });

  it('S3: 503 SlowDown', async () => {
    localAws.control.addFault({ operation: 's3:ListBuckets', kind: 'throttle' });
    const response = await fetch(localAws.endpoint, { headers: signedHeaders('s3') });
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('<Code>SlowDown</Code>');
  });
});

it('500 is the service’s own server error, not applied', async () => {
  localAws.control.addFault({ operation: REGISTER, kind: '500' });
  expect(await failureOf(register())).toMatchObject({ name: 'ServerException', $metadata: { httpStatusCode: 500 } });
  expect(await registered()).toBe(0);
});

it.each([
  ['access-denied', 'AccessDeniedException'],
  ['expired-token', 'ExpiredTokenException'],
] as const)('%s is the service’s own %s, not applied, and the next call goes through', async (kind, name) => {
  localAws.control.addFault({ operation: REGISTER, kind });
  expect(await failureOf(register())).toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
  expect(await registered()).toBe(0);
  expect((await register()).revision).toBe(1);
});

it('reset-before cuts the connection, not applied', async () => {
  localAws.control.addFault({ operation: REGISTER, kind: 'reset-before' });
  expect((await failureOf(register())).message).toContain('read ECONNRESET');
  expect(await registered()).toBe(0);
});

it('reset-after-apply cuts the connection, applied', async () => {
  localAws.control.addFault({ operation: REGISTER, kind: 'reset-after-apply' });
  expect((await failureOf(register())).message).toContain('read ECONNRESET');
  expect(await registered()).toBe(1);
});

it('hang-after-apply applies and never answers, and the log says when it hangs', async () => {
  localAws.control.addFault({ operation: REGISTER, kind: 'hang-after-apply' });
  const leave = new AbortController();
  const call = failureOf(register(leave.signal));
  const hanging = await localAws.control.waitForRequest((request) => request.state === 'hanging');
  expect(hanging).toMatchObject({ operation: REGISTER, applied: true, fault: 'hang-after-apply' });
  leave.abort();
  expect((await call).name).toBe('AbortError');
  await localAws.control.waitForRequest((request) => request.state === 'disconnected');
  expect(await registered()).toBe(1);
});

describe('delay', () => {
  it('applies after the wait', async () => {
    localAws.control.addFault({ operation: REGISTER, kind: 'delay', ms: 1 });
    expect((await register()).revision).toBe(1);
  });

  it('does not apply when the client has left meanwhile', async () => {
    localAws.control.addFault({ operation: REGISTER, kind: 'delay', ms: 600_000 });
    const leave = new AbortController();
    const call = failureOf(register(leave.signal));
    await localAws.control.waitForRequest((request) => request.state === 'delayed');
    leave.abort();
    await call;
    const left = await localAws.control.waitForRequest((request) => request.state === 'disconnected');
    expect(left.applied).toBe(false);
    expect(await registered()).toBe(0);
  });
});

describe('which call a fault hits', () => {
  it('nth counts calls of that operation only, from now on', async () => {
    await register();
    localAws.control.addFault({ operation: REGISTER, kind: '500', nth: 2 });
    await registered();
    expect((await register()).revision).toBe(2);
    expect((await failureOf(register())).name).toBe('ServerException');
    expect((await register()).revision).toBe(3);
  });

  it('times makes it hit that many calls', async () => {
    localAws.control.addFault({ operation: REGISTER, kind: '500', times: 2 });
    expect((await failureOf(register())).name).toBe('ServerException');
    expect((await failureOf(register())).name).toBe('ServerException');
    expect((await register()).revision).toBe(1);
  });

  it.each(['*', 'batch:*'])('%s counts every call', async (operation) => {
    localAws.control.addFault({ operation, kind: '500', nth: 2 });
    await batch.send(new DescribeJobQueuesCommand({}));
    expect((await failureOf(register())).name).toBe('ServerException');
  });

  it('of two that are due, the one added first', async () => {
    localAws.control.addFault({ operation: REGISTER, kind: 'throttle' });
    localAws.control.addFault({ operation: '*', kind: '500' });
    expect((await failureOf(register())).name).toBe('TooManyRequestsException');
    expect((await register()).revision).toBe(1);
  });

  it('cleared faults hit nothing', async () => {
    localAws.control.addFault({ operation: '*', kind: '500' });
    localAws.control.clearFaults();
    expect((await register()).revision).toBe(1);
  });
});

it('the SDK’s own retries get over a throttled call', async () => {
  localAws.control.addFault({ operation: REGISTER, kind: 'throttle' });
  const patient = batchClient(localAws, { maxAttempts: 3 });
  const command = new RegisterJobDefinitionCommand({
    jobDefinitionName: 'crawl',
    type: 'container',
    containerProperties: { image: 'crawl:1', vcpus: 1, memory: 512 },
  });
  expect((await patient.send(command)).revision).toBe(1);
  patient.destroy();
});
