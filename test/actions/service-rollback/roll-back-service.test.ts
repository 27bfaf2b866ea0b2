import { DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import { rollbackService } from '../../../src/actions/rollback-service.ts';
import { ecsWorldForTests } from '../../support/ecs-world.ts';
import { NO_ROLLBACK, PULL, runningService, STUCK } from '../ecs/judge-world.ts';
import { rollbackWorld, writesOf } from './rollback-world.ts';
import { deployNext, idOf, PAUSED, registerContent, tagsOf } from '../service/service-run.ts';

const world = ecsWorldForTests();
const stage = () => world().stage;
const { rollBack, runs, released, arnOf } = rollbackWorld(world);

describe('while a deployment is in flight', () => {
  it('ECS is told to roll it back, and that is followed', async () => {
    await runningService(world(), STUCK);
    const stuck = await deployNext(world(), 'b');
    const run = await rollBack();
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      component: 'web',
      changes: [{ resource: stuck.serviceDeploymentArn, diff: ['- PENDING', '+ ROLLBACK_REQUESTED'] }],
      outputs: {
        deploymentId: idOf(stuck),
        deploymentStatus: 'ROLLED_BACK',
        taskDefinitionArn: await arnOf('web:1'),
        rejectedTaskDefinitionArn: await arnOf('web:2'),
      },
    });
    expect(await runs()).toBe('web:1');
    expect(await tagsOf(world(), 'web:2')).toHaveProperty('aws-deploy:rejected');
    expect(writesOf(run)).toEqual(['ecs:StopServiceDeployment', 'ecs:TagResource']);
  });

  it('also when it waits at a pause', async () => {
    await runningService(world(), {}, {});
    await deployNext(world(), 'b', PAUSED);
    await stage().pass(900);
    const { result } = await rollBack();
    expect(result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'ROLLED_BACK' } });
    expect(await runs()).toBe('web:1');
  });

  it('one that ECS takes back already is only followed', async () => {
    await runningService(world(), STUCK);
    const { serviceDeploymentArn = '' } = await deployNext(world(), 'b');
    await world().ecs.services.stopDeployment(serviceDeploymentArn, 'ROLLBACK');
    const run = await rollBack();
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'unchanged',
      outputs: { deploymentStatus: 'ROLLED_BACK' },
    });
    expect(writesOf(run)).toEqual(['ecs:TagResource']);
  });

  it('run again after that, it stays there instead of going back two releases', async () => {
    await runningService(world(), { deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }] });
    await released('b');
    await deployNext(world(), 'c');
    await rollBack();
    const again = await rollBack();
    expect(again.result).toMatchObject({
      exitCode: 0,
      status: 'unchanged',
      outputs: { deploymentStatus: 'ROLLED_BACK' },
    });
    expect(again.said.join('\n')).toContain('web has web:2 again');
    expect(again.said.join('\n')).not.toContain('steady state');
    expect(writesOf(again).filter((call) => call !== 'ecs:TagResource')).toEqual([]);
    expect(await runs()).toBe('web:2');
  });

  it('the first one has nothing to go back to: exit code 10, and it is not called an abort', async () => {
    await stage().restart({ ecs: { deployments: [{ match: 'web:1', stuck: 'ROLLOUT' }] } });
    await stage().createService();
    await stage().pass(60);
    const run = await rollBack();
    expect(run.result).toMatchObject({
      exitCode: 10,
      error: {
        code: 'ecs.nothing_to_roll_back_to',
        hints: ['Deploy a revision that works (deploy_service).'],
      },
    });
    expect(await tagsOf(world(), 'web:1')).not.toHaveProperty('aws-deploy:verified');
  });

  it('a rollback that fails is exit code 10', async () => {
    await runningService(world(), { deployments: [{ match: 'web:2', stuck: 'ROLLOUT', rollback: 'fails' }] });
    await deployNext(world(), 'b');
    const { result } = await rollBack();
    expect([result.exitCode, result.error?.code]).toEqual([10, 'ecs.deployment_failed']);
  });

  it('a named revision is deployed in its place', async () => {
    await runningService(world(), { deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }] });
    await released('b');
    await deployNext(world(), 'c');
    const run = await rollBack(['--to-task-definition', 'web:1']);
    expect(run.result).toMatchObject({ exitCode: 0, outputs: { deploymentStatus: 'SUCCEEDED' } });
    expect(run.calls).not.toContain('ecs:StopServiceDeployment');
    expect(await runs()).toBe('web:1');
  });
});

