import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BatchClient,
  paginateDescribeJobDefinitions,
  RegisterJobDefinitionCommand,
  type JobDefinition,
} from '@aws-sdk/client-batch';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeResultFile } from '../../src/circleci/release-record.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { OutputsRecord, Result } from '../../src/core/result.ts';
import { CONTAINER, DIGEST, ECS, MULTINODE, SCRIPT_SHA256, withContainer } from '../support/definitions.ts';
import { awsEnvironment, localAwsForTests, operationsOf, REGION } from '../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const localAws = localAwsForTests();
let batch: BatchClient;
let env: Record<string, string>;

beforeEach(async () => {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  batch = new BatchClient({ endpoint: localAws().endpoint, region: REGION, credentials });
  env = await awsEnvironment(localAws());
});
afterEach(() => batch.destroy());

const NEW_IMAGE = `ghcr.io/acme/crawl@${DIGEST}`;

/** What Terraform, or a person with the AWS CLI, does. */
async function registerByHand(definition: JsonObject): Promise<void> {
  await batch.send(new RegisterJobDefinitionCommand(definition as never));
}

async function revisions(): Promise<JobDefinition[]> {
  const found: JobDefinition[] = [];
  const input = { jobDefinitionName: 'crawl', status: 'ACTIVE' };
  for await (const page of paginateDescribeJobDefinitions({ client: batch }, input)) {
    found.push(...(page.jobDefinitions ?? []));
  }
  return found.toSorted((a, b) => Number(a.revision) - Number(b.revision));
}

async function newest(): Promise<JobDefinition> {
  return (await revisions()).at(-1)!;
}

function register(args: readonly string[], more: Record<string, string> = {}, cwd = '/'): Promise<CliRun> {
  return runCli(['register-job-definition', '--output', 'json', ...args], { env: { ...env, ...more }, cwd });
}

/** Registers from a file that holds a definition. */
async function registerFile(
  definition: JsonObject | string,
  args: readonly string[] = [],
  more: Record<string, string> = {},
): Promise<CliRun> {
  const cwd = await tempFolder();
  await writeFile(join(cwd, 'job.yml'), typeof definition === 'string' ? definition : JSON.stringify(definition));
  return register(['--job-definition', 'job.yml', ...args], more, cwd);
}

const crawl = (...args: string[]): string[] => ['--job-definition-name', 'crawl', ...args];

describe('from a file, which is the whole truth', () => {
  it('registers the first revision, and says what came of it', async () => {
    const run = await registerFile(CONTAINER, [], { CIRCLE_SHA1: 'abc', AWS_DEPLOY_PIPELINE_NUMBER: '12' });
    const arn = `arn:aws:batch:${REGION}:123456789012:job-definition/crawl:1`;
    expect(resultOf(run)).toMatchObject({
      component: 'crawl',
      status: 'changed',
      exitCode: 0,
      account: '123456789012',
      region: REGION,
      changes: [{ resource: arn, kind: 'created' }],
      outputs: { jobDefinitionName: 'crawl', jobDefinitionArn: arn, revision: 1, image: 'ghcr.io/acme/crawl:1' },
    });
    expect((await newest()).tags).toEqual({
      'aws-deploy:git-sha': 'abc',
      'aws-deploy:pipeline': '12',
      'aws-deploy:definition-hash': resultOf(run).outputs['definitionHash'],
    });
  });

  it('a second time there is nothing to do, and nothing is registered', async () => {
    await registerFile(CONTAINER);
    localAws().control.clearRequests();
    const run = await registerFile(CONTAINER, [], { CIRCLE_SHA1: 'another commit' });
    expect(resultOf(run)).toMatchObject({ status: 'unchanged', exitCode: 0, outputs: { revision: 1 } });
    expect(operationsOf(localAws())).toEqual(['sts:GetCallerIdentity', 'batch:DescribeJobDefinitions']);
  });

  it('YAML and JSON that say the same are the same', async () => {
    await registerFile(CONTAINER);
    const yaml = [
      '# nightly',
      'jobDefinitionName: crawl',
      'type: container',
      'containerProperties:',
      '  image: ghcr.io/acme/crawl:1',
      '  vcpus: 1',
      '  memory: 512',
    ].join('\n');
    expect(resultOf(await registerFile(yaml)).status).toBe('unchanged');
  });

  it('nothing is merged from AWS', async () => {
    await registerByHand({
      ...withContainer(CONTAINER, { jobRoleArn: 'arn:aws:iam::123456789012:role/job' }),
      tags: { team: 'data' },
    });
    const run = await registerFile(CONTAINER);
    expect(resultOf(run).changes[0]?.diff).toEqual([
      '- containerProperties.jobRoleArn: "arn:aws:iam::123456789012:role/job"',
      '- tags.team: "data"',
    ]);
    expect((await newest()).containerProperties?.jobRoleArn).toBeUndefined();
    expect(run.stderr).toContain('warning: Revision 1 was not registered by aws-deploy. If Terraform');
  });

  it('takes the name from the parameter where the file has none', async () => {
    const { jobDefinitionName: _none, ...nameless } = CONTAINER;
    expect(resultOf(await registerFile(nameless, crawl())).outputs['jobDefinitionName']).toBe('crawl');
  });

  it.each(['container', 'ecs', 'multinode'])('what the parameters ask for is set over it: %s', async (kind) => {
    const definition = { container: CONTAINER, ecs: ECS, multinode: MULTINODE }[kind] ?? CONTAINER;
    const where = { container: [], ecs: ['--container', 'proxy'], multinode: ['--container', '1:2/proxy'] }[kind] ?? [];
    const run = await registerFile(definition, [...where, '--image', NEW_IMAGE, '--environment', 'A=$NOT_EXPANDED']);
    expect(run.exitCode).toBe(0);
    expect(JSON.stringify(await newest())).toContain(`"image":"${NEW_IMAGE}"`);
    expect(JSON.stringify(await newest())).toContain('{"name":"A","value":"$NOT_EXPANDED"}');
  });
});

