import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';

import type { AwsError } from '../../src/local-aws/aws-error.ts';
import { invoke } from '../../src/local-aws/internal-calls.ts';
import { createStack, type Stack } from '../../src/local-aws/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = createStack({}, () => 'http://127.0.0.1:4566');
  await stack.start();
});
beforeEach(() => stack.control.reset());
afterAll(() => stack.stop());

const REGISTER = {
  service: 'batch',
  operation: 'RegisterJobDefinition',
  region: 'eu-central-1',
  input: { jobDefinitionName: 'crawl', type: 'container', containerProperties: { image: 'a', vcpus: 1, memory: 4 } },
};
const ROLE = 'arn:aws:iam::123456789012:role/scheduler';

it('is carried out and answered as over the wire', async () => {
  expect(await invoke(REGISTER, stack)).toEqual({
    jobDefinitionName: 'crawl',
    jobDefinitionArn: 'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl:1',
    revision: 1,
  });
});

it('puts members that travel in the path or the query where a client puts them', async () => {
  const { jobDefinitionArn } = await invoke(REGISTER, stack);
  const call = { service: 'batch', region: 'eu-central-1' };
  await invoke(
    { ...call, operation: 'TagResource', input: { resourceArn: jobDefinitionArn!, tags: { a: '1', b: '2' } } },
    stack,
  );
  await invoke(
    { ...call, operation: 'UntagResource', input: { resourceArn: jobDefinitionArn!, tagKeys: ['a'] } },
    stack,
  );
  expect(
    await invoke({ ...call, operation: 'ListTagsForResource', input: { resourceArn: jobDefinitionArn! } }, stack),
  ).toEqual({ tags: { b: '2' } });
});

it('also reaches services that are told the operation in a header', async () => {
  const call = {
    service: 'ecr',
    operation: 'CreateRepository',
    region: 'eu-central-1',
    input: { repositoryName: 'crawl' },
  };
  expect(await invoke(call, stack)).toMatchObject({ repository: { repositoryName: 'crawl' } });
});

it('is logged as internal, by whom it comes from', async () => {
  await invoke({ ...REGISTER, principal: ROLE }, stack);
  expect(stack.control.requests()).toMatchObject([
    { operation: 'batch:RegisterJobDefinition', internal: true, state: 'answered', status: 200, applied: true },
  ]);
});

it.each([
  ['the other service’s own error', { ...REGISTER, input: {} }, 'ClientException', 400],
  ['an operation that is not there', { ...REGISTER, operation: 'Invent' }, 'NotImplementedException', 501],
  ['a service that is not there', { ...REGISTER, service: 'lambda' }, 'NotImplementedException', 501],
  ['a principal that is no role', { ...REGISTER, principal: 'me' }, 'ValidationException', 400],
])('rejects with %s', async (_name, call, name, status) => {
  await expect(invoke(call, stack)).rejects.toMatchObject({ name, status });
});

it('is denied what the scenario denies, in the name of the role', async () => {
  stack.control.setScenario({ iam: { deny: [{ action: 'batch:RegisterJobDefinition' }] } });
  const error = await invoke({ ...REGISTER, principal: ROLE, sessionName: 'nightly' }, stack).catch(
    (reason: AwsError) => reason,
  );
  expect(error).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('assumed-role/scheduler/nightly') as unknown,
  });
});

it.each([
  ['throttle', 'TooManyRequestsException', 429, false],
  ['500', 'ServerException', 500, false],
  ['reset-before', 'ServiceUnavailable', 503, false],
  ['reset-after-apply', 'ServiceUnavailable', 503, true],
  ['hang-after-apply', 'ServiceUnavailable', 503, true],
] as const)('meets the fault %s', async (kind, name, status, applied) => {
  stack.control.addFault({ operation: 'batch:RegisterJobDefinition', kind });
  await expect(invoke(REGISTER, stack)).rejects.toMatchObject({ name, status });
  expect(stack.control.requests()).toMatchObject([{ applied }]);
});
