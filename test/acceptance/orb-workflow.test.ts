import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { succeeded } from './support/child-process.ts';
import { resultsIn } from './support/circleci-job.ts';
import { BUCKET, REGION } from './support/local-cloud.ts';
import { oidcToken } from './support/oidc-token.ts';
import { compileJob } from './support/orb-compiler.ts';
import { workflowForTests } from './support/workflow.ts';
import { releaseArguments } from './support/workplace.ts';

const workflow = workflowForTests();

const ROLE = 'arn:aws:iam::123456789012:role/circleci-release';

describe('build, upload and register in jobs of their own', () => {
  const build = () =>
    workflow().job('build_and_push_image', {
      repository: 'crawl',
      builder: 'embedded',
      build_args: `BASE=${workflow().cloud.base}`,
      create_repository: true,
    });
  const upload = () =>
    workflow().job('upload_script', { script: 'job/crawl.sh', script_destination: `s3://${BUCKET}/jobs` });

  it('come to what release_batch_job comes to in one', async () => {
    const release = ['--no-dry-run', ...releaseArguments(workflow().cloud).slice(1)];
    succeeded(await workflow().work.run(['release-batch-job', ...release], { AWS_DEPLOY_PIPELINE_NUMBER: '7' }));
    const inOne = workflow().cloud.control.state();
    await workflow().cloud.restart();

    succeeded(await build());
    succeeded(await upload());
    succeeded(await workflow().job('register_job_definition', { job_definition: 'job-definition.json' }));
    expect(workflow().cloud.control.state()).toEqual(inOne);
  });

  it('carry a revision forward, and change nothing but what they made', async () => {
    succeeded(await workflow().work.run(releaseArguments(workflow().cloud)));
    await writeFile(join(workflow().work.project, 'app/crawl'), 'the program, improved\n');
    const { container } = succeeded(await build());
    succeeded(await workflow().job('register_job_definition', { job_definition_name: 'crawl' }));

    const [built] = await resultsIn(container.home);
    const [first, second] = workflow()
      .revisions()
      .map(({ containerProperties }) => containerProperties as JsonObject);
    expect(second).toEqual({ ...first, image: built?.outputs?.['image'] });
    expect(second).not.toEqual(first);
  });

  it('persist nothing that another job has persisted, which would break the jobs after two parallel ones', async () => {
    succeeded(await build());
    succeeded(await workflow().job('register_job_definition', { job_definition: 'job-definition.json' }));
    succeeded(await workflow().job('register_job_definition', { job_definition_name: 'crawl', environment: 'A=1' }));
    const { container } = succeeded(await workflow().ownJob([{ attach_workspace: { at: '.' } }]));
    const files = await readdir(join(container.checkout, 'record'));
    expect(files.filter((name) => name.includes('-register-job-definition-'))).toHaveLength(2);
  });

  it('do without the record where the workspace is not attached', async () => {
    succeeded(await build());
    const { code, output } = await workflow().job('register_job_definition', {
      job_definition: 'job-definition.json',
      attach_workspace: false,
    });
    // The file's placeholder stays, which is no image in ECR.
    expect(output).not.toContain('crawl@sha256');
    expect(code).toBe(0);
  });
});

describe('assume_role', () => {
  const keyless = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  const upload = { 'aws-deploy/upload_script': { script: 'job/crawl.sh', script_destination: `s3://${BUCKET}` } };

  it('gives the later steps of the job the role, by nothing but the OIDC token', async () => {
    const { container, output } = succeeded(
      await workflow().ownJob(
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
    const callers = output.match(/as arn:\S+/g);
    const assumed = 'as arn:aws:sts::123456789012:assumed-role/circleci-release/release-7';
    expect(callers).toEqual([assumed, assumed]);
    const put = workflow()
      .cloud.control.requests()
      .find(({ operation }) => operation === 's3:PutObject');
    expect(put?.accessKeyId).toMatch(/^ASIA/);
    const { mode } = await stat(join(container.home, '.aws-deploy/oidc-token'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('works as the auth steps of a job', async () => {
    const job = compileJob(workflow().compiler, 'upload_script', {
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
    const { output } = succeeded(await workflow().run(job, env));
    expect(output.match(/as arn:\S+/g)?.at(-1)).toBe(
      'as arn:aws:sts::123456789012:assumed-role/circleci-release/circleci-crawl-9',
    );
  });

  it('gives the later steps the region', async () => {
    const region = 'eu-west-3';
    const { container } = succeeded(
      await workflow().ownJob(
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
    const config = join(workflow().work.folder, 'aws-config');
    await mkdir(config);
    await writeFile(
      join(config, 'config'),
      '[profile deployer]\nregion = eu-west-3\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = of-the-profile\n',
    );
    succeeded(
      await workflow().ownJob(
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
    const put = workflow()
      .cloud.control.requests()
      .find(({ operation }) => operation === 's3:PutObject');
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
    const end = await workflow().ownJob(['checkout', 'aws-deploy/install', assume, upload], { ...keyless, ...env });
    expect(end).toMatchObject({ code, output: expect.stringContaining(says) });
    expect(workflow().cloud.calls()).not.toContain('s3:PutObject');
  });
});

describe('what a job leaves for the steps after it', () => {
  it('is in variables that bash takes as they are', async () => {
    await writeFile(join(workflow().work.project, 'job/$(touch x);`touch x`\'"&& touch x.sh'), 'echo\n');
    const { output, container } = succeeded(
      await workflow().ownJob([
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
    expect(output).toMatch(/s3:\/\/acme-scripts\/[0-9a-f]{64}\/\$\(touch x\);`touch x`'"&& touch x\.sh\n/);
    await expect(stat(join(container.checkout, 'x'))).rejects.toThrow('ENOENT');
  });
});
