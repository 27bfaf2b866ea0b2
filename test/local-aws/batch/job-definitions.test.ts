import {
  type BatchClient,
  DeregisterJobDefinitionCommand,
  DescribeJobDefinitionsCommand,
  type JobDefinition,
  ListTagsForResourceCommand,
  paginateDescribeJobDefinitions,
  RegisterJobDefinitionCommand,
  type RegisterJobDefinitionCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { batchClient, failureOf, signedHeaders } from '../clients.ts';

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

async function register(input: Partial<RegisterJobDefinitionCommandInput> = {}): Promise<string> {
  const command = new RegisterJobDefinitionCommand({
    jobDefinitionName: 'crawl',
    type: 'container',
    containerProperties: { image: 'crawl:1', vcpus: 1, memory: 512 },
    ...input,
  });
  return (await batch.send(command)).jobDefinitionArn!;
}

async function describeAll(input: ConstructorParameters<typeof DescribeJobDefinitionsCommand>[0] = {}) {
  return (await batch.send(new DescribeJobDefinitionsCommand(input))).jobDefinitions!;
}

const deregister = (jobDefinition: string) => batch.send(new DeregisterJobDefinitionCommand({ jobDefinition }));
const names = (definitions: JobDefinition[]) =>
  definitions.map(({ jobDefinitionName, revision }) => `${jobDefinitionName}:${revision}`);

describe('revisions', () => {
  it('are numbered from 1 in each name', async () => {
    expect([await register(), await register(), await register({ jobDefinitionName: 'other' })]).toEqual([
      'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl:1',
      'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl:2',
      'arn:aws:batch:eu-central-1:123456789012:job-definition/other:1',
    ]);
  });

  it('inherit nothing from the revision before', async () => {
    await register({
      parameters: { a: 'b' },
      retryStrategy: { attempts: 3 },
      timeout: { attemptDurationSeconds: 60 },
      propagateTags: true,
      schedulingPriority: 7,
      platformCapabilities: ['EC2'],
      tags: { team: 'data' },
      containerProperties: {
        image: 'crawl:1',
        vcpus: 1,
        memory: 512,
        jobRoleArn: 'arn:aws:iam::123456789012:role/job',
        environment: [{ name: 'A', value: '1' }],
      },
    });
    await register({ containerProperties: { image: 'crawl:2', vcpus: 2, memory: 1024 } });
    const [, second] = await describeAll();
    expect(second).toEqual({
      jobDefinitionName: 'crawl',
      jobDefinitionArn: 'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl:2',
      revision: 2,
      status: 'ACTIVE',
      type: 'container',
      parameters: {},
      tags: {},
      containerOrchestrationType: 'ECS',
      containerProperties: {
        image: 'crawl:2',
        command: [],
        environment: [],
        mountPoints: [],
        secrets: [],
        ulimits: [],
        volumes: [],
        resourceRequirements: [
          { type: 'VCPU', value: '2' },
          { type: 'MEMORY', value: '1024' },
        ],
      },
    });
  });

  it('keep their number when they are deregistered: it is never given again', async () => {
    await register();
    await register();
    await deregister('crawl:2');
    await deregister('crawl:1');
    expect(await register()).toMatch(/crawl:3$/);
  });

  it('are kept apart by region', async () => {
    await register();
    const other = batchClient(localAws, { region: 'us-west-2' });
    expect((await other.send(new DescribeJobDefinitionsCommand({}))).jobDefinitions).toEqual([]);
    const command = new RegisterJobDefinitionCommand({
      jobDefinitionName: 'crawl',
      type: 'container',
      containerProperties: { image: 'crawl:1', vcpus: 1, memory: 512 },
    });
    expect((await other.send(command)).jobDefinitionArn).toBe(
      'arn:aws:batch:us-west-2:123456789012:job-definition/crawl:1',
    );
    other.destroy();
  });

  it.each(['constructor', '__proto__', 'toString'])('a definition may be called %s', async (jobDefinitionName) => {
    await register({ jobDefinitionName });
    expect(names(await describeAll({ jobDefinitionName }))).toEqual([`${jobDefinitionName}:1`]);
    expect(JSON.stringify(localAws.control.state())).toContain(`job-definition/${jobDefinitionName}:1`);
  });
});

describe('deregistering', () => {
  it('makes a revision INACTIVE, by name:revision or ARN, as often as you like', async () => {
    await register();
    const arn = await register();
    await deregister('crawl:1');
    await deregister(arn);
    await deregister(arn);
    expect((await describeAll()).map(({ status }) => status)).toEqual(['INACTIVE', 'INACTIVE']);
  });

  it.each(['crawl:9', 'nothing:1'])('%s, which is not there, is a ClientException', async (jobDefinition) => {
    await register();
    expect((await failureOf(deregister(jobDefinition))).name).toBe('ClientException');
  });

  it('a bare name is a ClientException: nothing is guessed', async () => {
    await register();
    expect((await failureOf(deregister('crawl'))).name).toBe('ClientException');
    expect((await describeAll())[0]!.status).toBe('ACTIVE');
  });
});

describe('describing', () => {
  beforeEach(async () => {
    await register();
    await register();
    await register({ jobDefinitionName: 'crawl2' });
    await deregister('crawl:1');
  });

  it.each([
    ['everything', {}, ['crawl:1', 'crawl:2', 'crawl2:1']],
    ['a name', { jobDefinitionName: 'crawl' }, ['crawl:1', 'crawl:2']],
    ['a name that is not there', { jobDefinitionName: 'nothing' }, []],
    ['ACTIVE', { status: 'ACTIVE' }, ['crawl:2', 'crawl2:1']],
    ['INACTIVE of a name', { jobDefinitionName: 'crawl', status: 'INACTIVE' }, ['crawl:1']],
    ['a status that there is not', { status: 'active' }, []],
    ['name:revision', { jobDefinitions: ['crawl:1'] }, ['crawl:1']],
    ['an ARN', { jobDefinitions: ['arn:aws:batch:eu-central-1:123456789012:job-definition/crawl2:1'] }, ['crawl2:1']],
    ['revisions of which one is not there', { jobDefinitions: ['crawl:7', 'crawl:2'] }, ['crawl:2']],
    ['the same twice', { jobDefinitions: ['crawl:2', 'crawl:2'] }, ['crawl:2']],
  ])('finds %s', async (_case, input, found) => {
    expect(names(await describeAll(input))).toEqual(found);
  });

  it.each([
    ['a bare name in the list', { jobDefinitions: ['crawl'] }],
    ['a list and a name', { jobDefinitions: ['crawl:1'], jobDefinitionName: 'crawl' }],
    ['a list and a status', { jobDefinitions: ['crawl:1'], status: 'ACTIVE' }],
    ['more than 100 in the list', { jobDefinitions: Array.from({ length: 101 }, (_, index) => `crawl:${index}`) }],
    ['maxResults 0', { maxResults: 0 }],
    ['maxResults 101', { maxResults: 101 }],
    ['a token that was never given', { nextToken: 'next' }],
  ])('refuses %s', async (_case, input) => {
    expect((await failureOf(describeAll(input))).name).toBe('ClientException');
  });
});

describe('paging', () => {
  it('gives every revision once, in the order of their numbers', async () => {
    for (let count = 0; count < 12; count++) await register();
    const pages: string[][] = [];
    for await (const page of paginateDescribeJobDefinitions({ client: batch, pageSize: 5 }, {})) {
      pages.push(names(page.jobDefinitions!));
    }
    expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(Array.from({ length: 12 }, (_, index) => `crawl:${index + 1}`));
  });

  it('holds 100 when nothing is asked', async () => {
    for (let count = 0; count < 101; count++) await register();
    const first = await batch.send(new DescribeJobDefinitionsCommand({}));
    expect(first.jobDefinitions).toHaveLength(100);
    const second = await batch.send(new DescribeJobDefinitionsCommand({ nextToken: first.nextToken }));
    expect(names(second.jobDefinitions!)).toEqual(['crawl:101']);
    expect(second.nextToken).toBeUndefined();
  });

  it('skips nothing when what was read is deregistered between two pages', async () => {
    for (let count = 0; count < 4; count++) await register();
    const first = await batch.send(new DescribeJobDefinitionsCommand({ status: 'ACTIVE', maxResults: 2 }));
    await deregister('crawl:1');
    await deregister('crawl:2');
    const rest = await describeAll({ status: 'ACTIVE', maxResults: 2, nextToken: first.nextToken });
    expect(names(rest)).toEqual(['crawl:3', 'crawl:4']);
  });
});

describe('tags', () => {
  it('belong to one revision', async () => {
    const first = await register({ tags: { a: '1', b: '2' } });
    const second = await register();
    await batch.send(new TagResourceCommand({ resourceArn: first, tags: { b: '3', c: '4' } }));
    await batch.send(new UntagResourceCommand({ resourceArn: first, tagKeys: ['a', 'missing'] }));
    const tagsOf = async (resourceArn: string) =>
      (await batch.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    expect([await tagsOf(first), await tagsOf(second)]).toEqual([{ b: '3', c: '4' }, {}]);
    expect((await describeAll())[0]!.tags).toEqual({ b: '3', c: '4' });
  });

  it('several keys are removed at once', async () => {
    const resourceArn = await register({ tags: { a: '1', b: '2', c: '3' } });
    await batch.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'b'] }));
    expect((await describeAll())[0]!.tags).toEqual({ c: '3' });
  });

  it('more than 50 in the end are refused, and nothing is changed', async () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key${index}`, 'x']));
    const resourceArn = await register({ tags: many });
    const more = batch.send(new TagResourceCommand({ resourceArn, tags: { key0: 'y', another: 'z' } }));
    expect((await failureOf(more)).name).toBe('ClientException');
    expect((await describeAll())[0]!.tags).toEqual(many);
  });

  it('of what is not there are a ClientException', async () => {
    const resourceArn = 'arn:aws:batch:eu-central-1:123456789012:job-definition/crawl:1';
    const list = batch.send(new ListTagsForResourceCommand({ resourceArn }));
    expect((await failureOf(list)).name).toBe('ClientException');
  });
});

async function registerRaw(): Promise<string> {
  const response = await fetch(`${localAws.endpoint}/v1/registerjobdefinition`, {
    method: 'POST',
    headers: signedHeaders('batch'),
    body: JSON.stringify({
      jobDefinitionName: 'crawl',
      type: 'container',
      fromTheFuture: { deep: [1] },
      containerProperties: { image: 'a', vcpus: 1, memory: 4, alsoNew: true, user: null },
    }),
  });
  expect(response.status).toBe(200);
  const described = await fetch(`${localAws.endpoint}/v1/describejobdefinitions`, {
    method: 'POST',
    headers: signedHeaders('batch'),
    body: '{}',
  });
  return described.text();
}

describe('members that the SDK does not know', () => {
  it('are dropped', async () => {
    const described = await registerRaw();
    expect(described).not.toMatch(/fromTheFuture|alsoNew/);
  });

  it('are kept and given back by a Batch that is newer', async () => {
    localAws.control.setScenario({ batch: { unknownMembers: 'keep' } });
    const { jobDefinitions } = JSON.parse(await registerRaw()) as { jobDefinitions: object[] };
    expect(jobDefinitions).toMatchObject([
      { fromTheFuture: { deep: [1] }, revision: 1, containerProperties: { alsoNew: true, command: [] } },
    ]);
    expect(jobDefinitions[0]).not.toHaveProperty('containerProperties.user');
  });
});
