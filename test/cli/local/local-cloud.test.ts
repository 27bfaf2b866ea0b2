import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BatchClient,
  DescribeJobsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
} from '@aws-sdk/client-batch';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findScenario, variablesSaid } from '../../../src/cli/local/cloud-inputs.ts';
import {
  joinLocalAws,
  type LocalCloud,
  type LocalCloudOptions,
  openLocalCloud,
} from '../../../src/cli/local/local-cloud.ts';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { localIssuer, signToken, type TokenOptions } from '../../../src/runner/tools/local-issuer.ts';
import { failureOf } from '../../local-aws/clients.ts';
import { pipelineOf } from '../../runner/support/pipeline-of.ts';
import { TOKEN_JOB } from '../../runner/tools/support/tool-stage.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
const issuer = await localIssuer('the-organization');

let cloud: LocalCloud | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

async function open(scenario: object | undefined, more: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  let path: string | undefined;
  if (scenario !== undefined) {
    path = join(await tempFolder(), 'local-aws.yml');
    await writeFile(path, JSON.stringify(scenario));
  }
  cloud = await openLocalCloud({ scenario: path, issuer, said: [], env: {}, ...more });
  return cloud;
}

function clientSettings({ environment }: LocalCloud) {
  return { endpoint: environment['AWS_ENDPOINT_URL']!, region: 'eu-central-1', credentials: KEYS };
}

describe('the environment that jobs get', () => {
  it('leads to the local AWS and its mirror, and has no keys and no region that nobody said', async () => {
    const { environment } = await open(undefined);
    const endpoint = environment['AWS_ENDPOINT_URL'];
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(environment).toEqual({
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEPLOY_REGISTRY_MIRROR: endpoint?.slice('http://'.length),
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  });

  it('has the region of the scenario', async () => {
    const { environment } = await open({ region: 'eu-central-1' });
    expect(environment).toMatchObject({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
  });

  it.each(['AWS_REGION', 'AWS_DEFAULT_REGION'])('has no region where %s is said elsewhere', async (name) => {
    const { environment } = await open({ region: 'eu-central-1' }, { said: [name] });
    expect(Object.keys(environment)).not.toEqual(expect.arrayContaining([expect.stringMatching(/REGION$/)]));
  });

  it.each([
    [{ HTTPS_PROXY: 'http://proxy:3128' }, '127.0.0.1'],
    [{ http_proxy: 'http://proxy:3128', NO_PROXY: '.acme.io' }, '.acme.io,127.0.0.1'],
  ])('leads past a proxy: %j', async (env, expected) => {
    const { environment } = await open(undefined, { env });
    expect(environment).toMatchObject({ NO_PROXY: expected, no_proxy: expected });
  });
});

async function assumeIn(opened: LocalCloud, token: string): Promise<string | undefined> {
  const sts = new STSClient(clientSettings(opened));
  try {
    const { Provider } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: 'arn:aws:iam::123456789012:role/ci',
        RoleSessionName: 'test',
        WebIdentityToken: token,
      }),
    );
    return Provider;
  } finally {
    sts.destroy();
  }
}

function signed(options: Partial<TokenOptions> = {}, signer = issuer): string {
  return signToken(signer, TOKEN_JOB, { now: new Date(), version: 2, ...options });
}

describe('whom the local AWS lets in', () => {
  const assume = async (token: string): Promise<string | undefined> => assumeIn(await open({}), token);

  it.each([
    ['a token of the run', {}],
    ['one with the audience that AWS names', { audience: 'sts.amazonaws.com' }],
  ])('%s', async (_what, options) => {
    expect(await assume(signed(options))).toBe('https://oidc.circleci.com/org/the-organization');
  });

  it('a token of CircleCI as the issuer', async () => {
    expect(await assume(signed({ rootIssuer: true }))).toBe('https://oidc.circleci.com');
  });

  it('nobody with a token that another run has signed', async () => {
    const other = await localIssuer('the-organization');
    expect(await failureOf(assume(signed({}, other)))).toMatchObject({ name: 'InvalidIdentityTokenException' });
  });
});

describe('the local AWS of a run', () => {
  const setup = [
    {
      call: 'batch:CreateComputeEnvironment',
      input: {
        computeEnvironmentName: 'fargate',
        type: 'MANAGED',
        computeResources: { type: 'FARGATE', maxvCpus: 1, subnets: ['s'], securityGroupIds: ['g'] },
      },
    },
    {
      call: 'batch:CreateJobQueue',
      input: { jobQueueName: 'q', priority: 1, computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'fargate' }] },
    },
    {
      call: 'batch:RegisterJobDefinition',
      input: {
        jobDefinitionName: 'crawl',
        type: 'container',
        containerProperties: { image: 'a', vcpus: 1, memory: 4 },
      },
    },
  ];
  const jobs = [{ match: '*', outcome: { exitCode: 0 }, durations: { RUNNABLE: '1h', RUNNING: '1h' } }];

  it('skips what jobs wait for, and tells what they came to but not what was there before', async () => {
    const opened = await open({ region: 'eu-central-1', setup, batch: { jobs } });
    expect(opened.changes()).toEqual([]);
    const batch = new BatchClient(clientSettings(opened));
    const { jobId = '' } = await batch.send(
      new SubmitJobCommand({ jobName: 'night', jobQueue: 'q', jobDefinition: 'crawl' }),
    );
    for (let status; status !== 'SUCCEEDED';) {
      ({ status } = (await batch.send(new DescribeJobsCommand({ jobs: [jobId] }))).jobs![0]!);
    }
    batch.destroy();
    expect(opened.changes()).toEqual([
      'batch job night of crawl:1: SUCCEEDED, exit code 0',
      'logs /aws/batch/job created',
      'logs /aws/batch/job: 1 line in 1 stream',
    ]);
  });

  it('is none with a scenario that can not be used', async () => {
    expect(await failureOf(open({ setup: [{ call: 'ecr:Nothing' }] }))).toMatchObject({ exitCode: 7 });
  });
});

