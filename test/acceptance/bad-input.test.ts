import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildCli } from './support/built-cli.ts';
import { runFailing, type FailingRun } from './support/failing-run.ts';
import { BUCKET, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { makeWorkplace, releaseArguments } from './support/workplace.ts';

// What this machine alone can find out to be wrong is told before AWS is called even once.

let program: string;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const release =
  (...more: readonly string[]) =>
  (each: LocalCloud) => [...releaseArguments(each), ...more];
const call =
  (...line: readonly string[]) =>
  () =>
    line;
const definition = (text: string): Readonly<Record<string, string>> => ({ 'job-definition.json': text });

const ARGUMENTS: readonly FailingRun[] = [
  {
    what: 'an unknown parameter',
    arguments: call('register-job-definition', '--imag', 'x'),
    code: 2,
    says: ["unknown option '--imag'", 'Did you mean --image?'],
  },
  {
    what: 'an unknown command',
    arguments: call('relase-batch-job'),
    code: 2,
    says: ["unknown command 'relase-batch-job'", 'Did you mean release-batch-job?'],
  },
  { what: 'an argument too many', arguments: release('more'), code: 2, says: ['too many arguments'] },
  {
    what: 'a parameter without its value',
    arguments: call('upload-script', '--script'),
    code: 2,
    says: ["option '--script <path>' argument missing"],
  },
  {
    what: 'a required parameter that is missing',
    arguments: call('upload-script', '--script', 'job'),
    code: 2,
    says: ['--script-destination is required', 's3://bucket/prefix'],
  },
  {
    what: 'several values of a wrong type, all of which are told',
    arguments: call('register-job-definition', '--retry', 'many', '--timeout', 'soon', '--batch-file-sha256', 'x'),
    code: 2,
    says: [
      '3 arguments are wrong',
      '--retry must be a whole number of at least 1 and at most 10 (got: "many")',
      '--timeout must be a duration such as 90s, 15m or 2h (got: "soon")',
      '--batch-file-sha256 must be 64 lower-case hex digits (got: "x")',
    ],
  },
  {
    what: 'a choice that there is not',
    arguments: release('--builder', 'kaniko'),
    code: 2,
    says: ['--builder must be one of auto, docker, embedded (got: "kaniko")'],
  },
  {
    what: 'the address of a repository in the place of its name',
    arguments: release('--repository', '123456789012.dkr.ecr.eu-central-1.amazonaws.com/Crawl'),
    code: 2,
    says: ['--repository must be the name of a repository as ECR has it', 'without the registry host'],
  },
  {
    what: 'a map without a value',
    arguments: release('--environment', 'LOG_LEVEL'),
    code: 2,
    says: ['--environment must be KEY=VALUE'],
  },
  {
    what: 'a variable that is not set, in the orb',
    arguments: call('register-job-definition'),
    env: { AWS_DEPLOY_ORB: '1', ORB_JOB_DEFINITION_NAME: 'crawl', ORB_IMAGE: 'ghcr.io/acme/crawl:$VERSION' },
    code: 2,
    says: ['image: the environment variable VERSION is not set', 'write \\$VERSION'],
  },
  {
    what: 'neither a definition nor its name',
    arguments: call('register-job-definition'),
    code: 2,
    says: ['neither job_definition nor job_definition_name is given'],
  },
  {
    what: 'a script without its destination',
    arguments: call('release-batch-job', '--job-definition-name', 'crawl', '--script', 'job'),
    code: 2,
    says: ['script and script_destination go together'],
  },
  {
    what: 'a tag that no image can have',
    arguments: release('--tags', 'feature/x'),
    code: 2,
    says: ['"feature/x" is not a tag that an image can have'],
  },
  {
    what: 'a variable that belongs to AWS Batch',
    arguments: release('--environment', 'AWS_BATCH_JOB_ID=1'),
    code: 2,
    says: ['environment must not set AWS_BATCH_JOB_ID'],
  },
  {
    what: 'a container that the definition does not have',
    arguments: release('--container', 'proxy'),
    code: 2,
    says: ['no container of the job definition is called "proxy"'],
  },
  {
    what: 'no region',
    arguments: release(),
    env: { AWS_REGION: undefined },
    code: 2,
    says: ['no AWS region is set', '--region'],
  },
  {
    what: 'a region that is none',
    arguments: release('--region', 'Frankfurt am Main'),
    code: 2,
    says: ['"Frankfurt am Main" is not an AWS region'],
  },
  {
    what: 'an endpoint that is no URL',
    arguments: release(),
    env: { AWS_ENDPOINT_URL: '127.0.0.1:4566' },
    code: 2,
    says: ['AWS_ENDPOINT_URL must be a URL', '"127.0.0.1:4566"'],
  },
];

const FILES: readonly FailingRun[] = [
  {
    what: 'a definition that is not there',
    arguments: release('--job-definition', 'nope.json'),
    code: 5,
    says: ['file not found: nope.json'],
  },
  {
    what: 'a script that is not there',
    arguments: release('--script', 'nope.sh'),
    code: 5,
    says: ['file not found: nope.sh'],
  },
  {
    what: 'a Dockerfile that is not there',
    arguments: release('--path', 'job'),
    code: 5,
    says: [/There is no .*job\/Dockerfile/, 'Check path and dockerfile'],
  },
  {
    what: 'broken JSON',
    arguments: release(),
    files: definition('{\n  "type": "container"\n  "jobDefinitionName": "crawl"\n}\n'),
    code: 7,
    says: ['job-definition.json can not be parsed', 'job-definition.json:3:3: '],
  },
  {
    what: 'JSON that is YAML only',
    arguments: release(),
    files: definition('{\n  "jobDefinitionName": "crawl",\n  "type": container\n}\n'),
    code: 7,
    says: ['job-definition.json can not be parsed', 'job-definition.json:3:11: '],
  },
  {
    what: 'broken YAML',
    arguments: release('--job-definition', 'crawl.yml'),
    files: { 'crawl.yml': 'type: container\ncontainerProperties:\n  image: a\n memory: 1\n' },
    code: 7,
    says: ['crawl.yml can not be parsed', 'crawl.yml:4:1: '],
  },
  {
    what: 'a definition that AWS would refuse, with every place',
    arguments: release('--job-definition', 'crawl.yml'),
    files: {
      'crawl.yml':
        'jobDefinitionName: a b\ntype: container\ntimeout:\n  attemptDurationSeconds: 5\ncontainerProperties:\n  image: x\n',
    },
    code: 7,
    says: [
      'AWS Batch would refuse crawl.yml',
      'crawl.yml:1:20: jobDefinitionName must be',
      'crawl.yml:4:27: timeout.attemptDurationSeconds must be',
      'Nothing was sent to AWS Batch',
    ],
  },
  {
    what: 'a definition of the wrong type',
    arguments: release(),
    files: definition('[]'),
    code: 7,
    says: ['job-definition.json holds no job definition'],
  },
  {
    what: 'an empty script',
    arguments: release(),
    files: { 'job/crawl.sh': '' },
    code: 7,
    says: ['job/crawl.sh is empty'],
  },
  {
    what: 'an instruction that the embedded builder has not',
    arguments: release(),
    files: { Dockerfile: 'FROM scratch\nRUN true\n' },
    code: 7,
    says: [/Dockerfile:2: RUN/, '--builder docker'],
  },
];

describe.each([
  ['an argument', ARGUMENTS],
  ['a file', FILES],
])('%s that is wrong stops before the first call', (_kind, runs) => {
  it.each(runs)('$what', async (run) => {
    const { calls, unchanged } = await runFailing(program, cloud, run);
    expect({ calls, unchanged }).toEqual({ calls: [], unchanged: true });
  });
});

it('--debug adds the stack to what is told anyway', async () => {
  const line = ['upload-script', '--script', 'nope', '--script-destination', `s3://${BUCKET}`];
  const run = { what: '', arguments: () => line, code: 5, says: ['file not found: nope'] };
  const { ended: plain } = await runFailing(program, cloud, run);
  const work = await makeWorkplace(program, cloud);
  const debugged = await work.run([...line, '--debug']);
  await work.remove();
  expect(debugged.stderr.startsWith(plain.stderr)).toBe(true);
  expect(debugged.stderr.slice(plain.stderr.length)).toMatch(/^DeployError: .*\n {4}at /);
});
