import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import type { Scenario } from '../../../src/local-aws/scenario.ts';
import { type LocalAws, startLocalAws, type LocalAwsOptions } from '../../../src/local-aws/server.ts';
import { failureOf } from '../clients.ts';

let folder: string;
let running: LocalAws[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-aws-setup-'));
});
afterEach(async () => {
  for (const aws of running) await aws.close();
  running = [];
  await rm(folder, { recursive: true });
});

async function start(scenario: Scenario | string, options: LocalAwsOptions = {}): Promise<LocalAws> {
  const aws = await startLocalAws({ scenario, ...options });
  running.push(aws);
  return aws;
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** The part of what an AWS holds at a path of members. */
function held({ control }: LocalAws, ...path: string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (value, name) => (value as JsonObject | undefined)?.[name],
    control.state(),
  );
}

const REGION = 'eu-central-1';
const REPOSITORY = { call: 'ecr:CreateRepository', region: REGION, input: { repositoryName: 'crawl' } };

describe('what a scenario sets up', () => {
  it('is there when the local AWS answers, service by service', async () => {
    const aws = await start({
      region: REGION,
      setup: [
        REPOSITORY,
        {
          call: 's3:CreateBucket',
          input: { Bucket: 'scripts', CreateBucketConfiguration: { LocationConstraint: REGION } },
        },
        {
          call: 's3:PutBucketVersioning',
          input: { Bucket: 'scripts', VersioningConfiguration: { Status: 'Enabled' } },
        },
        {
          call: 's3:PutObject',
          input: {
            Bucket: 'scripts',
            Key: 'a b/ü.sh',
            Body: 'echo\n',
            ContentType: 'text/x-shellscript',
            Metadata: { By: 'us' },
          },
        },
        { call: 'logs:CreateLogGroup', input: { logGroupName: '/aws/batch/crawl' } },
        {
          call: 'batch:RegisterJobDefinition',
          input: {
            jobDefinitionName: 'crawl',
            type: 'container',
            containerProperties: { image: 'a', vcpus: 1, memory: 4 },
          },
        },
        { call: 'events:PutRule', input: { Name: 'nightly', ScheduleExpression: 'rate(1 day)' } },
      ],
    });
    expect(held(aws, 'ecr', REGION, 'crawl')).toMatchObject({ name: 'crawl' });
    expect(held(aws, 's3', 'scripts')).toMatchObject({ region: REGION, versioning: 'Enabled' });
    expect(held(aws, 's3', 'scripts', 'objects', 'a b/ü.sh')).toMatchObject([
      { size: 5, headers: { 'content-type': 'text/x-shellscript' }, metadata: { by: 'us' } },
    ]);
    expect(held(aws, 'logs', REGION, 'groups', '/aws/batch/crawl')).toBeDefined();
    expect(held(aws, 'batch', REGION, 'jobDefinitions', 'crawl')).toHaveLength(1);
    expect(held(aws, 'events', 'regions', REGION, 'rules', 'default/nightly')).toBeDefined();
  });

  it('is in the region that a call names, else in that of the scenario, else in us-east-1', async () => {
    const named = (repositoryName: string, region?: string): JsonObject => ({
      call: 'ecr:CreateRepository',
      ...(region !== undefined && { region }),
      input: { repositoryName },
    });
    const aws = await start({ region: REGION, setup: [named('one', 'eu-west-3'), named('two')] });
    expect(held(aws, 'ecr')).toMatchObject({ 'eu-west-3': { one: {} }, [REGION]: { two: {} } });
    const other = await start({ setup: [named('three')] });
    expect(held(other, 'ecr')).toMatchObject({ 'us-east-1': { three: {} } });
  });

  it('comes from a YAML file as well, comments, anchors and all', async () => {
    const scenario = await file(
      'local-aws.yml',
      ['# what Terraform makes', 'setup:', '  - call: ecr:CreateRepository', '    input: {repositoryName: crawl}'].join(
        '\n',
      ),
    );
    expect(held(await start(scenario), 'ecr', 'us-east-1', 'crawl')).toBeDefined();
  });

  it('may have times, written as people do', async () => {
    const schedule = (StartDate: JsonValue): JsonObject => ({
      call: 'scheduler:CreateSchedule',
      region: REGION,
      input: {
        Name: 'nightly',
        ScheduleExpression: 'rate(1 day)',
        StartDate,
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
          RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
          Input: '{}',
        },
      },
    });
    const time = '2126-11-20T03:00:00.000Z';
    for (const written of [time, '2126-11-20T04:00:00+01:00', Date.parse(time) / 1000]) {
      const aws = await start({ setup: [schedule(written)] });
      expect(held(aws, 'scheduler', 'regions', REGION, 'schedules', 'default/nightly')).toMatchObject({
        StartDate: time,
      });
    }
    const error = await failureOf(start({ setup: [schedule('soon')] }));
    expect(error.message).toContain('setup[0] (scheduler:CreateSchedule): SerializationException');
  });

  it('is in no log, and no denial or scenario of behaviour meets it', async () => {
    const aws = await start({ setup: [REPOSITORY], iam: { deny: [{ action: 'ecr:*' }] } });
    expect(held(aws, 'ecr', REGION, 'crawl')).toBeDefined();
    expect(aws.control.requests()).toEqual([]);
  });

  it('is what a reset goes back to, and no part of the scenario in force', async () => {
    const aws = await start({
      setup: [REPOSITORY],
      images: [{ name: 'docker.io/library/alpine:3', region: REGION }],
      batch: { work: [] },
    });
    const state = aws.control.state();
    const bucket = await fetch(`${aws.endpoint}/other`, {
      method: 'PUT',
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=any/20261120/us-east-1/s3/aws4_request' },
    });
    expect(bucket.status).toBe(200);
    expect(aws.control.state()).not.toEqual(state);
    aws.control.reset();
    expect(aws.control.state()).toEqual(state);
    expect(aws.control.scenario()).toEqual({ batch: { work: [] } });
  });

  it('is made once where the state is kept: after a restart, the state counts', async () => {
    const stateDir = join(folder, 'state');
    const first = await start({ setup: [REPOSITORY] }, { stateDir });
    const state = first.control.state();
    await first.close();
    running = [];
    const second = await start({ setup: [{ ...REPOSITORY, input: { repositoryName: 'other' } }] }, { stateDir });
    expect(second.control.state()).toEqual(state);
  });
});

