import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { runningService } from '../ecs/judge-world.ts';
import { rollbackWorld, writesOf } from './rollback-world.ts';
import { registerContent, tagsOf } from './service-run.ts';

const world = ecsWorldForTests();
const stage = () => world().stage;
const { rollBack, runs, released } = rollbackWorld(world);

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