describe('a file that can not be right is refused before anything is called', () => {
  it.each<[string, string, number, string]>([
    ['broken', '{"jobDefinitionName": "crawl",\n "type" "container"}', 7, 'job.yml:2:'],
    ['no object', '- crawl', 7, 'job.yml:1:1: an object with jobDefinitionName and type is needed.'],
    [
      'what AWS would refuse, with the place',
      JSON.stringify(withContainer(CONTAINER, { environment: [{ name: 'AWS_BATCH_X', value: '1' }] }), null, 1),
      7,
      'job.yml:18:13: containerProperties.environment[0].name must not begin with AWS_BATCH',
    ],
    [
      'a wrong type',
      'jobDefinitionName: crawl\ntype: container\ncontainerProperties:\n  image: a\n  vcpus: "1"\n  memory: 512\n',
      7,
      'job.yml:5:10: containerProperties.vcpus must be a number (got: "1")',
    ],
    [
      'no name',
      'type: container\ncontainerProperties: {image: a, vcpus: 1, memory: 4}',
      7,
      'jobDefinitionName is missing',
    ],
  ])('%s', async (_what, text, exitCode, message) => {
    const run = await registerFile(text);
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).toContain(message);
    expect(operationsOf(localAws())).toEqual([]);
  });

  it('the file of another definition', async () => {
    const run = await registerFile(CONTAINER, ['--job-definition-name', 'other']);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('job.yml is for job definition "crawl", not "other"');
    expect(operationsOf(localAws())).toEqual([]);
  });

  it('each place is told once, and all of them at once', async () => {
    const environment = [{ name: 'A', value: 1 }];
    const run = await registerFile({
      ...withContainer(CONTAINER, { environment }),
      timeout: { attemptDurationSeconds: '60' },
    });
    expect(run.exitCode).toBe(7);
    expect(run.stderr.match(/^ {2}job\.yml:.*/gm)).toEqual([
      expect.stringContaining('containerProperties.environment[0].value must be a string (got: 1)'),
      expect.stringContaining('timeout.attemptDurationSeconds must be a number (got: "60")'),
    ]);
  });

  it('no such file: exit code 5', async () => {
    expect((await register(['--job-definition', 'nowhere.json'])).exitCode).toBe(5);
  });

  it.each([
    ['a reserved variable', ['--environment', 'AWS_BATCH_X=1'], 'environment must not set AWS_BATCH_X'],
    ['a time limit that is too short', ['--timeout', '59s'], 'timeout must be at least 60s'],
    ['a tag with a character that AWS does not take', ['--tags', 'team#=x'], 'tags: team#'],
    ['a third of a script', ['--batch-file-type', 'zip'], 'go together'],
    ['two thirds of a script', ['--batch-file-type', 'zip', '--batch-file-s3-url', 's3://b/x'], 'go together'],
    [
      'a script without its type',
      ['--batch-file-s3-url', 's3://b/x', '--batch-file-sha256', SCRIPT_SHA256],
      'go together',
    ],
    ['an image that is none', ['--image', 'UPPER CASE'], 'UPPER CASE'],
    ['a name with a revision', ['--job-definition-name', 'crawl:3'], 'must be a name of letters'],
  ])('so is %s: exit code 2', async (_what, args, message) => {
    const run = await register([...crawl(), ...args]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(message);
    expect(operationsOf(localAws())).toEqual([]);
  });

  it('a member that is not known is warned about, with the place and the nearest name', async () => {
    const run = await registerFile(
      'jobDefinitionName: crawl\ntype: container\ntimout: {}\ncontainerProperties: {image: a, vcpus: 1, memory: 4}\n',
      ['--dry-run'],
    );
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain(
      'warning: job.yml:3:9: timout is not known to this version of aws-deploy (did you mean timeout?)',
    );
  });
});

