import { describe, expect, it } from '@jest/globals';
import { DIGEST } from '../../support/definitions.ts';
import { BREAKER, deployWorldForTests } from './deploy-world.ts';
import { refusingProxy } from '../service/refusing-proxy.ts';

const world = deployWorldForTests();
const NEW_IMAGE = ['--image', `app=ghcr.io/acme/web@${DIGEST}`];

function deny(action: string): void {
  const { control } = world().stage.localAws;
  control.setScenario({ ...control.scenario(), iam: { deny: [{ action }] } });
}

/** What AWS has after one good deployment of the image, however often it was tried. */
async function expectDeployedOnce(): Promise<void> {
  const { stage } = world();
  expect(world().revisionOf(await stage.service())).toBe('web:2');
  expect(await stage.deployments()).toHaveLength(2);
  expect((await stage.deployment()).status).toBe('SUCCESSFUL');
}

describe('the answer to UpdateService is lost', () => {
  it.each(['reset-before', 'reset-after-apply', '500'] as const)('by %s: one deployment is started', async (kind) => {
    await world().runningService();
    world().stage.localAws.control.addFault({ operation: 'ecs:UpdateService', kind });
    const { result, said } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED', verified: true } });
    expect(said).toContain('The answer to UpdateService was lost; looking whether it took effect');
    await expectDeployedOnce();
  });

  it('and new tasks are forced: once', async () => {
    await world().runningService();
    world().stage.localAws.control.addFault({ operation: 'ecs:UpdateService', kind: 'reset-after-apply' });
    const { result } = await world().deploy(['--force-new-deployment']);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(await world().stage.deployments()).toHaveLength(2);
  });

  it('and the service can not be looked at: nothing is claimed, and the next run goes on with it', async () => {
    await world().runningService();
    const { control } = world().stage.localAws;
    control.addFault({ operation: 'ecs:UpdateService', kind: 'reset-after-apply' });
    // The first two look at the service before it is updated.
    control.addFault({ operation: 'ecs:DescribeServices', kind: 'access-denied', nth: 3 });
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 3, error: { code: 'ecs.deployment_unknown' } });
    expect(result.error?.hints).toContain('web:2 is registered and may be on its way.');
    expect((await world().deploy(NEW_IMAGE)).result).toMatchObject({ exitCode: 0 });
    await expectDeployedOnce();
  });

  it('again and again: exit code 4, and the revision that is not deployed is named', async () => {
    await world().runningService();
    world().stage.localAws.control.addFault({ operation: 'ecs:UpdateService', kind: 'reset-before', times: 9 });
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 4, error: { code: 'aws.unreachable' } });
    expect(result.error?.hints).toContain('web:2 is registered and was not deployed.');
  });
});

describe('ECS refuses to update the service', () => {
  it.each([
    ['ClusterNotFoundException', 'there is no cluster demo'],
    ['NamespaceNotFoundException', 'not found: the namespace that web in demo is to have'],
    ['ServiceNotFoundException', 'not found: web in demo'],
  ])('with %s: it is told what is not there, exit code 5', async (error, title) => {
    await world().runningService();
    const proxy = await refusingProxy(world().stage.localAws.endpoint, 'UpdateService', error);
    const { result } = await world().deploy(NEW_IMAGE, { env: { AWS_ENDPOINT_URL: proxy.endpoint } });
    await proxy.close();
    expect(result).toMatchObject({ exitCode: 5, error: { title } });
  });
});

describe('a permission is missing', () => {
  it('to update the service: exit code 3, and the revision that is not deployed is named', async () => {
    await world().runningService();
    deny('ecs:UpdateService');
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 3, error: { title: 'not allowed: ecs:UpdateService on web in demo' } });
    expect(result.error?.hints).toContain('web:2 is registered and was not deployed.');
  });

  it('to register: exit code 3, and the service is left alone', async () => {
    await world().runningService();
    deny('ecs:RegisterTaskDefinition');
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result.exitCode).toBe(3);
    expect(world().calls()).not.toContain('ecs:UpdateService');
  });

  it.each(['ecs:ListServiceDeployments', 'ecs:DescribeServiceDeployments'])(
    'for %s: a rolling update is judged by DescribeServices',
    async (call) => {
      await world().runningService();
      deny(call);
      const { result, said } = await world().deploy(NEW_IMAGE);
      expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED', verified: true } });
      expect(said.join('\n')).toContain(`not allowed: ${call} on web; what ecs:DescribeServices tells`);
    },
  );

  it('for ecs:ListServiceDeployments: of the other strategies nothing can be said, exit code 3', async () => {
    await world().runningService({}, { deploymentConfiguration: { strategy: 'BLUE_GREEN', ...BREAKER } });
    deny('ecs:ListServiceDeployments');
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 3, error: { title: 'not allowed: ecs:ListServiceDeployments on web' } });
    expect(result.error?.hints.join('\n')).toMatch(
      /To follow it again: aws-deploy watch-deployment .* --deployment ecs-svc/,
    );
  });

  it('to tag: the deployment is a success, and is not verified', async () => {
    await world().runningService();
    deny('ecs:TagResource');
    const { result } = await world().deploy(['--task-definition-arn', await world().stage.register()]);
    expect(result).toMatchObject({ exitCode: 0, outputs: { verified: false } });
  });
});
