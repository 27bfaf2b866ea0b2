import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { alteringProxy } from '../../aws/altering-proxy.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { PULL, runningService, STUCK } from '../ecs/judge-world.ts';
import { rollbackWorld, writesOf } from './rollback-world.ts';
import { deployNext, registerContent, tagsOf } from '../service/service-run.ts';

const world = ecsWorldForTests();
const stage = () => world().stage;
const { rollBack, runs, released, arnOf } = rollbackWorld(world);

describe('the revision to go back to', () => {
  it('is registered anew when it is INACTIVE', async () => {
    await runningService(world());
    await released('b', 'c');
    await stage().ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:2' }));
    const { result } = await rollBack();
    expect(result.exitCode).toBe(0);
    expect(await runs()).toBe('web:4');
    expect(await tagsOf(world(), 'web:4')).toHaveProperty('aws-deploy:verified');
  });

  it('must still have its images', async () => {
    await runningService(world());
    const host = stage().localAws.endpoint.replace('http://', '');
    const image = `${host}/web@sha256:${'0'.repeat(64)}`;
    await stage().register({ containerDefinitions: [{ name: 'app', image }] });
    await registerContent(stage(), 'c');
    await stage().update({ taskDefinition: 'web:3' });
    await stage().pass(900);
    const run = await rollBack(['--to-task-definition', 'web:2']);
    expect(run.result).toMatchObject({ exitCode: 5, error: { code: 'ecr.image_not_found' } });
    expect(writesOf(run)).toEqual([]);
  });

  it('is the named one, although it was never verified, and that is said', async () => {
    await runningService(world());
    const never = await registerContent(stage(), 'never');
    const run = await rollBack(['--to-task-definition', never]);
    expect(run.result.exitCode).toBe(0);
    expect(run.said).toContain('web:2 was never verified; it is taken because it is named');
    expect(await runs()).toBe('web:2');
  });

  it('is the named one, although it is rejected, and proven it is rejected no more', async () => {
    await runningService(world());
    await released('b');
    await rollBack();
    const run = await rollBack(['--to-task-definition', 'web:2']);
    expect(run.said).toContain('web:2 is tagged as rejected; it is taken because it is named');
    expect(await tagsOf(world(), 'web:2')).not.toHaveProperty('aws-deploy:rejected');
    expect(await tagsOf(world(), 'web:1')).toHaveProperty('aws-deploy:rejected');
  });

  it('when it runs already, is proven, and nothing is deployed', async () => {
    await runningService(world());
    await released('b');
    const run = await rollBack(['--to-task-definition', 'web:2']);
    expect(run.result).toMatchObject({ exitCode: 0, status: 'unchanged', outputs: { verified: true } });
    expect(writesOf(run)).toEqual(['ecs:TagResource']);
    expect(run.result.outputs).not.toHaveProperty('rejectedTaskDefinitionArn');
  });

  it('must fit the service: otherwise nothing is tagged', async () => {
    await runningService(world());
    await stage().register({ networkMode: 'bridge', requiresCompatibilities: ['EC2'] });
    const run = await rollBack(['--to-task-definition', 'web:2']);
    expect(run.result).toMatchObject({ exitCode: 2, error: { code: 'ecs.definition_does_not_fit' } });
    expect(writesOf(run)).toEqual([]);
  });

  it('when it is not there, is exit code 5', async () => {
    await runningService(world());
    const run = await rollBack(['--to-task-definition', 'web:42']);
    expect([run.result.exitCode, run.result.error?.code]).toEqual([5, 'ecs.task_definition_not_found']);
    expect(writesOf(run)).toEqual([]);
  });
});

describe('without the permission to list service deployments', () => {
  function deny(): void {
    const { control } = stage().localAws;
    control.setScenario({ ...control.scenario(), iam: { deny: [{ action: 'ecs:ListServiceDeployments' }] } });
  }

  it('is found by its tag, which is said', async () => {
    await runningService(world());
    await world().ecs.taskDefinitions.tag(await arnOf('web:1'), { 'aws-deploy:verified': '2026-11-20T00:00:00.000Z' });
    await released('b');
    deny();
    const { result, said } = await rollBack();
    expect([result.exitCode, await runs()]).toEqual([0, 'web:1']);
    expect(said).toContain(
      'not allowed: ecs:ListServiceDeployments on web in demo: what came out before is known by the tags of the revisions only',
    );
  });

  it.each([
    ['when no tag tells of one', () => released('b')],
    ['while a deployment is in flight', () => deployNext(world(), 'b')],
  ])('is not known %s: exit code 3', async (_what, prepare) => {
    await runningService(world());
    await prepare();
    deny();
    const run = await rollBack();
    expect([run.result.exitCode, writesOf(run)]).toEqual([3, []]);
  });

  it('is not looked for after a rollback of ECS, which may have been to it: exit code 3', async () => {
    await runningService(world(), { tasks: [{ match: 'web:3', failToStart: PULL }] });
    await world().ecs.taskDefinitions.tag(await arnOf('web:1'), { 'aws-deploy:verified': '2026-11-20T00:00:00.000Z' });
    await released('b', 'c');
    await stage().pass(3600);
    deny();
    const run = await rollBack();
    expect([run.result.exitCode, writesOf(run), await runs()]).toEqual([3, [], 'web:2']);
  });
});

it('where ECS went back to is told, also when the service is shown as it was before', async () => {
  await runningService(world(), STUCK);
  await deployNext(world(), 'b');
  let stale: JsonObject | undefined;
  const { endpoint } = await alteringProxy(stage().localAws.endpoint, (answer) => {
    if (!Array.isArray(answer['services'])) return answer;
    return (stale ??= answer);
  });
  const { result } = await rollBack([], { env: { AWS_ENDPOINT_URL: endpoint } });
  expect(result).toMatchObject({
    exitCode: 0,
    outputs: { taskDefinitionArn: await arnOf('web:1'), rejectedTaskDefinitionArn: await arnOf('web:2') },
  });
});
