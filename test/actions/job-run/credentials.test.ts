import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { batchQueueForTests } from '../../support/batch-queue.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { fakeCircleci } from '../../support/fake-circleci.ts';
import { localAwsForTests, operationsOf } from '../../support/local-aws-world.ts';
import { inMinutes, oidcToken } from '../../support/oidc-tokens.ts';
import { playJobs, submit } from '../../support/submit-job.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const localAws = localAwsForTests();
const queue = batchQueueForTests(localAws);
beforeEach(async () => {
  await queue().register();
  playJobs(localAws(), { outcome: { exitCode: 0 }, durations: { RUNNING: '3h' } });
});

async function roleEnvironment(token: string, PATH: string): Promise<Record<string, string>> {
  const file = join(await tempFolder(), 'token');
  await writeFile(file, token);
  return {
    PATH,
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/deploy',
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
  };
}

describe('a wait that is longer than a session of the role and than the OIDC token', () => {
  it('gets a new token and new credentials, and goes on', async () => {
    const { PATH, calls } = await fakeCircleci(oidcToken(inMinutes(600)));
    const env = await roleEnvironment(oidcToken(inMinutes(60)), PATH);
    const clock = drivingClock(localAws().control);
    const { result } = await submit(localAws(), ['--timeout', '4h', '--poll-interval', '60s'], { env, clock });
    expect(result).toMatchObject({ exitCode: 0, outputs: { jobStatus: 'SUCCEEDED', runSeconds: 10_800 } });
    expect((await calls()).length).toBeGreaterThanOrEqual(1);
    const renewals = operationsOf(localAws()).filter((name) => name === 'sts:AssumeRoleWithWebIdentity').length;
    expect(renewals).toBeGreaterThanOrEqual(3);
  });

  it('ends with exit code 3 when there is no new token, and the job goes on', async () => {
    const { PATH } = await fakeCircleci(undefined);
    const env = await roleEnvironment(oidcToken(inMinutes(60)), PATH);
    const { result } = await submit(localAws(), ['--timeout', '4h', '--poll-interval', '60s'], { env });
    expect(result).toMatchObject({ exitCode: 3, error: { code: 'aws.expired_credentials' } });
    expect(result.error?.hints.join('\n')).toContain('was left as it is.\nTo follow it again: aws-deploy submit-job');
    expect(await queue().jobs()).toMatchObject([{ status: 'RUNNING' }]);
  });
});