describe('carried forward from the newest revision', () => {
  const FULL: JsonObject = {
    ...withContainer(CONTAINER, {
      jobRoleArn: 'arn:aws:iam::123456789012:role/job',
      environment: [
        { name: 'B', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
    retryStrategy: { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onExitCode: '3' }] },
    tags: { team: 'data' },
  };

  it('changes the image and keeps all the rest; once more there is nothing to do', async () => {
    await registerByHand(FULL);
    const run = await register(crawl('--image', NEW_IMAGE));
    expect(resultOf(run)).toMatchObject({
      status: 'changed',
      outputs: { revision: 2, image: NEW_IMAGE },
      changes: [
        {
          kind: 'updated',
          diff: ['- containerProperties.image: "ghcr.io/acme/crawl:1"', `+ containerProperties.image: "${NEW_IMAGE}"`],
        },
      ],
    });
    const [first, second] = await revisions();
    expect(second?.containerProperties).toEqual({ ...first?.containerProperties, image: NEW_IMAGE });
    expect(second?.retryStrategy).toEqual(first?.retryStrategy);
    expect(second?.tags).toMatchObject({ team: 'data', 'aws-deploy:image-digest': DIGEST });
    expect(resultOf(await register(crawl('--image', NEW_IMAGE)))).toMatchObject({
      status: 'unchanged',
      outputs: { revision: 2 },
    });
  });

  it('fields that this version has never heard of survive', async () => {
    localAws().control.setScenario({ batch: { unknownMembers: 'keep' } });
    const definition = { ...withContainer(CONTAINER, { brandNew: { deep: [1] } }), alsoNew: 'x' };
    await registerFile(definition);
    await register(crawl('--image', NEW_IMAGE));
    expect(localAws().control.state()).toMatchObject({
      batch: {
        [REGION]: {
          jobDefinitions: {
            crawl: [{}, { alsoNew: 'x', containerProperties: { image: NEW_IMAGE, brandNew: { deep: [1] } } }],
          },
        },
      },
    });
  });

  it('finds the newest among more than a hundred', async () => {
    for (let count = 1; count <= 101; count++) {
      await registerByHand(withContainer(CONTAINER, { command: [String(count)] }));
    }
    expect(resultOf(await register(crawl('--image', NEW_IMAGE))).outputs['revision']).toBe(102);
    expect((await newest()).containerProperties?.command).toEqual(['101']);
  });

  it('sets whatever else is asked for', async () => {
    await registerByHand(FULL);
    const edits = ['--environment', 'A=3', '--environment', 'C=a=b', '--remove-environment', 'B', '--timeout', '90s'];
    const more = ['--retry', '3', '--parameters', 'date=today', '--tags', 'env=prod'];
    await register(crawl(...edits, ...more));
    expect(await newest()).toMatchObject({
      containerProperties: {
        environment: [
          { name: 'A', value: '3' },
          { name: 'C', value: 'a=b' },
        ],
      },
      timeout: { attemptDurationSeconds: 90 },
      retryStrategy: { attempts: 3, evaluateOnExit: [{ action: 'EXIT', onExitCode: '3' }] },
      parameters: { date: 'today' },
      tags: { team: 'data', env: 'prod' },
    });
  });

  it('sets a script that is given, over one that runs now', async () => {
    await registerByHand(withContainer(CONTAINER, { environment: [{ name: 'BATCH_FILE_TYPE', value: 'script' }] }));
    const place = ['--batch-file-s3-url', 's3://scripts/x/jobs.zip', '--batch-file-sha256', SCRIPT_SHA256];
    await register(crawl('--batch-file-type', 'zip', ...place));
    expect((await newest()).containerProperties?.environment).toEqual([
      { name: 'BATCH_FILE_TYPE', value: 'zip' },
      { name: 'BATCH_FILE_S3_URL', value: 's3://scripts/x/jobs.zip' },
      { name: 'BATCH_FILE_SHA256', value: SCRIPT_SHA256 },
    ]);
  });

  it('the server’s rewrites never cause a revision', async () => {
    await registerByHand({
      jobDefinitionName: 'crawl',
      type: 'container',
      containerProperties: {
        image: NEW_IMAGE,
        vcpus: 1,
        memory: 512,
        environment: [
          { name: 'EMPTY', value: '' },
          { name: 'B', value: '1' },
          { name: 'A', value: '2' },
        ],
        logConfiguration: { logDriver: 'awslogs' },
        linuxParameters: { initProcessEnabled: true },
      },
    });
    const run = await register(crawl('--image', NEW_IMAGE, '--environment', 'A=2', '--environment', 'EMPTY='));
    expect(resultOf(run).status).toBe('unchanged');
  });

  it('a name without a revision is exit code 5', async () => {
    const run = await register(crawl('--image', NEW_IMAGE));
    expect(resultOf(run)).toMatchObject({
      exitCode: 5,
      error: {
        code: 'batch.definition_not_found',
        title: 'there is no active revision of job definition crawl',
        message: `Looked in ${REGION}, account 123456789012.`,
      },
    });
  });

  it('one of several containers has to be named', async () => {
    await registerByHand(ECS);
    const run = await register(crawl('--image', NEW_IMAGE));
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('Give container, one of: main, proxy.');
  });

  it('what AWS would refuse is stopped before it is sent', async () => {
    await registerByHand({
      ...CONTAINER,
      tags: Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, ''])),
    });
    const run = await register(crawl('--image', NEW_IMAGE));
    expect(run.exitCode).toBe(7);
    expect(run.stderr).toContain('tags must be at most 50; there are 52, those of aws-deploy included');
    expect(await revisions()).toHaveLength(1);
  });
});

