import * as ecr from '@aws-sdk/client-ecr';
import { describe, expect, it } from '@jest/globals';

import type { JsonObject } from '../../src/core/json.ts';
import { AwsError } from '../../src/local-aws/aws-error.ts';
import { type JsonCall, jsonService } from '../../src/local-aws/json-protocol.ts';
import type { Service, ServiceRequest, ServiceResponse } from '../../src/local-aws/service.ts';
import { worldOf } from './world.ts';

const TARGET = 'AmazonEC2ContainerRegistry_V20150921';

function serviceWith(createRepository: (input: ecr.CreateRepositoryRequest, call: JsonCall) => object): Service {
  return jsonService({
    name: 'ecr',
    world: worldOf(),
    client: ecr,
    protocol: { type: 'awsJson1.1', target: TARGET },
    handlers: { CreateRepository: createRepository },
    resources: { CreateRepository: (input, region) => `${region}/${String(input['repositoryName'])}` },
    snapshot: () => ({}),
    restore() {},
    reset() {},
  });
}

function requestTo(target: string, body: string): ServiceRequest {
  return {
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'x-amz-target': target },
    body: Buffer.from(body),
  };
}

function json(response: ServiceResponse): JsonObject {
  return JSON.parse(String(response.body)) as JsonObject;
}

const CREATE = `${TARGET}.CreateRepository`;

describe('awsJson 1.1', () => {
  it('gives the handler typed input, region and raw JSON, and writes its output', async () => {
    const seen: unknown[] = [];
    const service = serviceWith((input, call) => {
      seen.push(input, call.json, call.region);
      return { repository: { repositoryName: input.repositoryName, createdAt: new Date(2500) } };
    });
    const operation = service.operation(requestTo(CREATE, '{"repositoryName":"a","new":1}'))!;
    const response = await operation.run();
    expect(seen).toEqual([{ repositoryName: 'a' }, { repositoryName: 'a', new: 1 }, 'us-east-1']);
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' } });
    expect(json(response)).toEqual({ repository: { repositoryName: 'a', createdAt: 2.5 } });
  });

  it('names the operation and its resource before it runs', () => {
    const service = serviceWith(() => {
      throw new Error('was run');
    });
    const operation = service.operation(requestTo(CREATE, '{"repositoryName":"a"}'))!;
    expect(operation.name).toBe('ecr:CreateRepository');
    expect(operation.resource!()).toBe('us-east-1/a');
  });

  it('writes an AwsError with its name in header and body', async () => {
    const service = serviceWith(() => {
      throw new AwsError('RepositoryAlreadyExistsException', 'It is there');
    });
    const response = await service.operation(requestTo(CREATE, '{}'))!.run();
    expect(response).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'RepositoryAlreadyExistsException' },
    });
    expect(json(response)).toEqual({ __type: 'RepositoryAlreadyExistsException', message: 'It is there' });
  });

  it.each(['{', '[1]', '{"repositoryName":1}'])('answers the body %s with SerializationException', async (body) => {
    const response = await serviceWith(() => ({}))
      .operation(requestTo(CREATE, body))!
      .run();
    expect(response.status).toBe(400);
    expect(json(response)['__type']).toBe('SerializationException');
  });

  it.each(['PutImage', 'FromTheFuture', 'constructor'])('answers %s, which it lacks, with 501', async (name) => {
    const response = await serviceWith(() => ({}))
      .operation(requestTo(`${TARGET}.${name}`, '{}'))!
      .run();
    expect(response.status).toBe(501);
    expect(json(response)['message']).toBe(`The local AWS does not have ecr:${name}.`);
  });

  it('leaves the calls of other services alone', () => {
    expect(serviceWith(() => ({})).operation(requestTo('Other_V1.CreateRepository', '{}'))).toBeUndefined();
  });
});
