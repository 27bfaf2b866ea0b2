import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { buildCli } from './support/built-cli.ts';
import { succeeded } from './support/child-process.ts';
import { resultsIn, runSteps, startContainer, type JobContainer, type JobEnd } from './support/circleci-job.ts';
import { BUCKET, REGION, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { oidcToken } from './support/oidc-token.ts';
import { compileJob, compileOwnSteps, type CompiledStep, type CompilerOptions } from './support/orb-compiler.ts';
import { currentOrb, writeMirror } from './support/orb-under-test.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

let program: string;
let cloud: LocalCloud;
let mirror: string;
let compiler: CompilerOptions;
beforeAll(async () => {
  const orb = await currentOrb();
  compiler = { orb, prefix: 'aws-deploy', pipelineNumber: 7, booleans: 'words' };
  program = await buildCli();
  mirror = await writeMirror();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const ROLE = 'arn:aws:iam::123456789012:role/circleci-release';

let work: Workplace;
const containers: JobContainer[] = [];
beforeEach(async () => {
  await cloud.restart();
  work = await makeWorkplace(program, cloud);
});
afterEach(() => Promise.all([work, ...containers.splice(0)].map((each) => each.remove())));

/** Runs a job in a container of its own, as every job of a workflow; undefined takes a variable away. */
async function runJob(
  steps: readonly CompiledStep[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<JobEnd & { container: JobContainer }> {
  const { PATH: _path, HOME: _home, TMPDIR: _temp, ...inherited } = work.env;
  const all = {
    ...inherited,
    AWS_DEPLOY_MIRROR: mirror,
    CIRCLE_WORKFLOW_JOB_ID: `job-${containers.length + 1}`,
    ...env,
  };
  const container = await startContainer(
    Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  );
  containers.push(container);
  const end = await runSteps(steps, container, { project: work.project, workspace: work.temp });
  return { ...end, container };
}

const job = (name: string, values: Record<string, JsonValue>) => runJob(compileJob(compiler, name, values));
const ownJob = (steps: readonly JsonValue[], env: Readonly<Record<string, string | undefined>> = {}) =>
  runJob(compileOwnSteps(compiler, steps), env);

function revisions(): JsonObject[] {
  const batch = cloud.control.state()['batch'] as Record<string, { jobDefinitions: Record<string, JsonObject[]> }>;
  return batch[REGION]?.jobDefinitions['crawl'] ?? [];
}

describe('build, upload and register in jobs of their own', () => {
  const build = () =>
    job('build_and_push_image', {
      repository: 'crawl',
      builder: 'embedded',
      build_args: `BASE=${cloud.base}`,
      create_repository: true,
    });
  const upload = () => job('upload_script', { script: 'job/crawl.sh', script_destination: `s3://${BUCKET}/jobs` });

  it('come to what release_batch_job comes to in one', async () => {
    const release = ['--no-dry-run', ...releaseArguments(cloud).slice(1)];
    succeeded(await work.run(['release-batch-job', ...release], { AWS_DEPLOY_PIPELINE_NUMBER: '7' }));
    const inOne = cloud.control.state();
    await cloud.restart();

    succeeded(await build());
    succeeded(await upload());
    succeeded(await job('register_job_definition', { job_definition: 'job-definition.json' }));
    expect(cloud.control.state()).toEqual(inOne);
  });

  it('carry a revision forward, and change nothing but what they made', async () => {
    succeeded(await work.run(releaseArguments(cloud)));
    await writeFile(join(work.project, 'app/crawl'), 'the program, improved\n');
    const { container } = succeeded(await build());
    succeeded(await job('register_job_definition', { job_definition_name: 'crawl' }));

    const [built] = await resultsIn(container.home);
    const [first, second] = revisions().map(({ containerProperties }) => containerProperties as JsonObject);
    expect(second).toEqual({ ...first, image: built?.outputs?.['image'] });
    expect(second).not.toEqual(first);
  });

  it('persist nothing that another job has persisted, which would break the jobs after two parallel ones', async () => {
    succeeded(await build());
    succeeded(await job('register_job_definition', { job_definition: 'job-definition.json' }));
    succeeded(await job('register_job_definition', { job_definition_name: 'crawl', environment: 'A=1' }));
    const files = await readdir(join(work.temp, 'record'));
    expect(files.filter((name) => name.includes('-register-job-definition-'))).toHaveLength(2);
  });

  it('do without the record where the workspace is not attached', async () => {
    succeeded(await build());
    const { code, stderr } = await job('register_job_definition', {
      job_definition: 'job-definition.json',
      attach_workspace: false,
    });
    // The file's placeholder stays, which is no image in ECR.
    expect(stderr).not.toContain('crawl@sha256');
    expect(code).toBe(0);
  });
});

describe('assume_role', () => {
  const keyless = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const upload = { 'aws-deploy/upload_script': { script: 'job/crawl.sh', script_destination: `s3://${BUCKET}` } };

  it('gives the later steps of the job the role, by nothing but the OIDC token', async () => {
    const { container, stderr } = succeeded(
      await ownJob(
        [
          'checkout',
          'aws-deploy/install',
          {
            'aws-deploy/assume_role': {
              role_arn: ROLE,
              role_session_name: 'release-7',
              expected_account_id: '123456789012',
            },
          },
          upload,
        ],
        { ...keyless, CIRCLE_OIDC_TOKEN_V2: oidcToken() },
      ),
    );
    const callers = stderr.match(/as arn:\S+/g);
    const assumed = 'as arn:aws:sts::123456789012:assumed-role/circleci-release/release-7';
    expect(callers).toEqual([assumed, assumed]);
    const put = cloud.control.requests().find(({ operation }) => operation === 's3:PutObject');
    expect(put?.accessKeyId).toMatch(/^ASIA/);
    const { mode } = await stat(join(container.home, '.aws-deploy/oidc-token'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('works as the auth steps of a job', async () => {
    const steps = compileJob(compiler, 'upload_script', {
      script: 'job/crawl.sh',
      script_destination: `s3://${BUCKET}`,
      auth: [{ 'aws-deploy/assume_role': { role_arn: ROLE } }],
    });
    const env = {
      ...keyless,
      CIRCLE_OIDC_TOKEN_V2: oidcToken(),
      CIRCLE_PROJECT_REPONAME: 'crawl',
      CIRCLE_BUILD_NUM: '9',
    };
    const { stderr } = succeeded(await runJob(steps, env));
    expect(stderr.match(/as arn:\S+/g)?.at(-1)).toBe(
      'as arn:aws:sts::123456789012:assumed-role/circleci-release/circleci-crawl-9',
    );
  });

  it('gives the later steps the region', async () => {
    const region = 'eu-west-3';
    const { container } = succeeded(
      await ownJob(
        [
          'checkout',
          'aws-deploy/install',
          { 'aws-deploy/assume_role': { role_arn: ROLE, region } },
          { run: 'echo "$AWS_REGION $AWS_DEFAULT_REGION"' },
        ],
        {
          ...keyless,
          AWS_REGION: undefined,
          CIRCLE_OIDC_TOKEN_V2: oidcToken(),
        },
      ),
    );
    const [result] = await resultsIn(container.home);
    expect(result).toMatchObject({ region });
    expect(await readFile(container.bashEnv, 'utf8')).toContain(`export AWS_DEFAULT_REGION='${region}'`);
  });

  it('takes a profile', async () => {
    const config = join(work.folder, 'aws-config');
    await mkdir(config);
    await writeFile(
      join(config, 'config'),
      '[profile deployer]\nregion = eu-west-3\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = of-the-profile\n',
    );
    succeeded(
      await ownJob(
        [
          'checkout',
          'aws-deploy/install',
          { 'aws-deploy/assume_role': { profile: 'deployer' } },
          { 'aws-deploy/upload_script': { script: 'job', script_destination: `s3://${BUCKET}`, region: REGION } },
        ],
        {
          ...keyless,
          AWS_CONFIG_FILE: join(config, 'config'),
        },
      ),
    );
    const put = cloud.control.requests().find(({ operation }) => operation === 's3:PutObject');
    expect(put?.accessKeyId).toBe('AKIAPROFILE');
  });

  it.each([
    ['there is no token', {}, 3, 'there is no OIDC token for role_arn'],
    ['the token has expired', { CIRCLE_OIDC_TOKEN_V2: oidcToken({ exp: 1_000_000_000 }) }, 3, 'expired'],
    ['the token is none', { CIRCLE_OIDC_TOKEN_V2: 'no-token' }, 3, 'does not accept'],
    [
      'a static key would win over the role',
      { AWS_ACCESS_KEY_ID: 'AKIA', CIRCLE_OIDC_TOKEN_V2: oidcToken() },
      3,
      'AWS_ACCESS_KEY_ID is set and would win',
    ],
  ])('stops the job when %s', async (_what, env, code, says) => {
    const assume = { 'aws-deploy/assume_role': { role_arn: ROLE } };
    const end = await ownJob(['checkout', 'aws-deploy/install', assume, upload], { ...keyless, ...env });
    expect(end).toMatchObject({ code, stderr: expect.stringContaining(says) });
    expect(cloud.calls()).not.toContain('s3:PutObject');
  });
});

describe('what a job leaves for the steps after it', () => {
  it('is in variables that bash takes as they are', async () => {
    await writeFile(join(work.project, 'job/$(touch x);`touch x`\'"&& touch x.sh'), 'echo\n');
    const { stdout, container } = succeeded(
      await ownJob([
        'checkout',
        'aws-deploy/install',
        {
          'aws-deploy/upload_script': {
            script: 'job/\\$(touch x);`touch x`\'"&& touch x.sh',
            script_destination: `s3://${BUCKET}`,
          },
        },
        { run: 'printf "%s\\n" "$AWS_DEPLOY_BATCH_FILE_S3_URL"; ls' },
      ]),
    );
    expect(stdout).toMatch(/s3:\/\/acme-scripts\/[0-9a-f]{64}\/\$\(touch x\);`touch x`'"&& touch x\.sh\n/);
    await expect(stat(join(container.checkout, 'x'))).rejects.toThrow('ENOENT');
  });
});