describe('an image in ECR', () => {
  const MANIFEST = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [],
  });
  let repository: string;
  let digest: string;

  beforeEach(async () => {
    await registerByHand(CONTAINER);
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
    const ecr = new ECRClient({ endpoint: localAws().endpoint, region: REGION, credentials });
    const created = await ecr.send(new CreateRepositoryCommand({ repositoryName: 'team/crawl' }));
    repository = created.repository?.repositoryUri ?? '';
    const put = await ecr.send(
      new PutImageCommand({ repositoryName: 'team/crawl', imageManifest: MANIFEST, imageTag: '7' }),
    );
    digest = put.image?.imageId?.imageDigest ?? '';
    ecr.destroy();
  });

  it('by tag is registered by digest', async () => {
    expect(resultOf(await register(crawl('--image', `${repository}:7`))).outputs['image']).toBe(
      `${repository}@${digest}`,
    );
  });

  it('by digest must exist', async () => {
    const run = await register(crawl('--image', `${repository}@${DIGEST}`));
    expect(run.exitCode).toBe(5);
    expect(run.stderr).toContain(`no such image in ECR: ${repository}@${DIGEST}`);
    expect(await revisions()).toHaveLength(1);
  });

  it('by a tag that is not there is exit code 5', async () => {
    expect((await register(crawl('--image', `${repository}:8`))).exitCode).toBe(5);
  });

  it('a tag in a file is resolved too', async () => {
    const run = await registerFile(withContainer(CONTAINER, { image: `${repository}:7` }));
    expect(resultOf(run).outputs['image']).toBe(`${repository}@${digest}`);
  });

  it('that can not be looked up is taken, and that is said', async () => {
    localAws().control.setScenario({ iam: { deny: [{ action: 'ecr:GetAuthorizationToken' }] } });
    const run = await register(crawl('--image', `${repository}@${DIGEST}`));
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: ECR can not be read');
  });
});

