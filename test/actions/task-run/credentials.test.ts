import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { drivingClock } from '../../support/driving-clock.ts';
import { fakeCircleci } from '../../support/fake-circleci.ts';
import { operationsOf } from '../../support/local-aws-world.ts';
import { inMinutes, oidcToken } from '../../support/oidc-tokens.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { taskRunWorldForTests } from './task-run-world.ts';

const world = taskRunWorldForTests();
beforeEach(() => world().play({ durations: { RUNNING: '3h' } }));

const LONG = ['--timeout', '4h', '--poll-interval', '60s'];

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
    const { result } = await world().run(LONG, { env });
    expect(result).toMatchObject({ exitCode: 0, outputs: { taskStatus: 'SUCCEEDED' } });
    expect((await calls()).length).toBeGreaterThanOrEqual(1);
    const renewals = operationsOf(world().localAws).filter((name) => name === 'sts:AssumeRoleWithWebIdentity').length;
    expect(renewals).toBeGreaterThanOrEqual(3);
  });

  it('ends with exit code 3 when there is no new token, and the task goes on', async () => {
    const { PATH } = await fakeCircleci(undefined);
    const env = await roleEnvironment(oidcToken(inMinutes(60)), PATH);
    const { result } = await world().run(LONG, { env });
    expect(result).toMatchObject({ exitCode: 3, error: { code: 'aws.expired_credentials' } });
    expect(result.error?.hints).toContain('The task was left as it is.');
    expect(await world().tasks()).toMatchObject([{ lastStatus: 'RUNNING' }]);
  });
});

it('AWS has its own clock: credentials that it calls expired are renewed, which is said', async () => {
  const { PATH } = await fakeCircleci(oidcToken(inMinutes(600)));
  const env = await roleEnvironment(oidcToken(inMinutes(600)), PATH);
  const { control } = world().localAws;
  const clock = drivingClock(control);
  clock.at(60_000, () => control.addFault({ operation: 'ecs:DescribeTasks', kind: 'expired-token' }));
  const { result, said } = await world().run(LONG, { env, clock });
  expect(result.exitCode).toBe(0);
  expect(said).toContain('The AWS credentials had expired and were renewed');
});