describe('otherwise the last verified revision is deployed', () => {
  it('proven, tagged as verified, and what is left as rejected', async () => {
    await runningService(world());
    await released('b', 'c');
    const { serviceArn } = await stage().service();
    const run = await rollBack();
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'changed',
      changes: [
        {
          resource: serviceArn,
          kind: 'updated',
          diff: expect.arrayContaining([expect.stringMatching(/^-.*"c"/), expect.stringMatching(/^\+.*"b"/)]),
        },
      ],
      outputs: {
        serviceArn,
        deploymentStatus: 'SUCCEEDED',
        taskDefinitionArn: await arnOf('web:2'),
        rejectedTaskDefinitionArn: await arnOf('web:3'),
        verified: true,
      },
    });
    expect(await runs()).toBe('web:2');
    expect(await tagsOf(world(), 'web:3')).toHaveProperty('aws-deploy:rejected');
    expect(await tagsOf(world(), 'web:2')).toMatchObject({
      'aws-deploy:verified': expect.any(String),
      'aws-deploy:rolled-back-from': 'web:3',
    });
  });

  it('what is left is tagged before the service is changed, and only what changes is sent', async () => {
    await runningService(world());
    await released('b');
    const run = await rollBack();
    expect(writesOf(run)).toEqual([
      'ecs:TagResource',
      'ecs:TagResource',
      'ecs:UpdateService',
      'ecs:TagResource',
      'ecs:UntagResource',
    ]);
    expect((await stage().service()).desiredCount).toBe(2);
  });

  it('never simply the number before: not one whose deployment failed, nor one that was never deployed', async () => {
    await runningService(world(), { tasks: [{ match: 'web:2', failToStart: PULL }] });
    await deployNext(world(), 'b');
    await stage().pass(1800);
    await registerContent(stage(), 'never deployed');
    await released('d');
    await rollBack();
    expect(await runs()).toBe('web:1');
  });

  it('not one that says what runs already, under another number', async () => {
    await runningService(world());
    await released('b', 'c', 'c');
    await rollBack();
    expect(await runs()).toBe('web:2');
  });

  it('not one that was left by a rollback before', async () => {
    await runningService(world());
    await released('b', 'c');
    await rollBack();
    await released('d');
    await rollBack();
    expect(await runs()).toBe('web:2');
    await rollBack();
    expect(await runs()).toBe('web:1');
  });

  it('after a deployment that failed and was not rolled back, the one before it', async () => {
    await runningService(world(), { tasks: [{ match: 'web:3', failToStart: PULL }] }, NO_ROLLBACK);
    await released('b');
    await deployNext(world(), 'c');
    await stage().pass(1800);
    expect((await rollBack()).result.exitCode).toBe(0);
    expect(await runs()).toBe('web:2');
  });

  it('after one that ECS rolled back by itself, none: the service has the last verified one', async () => {
    await runningService(world(), { tasks: [{ match: 'web:3', failToStart: PULL }] });
    await released('b');
    await deployNext(world(), 'c');
    await stage().pass(1800);
    const run = await rollBack();
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'unchanged',
      outputs: { rejectedTaskDefinitionArn: await arnOf('web:3') },
    });
    expect(await runs()).toBe('web:2');
  });

  it('by its tag when no other deployment of the service succeeded', async () => {
    const good = await registerContent(stage(), 'good');
    await registerContent(stage(), 'never');
    const bad = await registerContent(stage(), 'bad');
    await world().ecs.taskDefinitions.tag(good, { 'aws-deploy:verified': '2026-11-20T00:00:00.000Z' });
    await stage().createService({ taskDefinition: bad });
    await stage().pass(900);
    expect((await rollBack()).result.exitCode).toBe(0);
    expect(await runs()).toBe('web:2');
  });

  it('and nothing to go back to is exit code 5, with what was looked at', async () => {
    await runningService(world());
    const never = await registerContent(stage(), 'never');
    const run = await rollBack();
    expect(run.result).toMatchObject({
      exitCode: 5,
      error: {
        code: 'ecs.nothing_to_roll_back_to',
        message: expect.stringContaining(`${never.split('/').at(-1)} was never verified`),
      },
    });
    expect(writesOf(run)).toEqual([]);
  });
});

describe('what the rollback deploys', () => {
  it('may fail itself, and ECS may take it back: exit code 9, and what was left stays rejected', async () => {
    await runningService(world(), {
      tasks: [
        { match: 'web:1', times: 2 },
        { match: 'web:1', failToStart: PULL },
      ],
    });
    await released('b');
    const { result } = await rollBack();
    expect([result.exitCode, result.outputs['deploymentStatus']]).toEqual([9, 'ROLLED_BACK']);
    expect(await tagsOf(world(), 'web:2')).toHaveProperty('aws-deploy:rejected');
    expect(await runs()).toBe('web:2');
  });
});

describe('a dry run', () => {
  it('shows where it would go, with a diff, and changes nothing', async () => {
    await runningService(world());
    await released('b', 'c');
    const run = await rollBack(['--dry-run']);
    expect(run.result).toMatchObject({
      exitCode: 0,
      status: 'planned',
      outputs: { taskDefinitionArn: await arnOf('web:2'), rejectedTaskDefinitionArn: await arnOf('web:3') },
    });
    expect(run.said).toContain('Would roll web back from web:3 to web:2');
    expect(writesOf(run)).toEqual([]);
  });

  it('of a deployment in flight says that ECS would take it back', async () => {
    await runningService(world(), STUCK);
    const stuck = await deployNext(world(), 'b');
    const run = await rollBack(['--dry-run']);
    expect(run.result.status).toBe('planned');
    expect(run.said).toContain(`Would tell ECS to roll back deployment ${idOf(stuck)} of web, which brings out web:2`);
    expect(writesOf(run)).toEqual([]);
  });
});

it('it makes no calls but those that are declared', async () => {
  await runningService(world(), { deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }] });
  await released('b');
  await deployNext(world(), 'c');
  const stopped = await rollBack();
  await stage().ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'web:1' }));
  const deployed = await rollBack(['--to-task-definition', 'web:1']);
  const tagged = await rollBack(['--to-task-definition', 'web:42']);
  const calls = [...stopped.calls, ...deployed.calls, ...tagged.calls];
  expect(calls.filter((call) => !rollbackService.awsCalls.includes(call))).toEqual([]);
  expect([stopped, deployed, tagged].map(({ exitCode }) => exitCode)).toEqual([0, 0, 5]);
});
