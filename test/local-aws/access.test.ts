import { DescribeJobQueuesCommand, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../src/local-aws/server.ts';
import { batchClient, failureOf, signedHeaders, stsClient } from './clients.ts';

let localAws: LocalAws;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  localAws = await startLocalAws();
});
beforeEach(() => localAws.control.reset());
afterEach(() => clients.splice(0).forEach((client) => client.destroy()));
afterAll(() => localAws.close());

const batch = (config?: Parameters<typeof batchClient>[1]) => track(batchClient(localAws, config));
const sts = (config?: Parameters<typeof stsClient>[1]) => track(stsClient(localAws, config));

function track<Client extends { destroy(): void }>(client: Client): Client {
  clients.push(client);
  return client;
}

function register(name: string): RegisterJobDefinitionCommand {
  const containerProperties = { image: 'a', vcpus: 1, memory: 4 };
  return new RegisterJobDefinitionCommand({ jobDefinitionName: name, type: 'container', containerProperties });
}

async function session(
  durationSeconds = 900,
): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
  const command = new AssumeRoleCommand({
    RoleArn: 'arn:aws:iam::123456789012:role/ci',
    RoleSessionName: 'build-7',
    DurationSeconds: durationSeconds,
  });
  const { Credentials } = await sts().send(command);
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
  };
}

describe('a denial of the scenario', () => {
  it('is AccessDeniedException that names who, what and on what', async () => {
    localAws.control.setScenario({ iam: { deny: [{ action: 'batch:RegisterJobDefinition' }] } });
    const error = await failureOf(batch().send(register('crawl')));
    expect(error).toMatchObject({ name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } });
    expect(error.message).toContain(
      'User: arn:aws:iam::123456789012:user/local is not authorized to perform: batch:RegisterJobDefinition ' +
        'on resource: arn:aws:batch:eu-central-1:123456789012:job-definition/crawl',
    );
  });

  it('names the role of a session', async () => {
    const credentials = await session();
    localAws.control.setScenario({ iam: { deny: [{ action: '*' }] } });
    const error = await failureOf(batch({ credentials }).send(register('crawl')));
    expect(error.message).toContain('User: arn:aws:sts::123456789012:assumed-role/ci/build-7 is not authorized');
  });

  it('is for the resources that match only', async () => {
    const resource = 'arn:aws:batch:*:*:job-definition/prod-*';
    localAws.control.setScenario({ iam: { deny: [{ action: 'batch:Register*', resource }] } });
    expect((await failureOf(batch().send(register('prod-crawl')))).name).toBe('AccessDeniedException');
    expect((await batch().send(register('test-crawl'))).revision).toBe(1);
  });

  it('lets other actions through', async () => {
    localAws.control.setScenario({ iam: { deny: [{ action: 'batch:RegisterJobDefinition' }] } });
    expect((await batch().send(new DescribeJobQueuesCommand({}))).jobQueues).toEqual([]);
  });

  it('is AccessDenied in the words of STS and S3', async () => {
    localAws.control.setScenario({ iam: { deny: [{ action: '*' }] } });
    const denied = await failureOf(sts().send(new GetCallerIdentityCommand({})));
    expect(denied).toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    const response = await fetch(localAws.endpoint, { headers: signedHeaders('s3') });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>AccessDenied</Code>');
  });

  it('is 400 AccessDeniedException of ECR', async () => {
    localAws.control.setScenario({ iam: { deny: [{ action: 'ecr:CreateRepository' }] } });
    const target = { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.CreateRepository' };
    const headers = { ...signedHeaders('ecr'), ...target };
    const body = '{"repositoryName":"crawl"}';
    const response = await fetch(localAws.endpoint, { method: 'POST', headers, body });
    expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([400, 'AccessDeniedException']);
    expect(await response.text()).toContain('arn:aws:ecr:eu-central-1:123456789012:repository/crawl');
  });

  it('does not count as applied', async () => {
    localAws.control.setScenario({ iam: { deny: [{ action: '*' }] } });
    await failureOf(batch().send(register('crawl')));
    expect(localAws.control.requests()).toMatchObject([{ status: 403, applied: false }]);
  });
});

describe('without a signature', () => {
  it('Batch answers MissingAuthenticationTokenException', async () => {
    const response = await fetch(`${localAws.endpoint}/v1/describejobqueues`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });

  it('STS answers MissingAuthenticationToken', async () => {
    const response = await fetch(`${localAws.endpoint}/?Action=GetCallerIdentity&Version=2011-06-15`);
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });
});

describe('a session that has expired', () => {
  it('works until then', async () => {
    localAws.control.setRate(0);
    const credentials = await session(900);
    await localAws.control.advance(898_000);
    expect((await batch({ credentials }).send(register('crawl'))).revision).toBe(1);
  });

  it('is told by Batch, STS and S3 in their words', async () => {
    const credentials = await session(900);
    await localAws.control.advance(900_000);
    expect(await failureOf(batch({ credentials }).send(register('crawl')))).toMatchObject({
      name: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    });
    expect((await failureOf(sts({ credentials }).send(new GetCallerIdentityCommand({})))).name).toBe('ExpiredToken');
    const scope = `${credentials.accessKeyId}/20261120/eu-central-1/s3/aws4_request`;
    const response = await fetch(localAws.endpoint, {
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
        'x-amz-security-token': credentials.sessionToken,
      },
    });
    expect(await response.text()).toContain('<Code>ExpiredToken</Code>');
  });
});

it('a session token with the key of another is invalid', async () => {
  const credentials = { ...(await session()), accessKeyId: 'ASIAOTHER' };
  expect((await failureOf(batch({ credentials }).send(register('crawl')))).name).toBe('UnrecognizedClientException');
});