describe('a setup that can not be made ends the start, with the item and the file', () => {
  it.each<[string, JsonValue, string]>([
    ['is no list', {}, '"setup" must be a list'],
    ['holds no object', ['ecr'], 'setup[0] must be an object'],
    ['has an item without a call', [{ region: REGION }], 'setup[0] needs "call"'],
    [
      'has an unknown member',
      [{ ...REPOSITORY, inputs: {} }],
      'setup[0] has no member "inputs", only call, region and input',
    ],
    ['names no region', [{ ...REPOSITORY, region: 'Frankfurt' }], 'setup[0]: "region" must be the name of a region'],
    ['has no input', [{ ...REPOSITORY, input: 'crawl' }], 'setup[0]: "input" must be an object'],
    [
      'names an unknown service',
      [{ call: 'iam:CreateRole' }],
      'setup[0]: there is no service "iam" to be set up, only batch, ecr',
    ],
    [
      'names an unknown operation',
      [REPOSITORY, { call: 'ecr:MakeRepository' }],
      'setup[1] (ecr:MakeRepository): The local AWS does not have ecr:MakeRepository',
    ],
    [
      'names one that AWS has and this does not',
      [{ call: 'ecr:StartImageScan' }],
      'The local AWS does not have ecr:StartImageScan',
    ],
    [
      'names one of S3 that makes nothing',
      [{ call: 's3:GetObject' }],
      'Of S3 there are CreateBucket, PutBucketVersioning, PutObject',
    ],
    [
      'misspells a member',
      [{ ...REPOSITORY, input: { repositoryNme: 'crawl' } }],
      'The input has no member "repositoryNme"',
    ],
    [
      'misspells a member inside of another',
      [{ call: 'batch:RegisterJobDefinition', input: { containerProperties: { environment: [{ nam: 'A' }] } } }],
      'The input has no member "containerProperties.environment[0].nam"',
    ],
    [
      'misspells a member of S3',
      [{ call: 's3:CreateBucket', input: { Bucket: 'b', Location: 'x' } }],
      'The input has no member "Location"',
    ],
    ['leaves out a bucket', [{ call: 's3:PutObject', input: { Key: 'k' } }], 'The input needs "Bucket"'],
    [
      'is refused',
      [REPOSITORY, REPOSITORY],
      'setup[1] (ecr:CreateRepository): RepositoryAlreadyExistsException: The repository',
    ],
    [
      'is refused by S3',
      [{ call: 's3:CreateBucket', region: REGION, input: { Bucket: 'scripts' } }],
      'setup[0] (s3:CreateBucket): IllegalLocationConstraintException: The us-east-1 location',
    ],
  ])('when it %s', async (_case, setup, says) => {
    const path = await file('local-aws.json', JSON.stringify({ setup }));
    const error = await failureOf(startLocalAws({ scenario: path }));
    expect(error).toMatchObject({ code: 'file.invalid', exitCode: 7 });
    expect(error.message.startsWith(path)).toBe(true);
    expect(error.message).toContain(says);
  });

  it('and the line of what was refused', async () => {
    const item = '  - {call: ecr:CreateRepository, input: {repositoryName: crawl}}';
    const path = await file('twice.yml', ['setup:', item, item].join('\n'));
    const error = await failureOf(startLocalAws({ scenario: path }));
    expect(error.message).toContain(`${path}:3:5: setup[1]`);
  });

  it('and the line where a YAML file is broken', async () => {
    const path = await file('broken.yml', 'setup:\n  - {call: [}\n');
    const error = await failureOf(startLocalAws({ scenario: path }));
    expect(error).toMatchObject({ code: 'file.invalid', exitCode: 7 });
    expect(error.message).toContain(`${path}:2:`);
  });

  it('and frees the port', async () => {
    const first = await startLocalAws();
    const { port } = first;
    await first.close();
    await failureOf(startLocalAws({ port, scenario: { setup: [REPOSITORY, REPOSITORY] } }));
    expect((await start({}, { port })).port).toBe(port);
  });
});
