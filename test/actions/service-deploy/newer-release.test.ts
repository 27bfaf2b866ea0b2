import { DeregisterTaskDefinitionCommand, TagResourceCommand } from '@aws-sdk/client-ecs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DIGEST } from '../../support/definitions.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { pausingProxy } from '../../support/pausing-proxy.ts';
import { runCli } from '../../support/run-cli.ts';
import { deployWorldForTests, type ServiceRun } from './deploy-world.ts';

const world = deployWorldForTests();
const stage = () => world().stage;
const NEW_IMAGE = ['--image', `app=ghcr.io/acme/web@${DIGEST}`];
const SUPERSEDED = { exitCode: 11, error: { code: 'ecs.superseded' } };

beforeEach(() => world().runningService());

async function served(): Promise<string | undefined> {
  return world().revisionOf(await stage().service());
}

/** Somebody else registers a revision and deploys it. */
async function otherDeploys(): Promise<string> {
  const arn = await stage().register({ cpu: '512', memory: '1024' });
  await stage().update({ taskDefinition: arn });
  await stage().pass(900);
  return arn;
}

/** A deploy before whose nth call of an operation somebody else comes. */
async function deployWhile(operation: string, nth: number, args: readonly string[] = []): Promise<ServiceRun> {
  const proxy = await pausingProxy(stage().localAws.endpoint);
  proxy.before(operation, nth, otherDeploys);
  return world().deploy([...NEW_IMAGE, ...args], { env: { AWS_ENDPOINT_URL: proxy.endpoint } });
}

/** An earlier job of this workflow registers web:2. */
async function registered(): Promise<void> {
  const env = { ...(await awsEnvironment(stage().localAws, { AWS_REGION: 'eu-central-1' })), HOME: world().home };
  const run = await runCli(['register-task-definition', '--family', 'web', ...NEW_IMAGE], { env, cwd: world().home });
  expect(run.exitCode).toBe(0);
}

describe('somebody else deploys a higher revision', () => {
  it('before the last look: that stays, and what was registered is named', async () => {
    const { result } = await deployWhile('DescribeServices', 2);
    expect(result).toMatchObject({
      ...SUPERSEDED,
      error: { title: 'superseded: web:2 is registered and was not deployed, because by now web has web:3' },
    });
    expect([await served(), (await stage().deployments()).length]).toEqual(['web:3', 2]);
  });

  it('after the last look: it is deployed again and proven, and this one ends as superseded', async () => {
    const { result, said } = await deployWhile('UpdateService', 1);
    expect(result).toMatchObject({
      ...SUPERSEDED,
      error: {
        title: 'superseded: web:2 was deployed at the same time as a newer revision, which was deployed again: web:3',
      },
      outputs: { deploymentStatus: 'SUCCEEDED', verified: true },
    });
    expect(said).toContain('web:3 came to web at the same time, and is newer; deploying it again');
    expect([await served(), (await stage().deployments()).length]).toEqual(['web:3', 4]);
  });

  it('after the last look, and it can not be deployed again: what is to be done is told', async () => {
    stage().localAws.control.addFault({ operation: 'ecs:UpdateService', kind: 'access-denied', nth: 3 });
    const { result } = await deployWhile('UpdateService', 1);
    expect(result.exitCode).toBe(3);
    expect(result.error?.hints[0]).toBe(
      'web:2 is on its way, and took the place of web:3, which is newer: deploy that again.',
    );
  });

  it.each(['DescribeServices', 'UpdateService'])('before %s, with allow_older: this one counts', async (operation) => {
    const { result } = await deployWhile(operation, operation === 'UpdateService' ? 1 : 2, ['--allow-older']);
    expect([result.exitCode, await served()]).toEqual([0, 'web:2']);
  });
});

describe('the service has a higher revision', () => {
  it('than the one that is named: who names one goes back on purpose', async () => {
    await otherDeploys();
    const { result } = await world().deploy(['--task-definition-arn', 'web:1']);
    expect([result.exitCode, await served()]).toEqual([0, 'web:1']);
  });

  it('than the one that the workflow has registered: that is superseded, also in a dry run', async () => {
    await registered();
    await otherDeploys();
    for (const more of [['--dry-run'], []]) {
      const { result } = await world().deploy(['--record', ...more]);
      expect(result).toMatchObject({
        ...SUPERSEDED,
        error: { title: 'superseded: web:2 was not deployed, because by now web has web:3' },
      });
    }
    expect(await served()).toBe('web:3');
  });

  it.each([
    [
      'rejected',
      (resourceArn: string) => {
        const tags = [{ key: 'aws-deploy:rejected', value: 'now' }];
        return stage().ecs.send(new TagResourceCommand({ resourceArn, tags }));
      },
    ],
    ['INACTIVE', (taskDefinition: string) => stage().ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }))],
  ])('that is %s: it does not count', async (_what, spoil) => {
    await registered();
    await spoil(await otherDeploys());
    const { result } = await world().deploy(['--record']);
    expect([result.exitCode, await served()]).toEqual([0, 'web:2']);
  });
});