describe('a local AWS that several runs join', () => {
  let aws: LocalAws;
  beforeEach(async () => {
    aws = await startLocalAws({ scenario: { region: 'eu-central-1' } });
  });
  afterEach(() => aws.close());

  async function register(run: LocalCloud): Promise<void> {
    const batch = new BatchClient(clientSettings(run));
    const containerProperties = { image: 'a', vcpus: 1, memory: 4 };
    await batch.send(
      new RegisterJobDefinitionCommand({ jobDefinitionName: 'crawl', type: 'container', containerProperties }),
    );
    batch.destroy();
  }

  it('lives on when a run leaves it, and tells each what has changed since it came', async () => {
    const first = joinLocalAws(aws, { issuer, said: [], env: {} });
    await register(first);
    await first.close();
    const second = joinLocalAws(aws, { issuer, said: [], env: {} });
    await register(second);
    expect(first.environment).toEqual(second.environment);
    expect(first.changes()).toEqual(['batch crawl:1 registered', 'batch crawl:2 registered']);
    expect(second.changes()).toEqual(['batch crawl:2 registered']);
  });

  it('lets in the run that came last, and no longer the one before', async () => {
    const earlier = await localIssuer('the-organization');
    joinLocalAws(aws, { issuer: earlier, said: [], env: {} });
    const run = joinLocalAws(aws, { issuer, said: [], env: {} });
    expect(await assumeIn(run, signed())).toBe('https://oidc.circleci.com/org/the-organization');
    expect(await failureOf(assumeIn(run, signed({}, earlier)))).toMatchObject({
      name: 'InvalidIdentityTokenException',
    });
  });
});

describe('where the scenario is', () => {
  it('is what was named, else beside the config, else nowhere', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, '.circleci'));
    expect(findScenario('.circleci/config.yml', undefined, folder)).toBeUndefined();
    await writeFile(join(folder, '.circleci/local-aws.yml'), '');
    expect(findScenario('.circleci/config.yml', undefined, folder)).toBe(join(folder, '.circleci/local-aws.yml'));
    expect(findScenario('.circleci/config.yml', 'other.json', folder)).toBe(join(folder, 'other.json'));
  });
});

it('what is said of a region may be said by the project, a context or a job', () => {
  const pipeline = pipelineOf(
    'version: 2.1\njobs: {a: {machine: true, environment: {JOB: x}, steps: [checkout]}}\nworkflows: {main: {jobs: [a]}}\n',
  );
  const contexts = { project: { PROJECT: 'x' }, named: new Map([['c', { CONTEXT: 'x' }]]), warnings: [] };
  expect([...variablesSaid(pipeline, contexts)]).toEqual(['PROJECT', 'CONTEXT', 'JOB']);
});
