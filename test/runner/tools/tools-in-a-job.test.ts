import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { isHalted, releasesOf } from '../../../src/runner/tools/control-files.ts';
import { tokenVariables } from '../../../src/runner/tools/local-issuer.ts';
import { writeToolShims } from '../../../src/runner/tools/tool-shims.ts';
import { buildCli } from '../../acceptance/support/built-cli.ts';
import { failureOf, stsClient } from '../../local-aws/clients.ts';
import { localAwsForTests } from '../../support/local-aws-world.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { jobControl, TOKEN_JOB } from './support/tool-stage.ts';

const localAws = localAwsForTests();

let program: string;
beforeAll(async () => {
  program = await buildCli();
}, 60_000);

/** A job with the tools first on its PATH, and what runs a step in it. */
async function job() {
  const { folder, issuer, env } = await jobControl();
  const cwd = await tempFolder();
  await writeToolShims(join(cwd, '.tools'), { node: process.execPath, program });
  const step = async (script: string) => {
    await writeFile(join(cwd, 'step.sh'), script);
    const { stdout } = await promisify(execFile)('/bin/bash', ['-eo', 'pipefail', join(cwd, 'step.sh')], {
      cwd,
      env: { ...env, PATH: `${join(cwd, '.tools')}:${process.env['PATH']}` },
    });
    return stdout;
  };
  return { folder, issuer, cwd, step };
}

describe('a step of a job', () => {
  it('fills templates, splits tests, marks deploys and halts with the tools on its PATH', async () => {
    const { folder, cwd, step } = await job();
    await mkdir(join(cwd, 'test'));
    for (const name of ['a', 'b', 'c']) await writeFile(join(cwd, 'test', `${name}.test.js`), '');
    const output = await step(`
      export WHO=world CIRCLE_NODE_TOTAL=2 CIRCLE_NODE_INDEX=1
      echo 'hello $WHO' | circleci env subst
      circleci tests glob 'test/**/*.test.js' | circleci tests split
      circleci tests glob 'test/*.js' | circleci tests run --index=0 --command='xargs echo run'
      circleci run release plan --target-version=1 > /dev/null
      circleci run release update --status=SUCCESS > /dev/null
      circleci-agent step halt
    `);
    expect(output).toBe('hello world\ntest/b.test.js\nrun test/a.test.js test/c.test.js\n');
    expect(releasesOf(folder).map(({ status }) => status)).toEqual(['PENDING', 'SUCCESS']);
    expect(isHalted(folder)).toBe(true);
  });

  it('fails when a tool fails', async () => {
    const { step } = await job();
    await expect(step('circleci orb publish\necho not here\n')).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('does not have "circleci orb publish"'),
    });
  });

  it('gets a token that the local STS checks against the trust policy of the role', async () => {
    const { issuer, step } = await job();
    const key = 'oidc.circleci.com/org/o1';
    localAws().control.identities.tell({
      providers: [{ issuer: issuer.issuer, audiences: ['o1', 'sts.amazonaws.com'], jwks: issuer.jwks }],
      roles: [
        {
          name: 'deploy',
          trustPolicy: {
            Statement: {
              Effect: 'Allow',
              Action: 'sts:AssumeRoleWithWebIdentity',
              Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${key}` },
              Condition: {
                StringEquals: { [`${key}:aud`]: 'sts.amazonaws.com' },
                StringLike: { [`${key}:sub`]: '*/vcs-ref/refs/heads/main' },
              },
            },
          },
        },
      ],
    });
    const client = stsClient(localAws());
    const assume = (token: string) =>
      client.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: 'arn:aws:iam::123456789012:role/deploy',
          RoleSessionName: 'job',
          WebIdentityToken: token,
        }),
      );
    const asked = await step(`circleci run oidc get --claims '{"aud": "sts.amazonaws.com"}'`);
    expect((await assume(asked.trim())).AssumedRoleUser?.Arn).toContain('assumed-role/deploy/job');
    const given = tokenVariables(issuer, TOKEN_JOB, new Date()).CIRCLE_OIDC_TOKEN_V2;
    expect((await failureOf(assume(given))).name).toBe('AccessDenied');
    client.destroy();
  });
});