it('other registries are not asked, and a tag there is warned about', async () => {
  await registerByHand(CONTAINER);
  const run = await register(crawl('--image', 'ghcr.io/acme/crawl:2'));
  expect(run.stderr).toContain('ghcr.io was not asked whether it has this image');
  expect(run.stderr).toContain('warning: ghcr.io/acme/crawl:2 is a tag, which can be moved');
  expect(operationsOf(localAws()).filter((operation) => operation.startsWith('ecr:'))).toEqual([]);
});

describe('what earlier jobs of the workflow left', () => {
  const ON_CIRCLECI = { CIRCLECI: 'true' };
  let seconds = 0;

  async function leave(action: string, component: string, outputs: OutputsRecord): Promise<void> {
    const at = new Date(Date.UTC(2026, 10, 20) + 1000 * seconds++).toISOString();
    const result: Result = {
      schema: 'aws-deploy/result@1',
      action,
      component,
      status: 'changed',
      exitCode: 0,
      account: null,
      region: null,
      changes: [],
      outputs,
      events: [],
      startedAt: at,
      finishedAt: at,
    };
    await writeResultFile(join(env['HOME'] ?? '', '.aws-deploy', 'record'), 'earlier', result);
  }

  const image = (name: string, digit: string): string => `ghcr.io/acme/${name}@sha256:${digit.repeat(64)}`;
  const leaveImage = (name: string, digit: string): Promise<void> =>
    leave('build-and-push-image', name, { image: image(name, digit) });
  const leaveScript = (name: string): Promise<void> =>
    leave('upload-script', name, {
      batchFileType: 'script',
      batchFileS3Url: `s3://scripts/${SCRIPT_SHA256}/${name}`,
      batchFileSha256: SCRIPT_SHA256,
    });

  it('one image and one container go together, whatever runs now', async () => {
    await registerByHand(CONTAINER);
    await leaveImage('renamed', 'a');
    expect(resultOf(await register(crawl(), ON_CIRCLECI)).outputs['image']).toBe(image('renamed', 'a'));
  });

  it('each container gets the newest image of the repository that it runs', async () => {
    await registerByHand(ECS);
    await leaveImage('proxy', 'b');
    await leaveImage('crawl', 'a');
    await leaveImage('crawl', 'c');
    await register(crawl(), ON_CIRCLECI);
    const containers = (await newest()).ecsProperties?.taskProperties?.[0]?.containers;
    expect(containers?.map((container) => container.image)).toEqual([image('crawl', 'c'), image('proxy', 'b')]);
  });

  it('where that is not clear, exit code 2 with the candidates', async () => {
    await registerByHand(ECS);
    await leaveImage('other', 'a');
    const run = await register(crawl(), ON_CIRCLECI);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain('it is not clear which image is for which container');
    expect(run.stderr).toContain(`Images of this workflow: ${image('other', 'a')}.`);
    expect(run.stderr).toContain('Containers: main (ghcr.io/acme/crawl:1), proxy (ghcr.io/acme/proxy:1).');
  });

  it('an image that is given wins', async () => {
    await registerByHand(CONTAINER);
    await leaveImage('crawl', 'a');
    expect(resultOf(await register(crawl('--image', NEW_IMAGE), ON_CIRCLECI)).outputs['image']).toBe(NEW_IMAGE);
  });

  it('a script is set with its hash, and its hash is a tag', async () => {
    await registerByHand(CONTAINER);
    await leaveScript('crawl.sh');
    await register(crawl(), ON_CIRCLECI);
    expect(await newest()).toMatchObject({
      containerProperties: {
        environment: [
          { name: 'BATCH_FILE_TYPE', value: 'script' },
          { name: 'BATCH_FILE_S3_URL', value: `s3://scripts/${SCRIPT_SHA256}/crawl.sh` },
          { name: 'BATCH_FILE_SHA256', value: SCRIPT_SHA256 },
        ],
      },
      tags: { 'aws-deploy:script-sha256': SCRIPT_SHA256 },
    });
  });

  it('of several scripts the one with the name that runs now', async () => {
    await registerByHand(
      withContainer(CONTAINER, { environment: [{ name: 'BATCH_FILE_S3_URL', value: 's3://old/crawl.sh' }] }),
    );
    await leaveScript('crawl.sh');
    await leaveScript('other.sh');
    await register(crawl(), ON_CIRCLECI);
    expect((await newest()).containerProperties?.environment).toContainEqual({
      name: 'BATCH_FILE_S3_URL',
      value: `s3://scripts/${SCRIPT_SHA256}/crawl.sh`,
    });
  });

  it('several scripts and no way to tell: exit code 2', async () => {
    await registerByHand(CONTAINER);
    await leaveScript('a.sh');
    await leaveScript('b.sh');
    expect((await register(crawl(), ON_CIRCLECI)).stderr).toContain(
      'more than one script was uploaded in this workflow',
    );
  });

  it('outside CircleCI it is read only when asked for', async () => {
    await registerByHand(CONTAINER);
    await leaveImage('crawl', 'a');
    expect(resultOf(await register(crawl())).status).toBe('unchanged');
    expect(resultOf(await register(crawl('--record'))).status).toBe('changed');
  });
});

