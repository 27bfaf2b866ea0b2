import * as batch from '@aws-sdk/client-batch';
import * as ecr from '@aws-sdk/client-ecr';
import * as events from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from '@jest/globals';

import {
  fromText,
  httpBindings,
  indexOperations,
  inputFromPascalCase,
  parseBody,
  readInput,
  writeOutput,
} from '../../src/local-aws/json-schema.ts';

const batchOperations = indexOperations(batch);
const ecrOperations = indexOperations(ecr);
const registerJobDefinition = batchOperations.get('RegisterJobDefinition')!;

describe('the contract with the SDK that is pinned', () => {
  it('finds method and path of a REST operation', () => {
    expect(registerJobDefinition.http).toEqual({ method: 'POST', path: '/v1/registerjobdefinition', status: 200 });
  });

  it('finds the operations of an awsJson client, which have no path', () => {
    expect(ecrOperations.get('PutImage')).toMatchObject({ name: 'PutImage' });
    expect(ecrOperations.get('PutImage')!.http).toBeUndefined();
  });

  it('finds every command of a client', () => {
    const commands = Object.keys(batch).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);
    expect([...batchOperations.keys()].toSorted()).toEqual(commands.toSorted());
  });

  it('says which members travel in path and query', () => {
    expect([...httpBindings(batchOperations.get('UntagResource')!)]).toEqual([
      ['resourceArn', { in: 'label' }],
      ['tagKeys', { in: 'query', name: 'tagKeys', list: true }],
    ]);
  });

  it('drops members that the schema lacks, at every depth', () => {
    const input = readInput(registerJobDefinition, {
      jobDefinitionName: 'crawl',
      fromTheFuture: 1,
      containerProperties: { image: 'a', alsoNew: true },
    });
    expect(input).toEqual({ jobDefinitionName: 'crawl', containerProperties: { image: 'a' } });
  });

  it('lets no unknown member in by way of __type', () => {
    expect(readInput(registerJobDefinition, { __type: 'x', jobDefinitionName: 'crawl', fromTheFuture: 1 })).toEqual({
      jobDefinitionName: 'crawl',
    });
  });

  it('reads blobs as bytes and writes timestamps as seconds', () => {
    const input = readInput(ecrOperations.get('UploadLayerPart')!, { layerPartBlob: 'aGk=' }) as {
      layerPartBlob: Uint8Array;
    };
    expect(Buffer.from(input.layerPartBlob).toString()).toBe('hi');
    const output = { repository: { repositoryName: 'a', createdAt: new Date(1500) } };
    expect(JSON.parse(writeOutput(ecrOperations.get('CreateRepository')!, output))).toEqual({
      repository: { repositoryName: 'a', createdAt: 1.5 },
    });
  });

  it('writes only what the output has', () => {
    const output = { jobDefinitionName: 'a', jobDefinitionArn: 'b', revision: 1, extra: true };
    expect(JSON.parse(writeOutput(registerJobDefinition, output))).toEqual({
      jobDefinitionName: 'a',
      jobDefinitionArn: 'b',
      revision: 1,
    });
  });
});

describe('wrong input', () => {
  it.each([
    ['a text where a number belongs', { schedulingPriority: '1' }, 'schedulingPriority'],
    ['a number where a text belongs', { jobDefinitionName: 1 }, 'jobDefinitionName'],
    ['a text where a list belongs', { containerProperties: { command: 'ls' } }, 'containerProperties.command'],
    ['a number inside a list of texts', { containerProperties: { command: ['ls', 1] } }, 'command[1]'],
    ['a list where a structure belongs', { containerProperties: [] }, 'containerProperties'],
    ['a list where a map belongs', { tags: [] }, 'tags'],
    ['a number inside a map of texts', { tags: { a: 1 } }, 'tags.a'],
    ['a text where a boolean belongs', { propagateTags: 'yes' }, 'propagateTags'],
  ])('%s is a SerializationException that says where', (_case, json, where) => {
    const error = thrownBy(() => readInput(registerJobDefinition, json));
    expect(error).toMatchObject({ name: 'SerializationException', status: 400 });
    expect(error.message).toContain(where);
  });

  it.each(['{', '[]', '"text"', 'null'])('the body %s is a SerializationException', (body) => {
    expect(thrownBy(() => parseBody(Buffer.from(body))).name).toBe('SerializationException');
  });

  it('an empty body is an empty input', () => {
    expect(parseBody(Buffer.alloc(0))).toEqual({});
  });
});

it('text of a path stays text where the member is one', () => {
  expect(fromText(batchOperations.get('TagResource')!, 'resourceArn', '12')).toBe('12');
});

function thrownBy(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('an input in PascalCase', () => {
  const submitJob = batchOperations.get('SubmitJob')!;

  it('becomes one of the API, at every depth, with the keys of maps as they are', () => {
    const input = {
      JobName: 'n',
      Parameters: { StartUrl: 'u', depth: '2' },
      ContainerOverrides: { Environment: [{ Name: 'MODE', Value: 'full' }] },
      ArrayProperties: { Size: 2 },
    };
    expect(inputFromPascalCase(submitJob, input)).toEqual({
      jobName: 'n',
      parameters: { StartUrl: 'u', depth: '2' },
      containerOverrides: { environment: [{ name: 'MODE', value: 'full' }] },
      arrayProperties: { size: 2 },
    });
  });

  it.each([
    [{ jobName: 'n' }, 'jobName'],
    [{ ContainerOverrides: { Environment: [{ name: 'MODE' }] } }, 'ContainerOverrides.Environment[0].name'],
  ])('with a member that the API does not have is refused: %j', (input, member) => {
    expect(() => inputFromPascalCase(submitJob, input)).toThrow(`The Input has an unknown member: ${member}`);
  });
});

it('an operation without output has an empty body', () => {
  expect(writeOutput(indexOperations(events).get('DisableRule')!, {})).toBe('');
});