describe('a dry run', () => {
  it('shows the difference, is exit code 0 and changes nothing', async () => {
    await registerByHand(CONTAINER);
    const before = localAws().control.state();
    const run = await register(crawl('--image', NEW_IMAGE, '--dry-run'));
    expect(resultOf(run)).toMatchObject({
      status: 'planned',
      exitCode: 0,
      outputs: { revision: 1, image: NEW_IMAGE },
      changes: [{ diff: ['- containerProperties.image: "ghcr.io/acme/crawl:1"', expect.any(String)] }],
    });
    expect(run.stderr).toContain(`+ containerProperties.image: "${NEW_IMAGE}"`);
    expect(localAws().control.state()).toEqual(before);
  });

  it('is exit code 0 also without a difference', async () => {
    await registerFile(CONTAINER);
    expect(resultOf(await registerFile(CONTAINER, ['--dry-run'])).exitCode).toBe(0);
  });
});

describe('a newer pipeline has released', () => {
  const pipeline = (number: number): Record<string, string> => ({ AWS_DEPLOY_PIPELINE_NUMBER: String(number) });

  it('an older one is superseded: exit code 11, nothing registered', async () => {
    await registerFile(CONTAINER, [], pipeline(11));
    const run = await registerFile(withContainer(CONTAINER, { command: ['old'] }), [], pipeline(10));
    expect(resultOf(run)).toMatchObject({ status: 'superseded', exitCode: 11 });
    expect(run.stderr).toContain('superseded: pipeline 11 has released revision 1');
    expect(await revisions()).toHaveLength(1);
  });

  it('unless going back is what is wanted', async () => {
    await registerFile(CONTAINER, [], pipeline(11));
    const old = withContainer(CONTAINER, { command: ['old'] });
    expect((await registerFile(old, ['--allow-older'], pipeline(10))).exitCode).toBe(0);
    expect((await newest()).containerProperties?.command).toEqual(['old']);
  });
});

describe('a revision that AWS did not keep as it was sent', () => {
  const unknown = { ...CONTAINER, brandNew: 'the local AWS drops this' };

  it('is exit code 10, with what is missing', async () => {
    const run = await registerFile(unknown);
    expect(run.exitCode).toBe(10);
    expect(run.stderr).toContain('AWS did not keep revision 1 of crawl as it was sent');
    expect(run.stderr).toContain('- brandNew: "the local AWS drops this"');
  });

  it('is exit code 10 a second time, too, without another revision', async () => {
    await registerFile(unknown);
    expect((await registerFile(unknown)).exitCode).toBe(10);
    expect(await revisions()).toHaveLength(1);
  });
});

it('values of the orb come through the environment, and $NAME of the job is put in', async () => {
  await registerByHand(CONTAINER);
  const orb = {
    AWS_DEPLOY_ORB: '1',
    ORB_JOB_DEFINITION_NAME: 'crawl',
    ORB_ENVIRONMENT: 'A=$VALUE\nB=$(touch x)',
    VALUE: '<< x >>',
  };
  expect((await runCli(['register-job-definition'], { env: { ...env, ...orb } })).exitCode).toBe(0);
  expect((await newest()).containerProperties?.environment).toEqual([
    { name: 'A', value: '<< x >>' },
    { name: 'B', value: '$(touch x)' },
  ]);
});

it('another account than the expected one is exit code 3, before anything is looked at', async () => {
  const run = await register(crawl('--image', NEW_IMAGE, '--expected-account-id', '999999999999'));
  expect(run.exitCode).toBe(3);
  expect(operationsOf(localAws())).toEqual(['sts:GetCallerIdentity']);
});
