import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteServiceCommand, DeregisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { DIGEST } from '../../support/definitions.ts';
import { webService } from '../../local-aws/ecs/ecs-stage.ts';
import { deployWorldForTests } from './deploy-world.ts';

const world = deployWorldForTests();
const NEW_IMAGE = ['--image', `app=ghcr.io/acme/web@${DIGEST}`];

/** Nothing that changes anything was called. */
function expectNothingChanged(): void {
  const changing = /:(Register|Create|Update|Tag|Untag|Stop|Continue|Run|Deregister|Delete)/;
  expect(
    world()
      .calls()
      .filter((call) => changing.test(call)),
  ).toEqual([]);
}

describe('what is wrong whatever AWS has is told before AWS is asked', () => {
  it.each<[string, string[], string]>([
    [
      'a revision as it is, with an image',
      ['--task-definition-arn', 'web:1', ...NEW_IMAGE],
      'task_definition_arn is deployed as it is: image can not be given with it',
    ],
    [
      'a revision as it is, with much more',
      ['--task-definition-arn', 'web:1', '--environment', 'A=1', '--cpu', '512', '--task-definition', 'web.json'],
      'task_definition_arn is deployed as it is: task_definition, environment, cpu can not be given with it',
    ],
    ['a short poll interval', ['--poll-interval', '500ms'], 'poll_interval must be at least 1s'],
    [
      'a configuration that is none',
      ['--deployment-configuration', '3'],
      'deployment_configuration must be a JSON object',
    ],
    [
      'a misspelt configuration',
      ['--deployment-configuration', '{"strategi": "ROLLING"}'],
      'ECS would refuse deployment_configuration',
    ],
  ])('%s: exit code 2', async (_what, args, title) => {
    const { result } = await world().deploy(args);
    expect(result).toMatchObject({ exitCode: 2, error: { title } });
    expect(
      world()
        .calls()
        .filter((call) => !call.startsWith('ecs:') || /Create|Register/.test(call)).length,
    ).toBe(2);
  });
});

describe('a service file', () => {
  async function deployFrom(service: JsonObject, args: string[] = []) {
    await writeFile(join(world().home, 'service.json'), JSON.stringify(service, null, 2));
    return world().deploy(['--create-from', 'service.json', ...args]);
  }

  it.each<[string, JsonObject, number, RegExp]>([
    ['that is misspelt', { desiredCont: 2 }, 7, /service\.json:2:\d+: desiredCont .*did you mean desiredCount\?/],
    ['of the wrong type', { desiredCount: '2' }, 7, /desiredCount must be a number/],
    ['for another service', { serviceName: 'api' }, 2, /is for serviceName "api", not "web"/],
    ['for another cluster', { cluster: 'prod' }, 2, /is for cluster "prod", not "demo"/],
    [
      'for CodeDeploy',
      { deploymentController: { type: 'CODE_DEPLOY' } },
      2,
      /gives the service the deployment controller "CODE_DEPLOY"/,
    ],
  ])('%s is refused', async (_what, service, exitCode, told) => {
    const { result, stderr } = await deployFrom(service);
    expect(result.exitCode).toBe(exitCode);
    expect(stderr).toMatch(told);
  });

  it('that is not there is exit code 5', async () => {
    expect((await world().deploy(['--create-from', 'nowhere.json'])).result.exitCode).toBe(5);
  });

  it('without a number of tasks is refused when it is to create a service', async () => {
    world().stage.localAws.control.clearRequests();
    const { result } = await deployFrom({ taskDefinition: 'web' });
    expect(result).toMatchObject({
      exitCode: 7,
      error: { message: expect.stringContaining('desiredCount') as unknown },
    });
    expectNothingChanged();
  });

  it('without a task definition is refused when there is none', async () => {
    world().stage.localAws.control.clearRequests();
    const { result } = await deployFrom({ desiredCount: 1 }, NEW_IMAGE);
    expect(result).toMatchObject({
      exitCode: 2,
      error: { title: 'it is not known which task definition the new service web is to run' },
    });
    expectNothingChanged();
  });
});

describe('what AWS has is looked at before anything is changed', () => {
  it('a cluster that is not there: exit code 5, with the nearest name', async () => {
    const { result } = await world().deploy(['--cluster', 'dmeo', ...NEW_IMAGE]);
    expect(result).toMatchObject({ exitCode: 5, error: { code: 'ecs.cluster_not_found' } });
    expect(result.error?.hints).toContain('Did you mean demo?');
  });

  it.each([
    ['cluster', 'arn:aws:ecs:eu-west-1:123456789012:cluster/demo', 'is in the region eu-west-1'],
    ['cluster', 'arn:aws:ecs:eu-central-1:999999999999:cluster/demo', 'is of the account 999999999999'],
    ['service', 'arn:aws:ecs:eu-west-1:123456789012:service/demo/web', 'is in the region eu-west-1'],
    ['service', 'arn:aws:ecs:eu-central-1:123456789012:service/other/web', 'is in the cluster other'],
  ])('a %s that is elsewhere: %s: exit code 2', async (name, arn, where) => {
    await world().runningService();
    const { result } = await world().deploy([`--${name}`, arn, ...NEW_IMAGE]);
    expect(result).toMatchObject({
      exitCode: 2,
      error: { title: expect.stringContaining(`${name} ${where}`) as unknown },
    });
    expectNothingChanged();
  });

  it('an older ARN of a service, which names no cluster, is as good as its name', async () => {
    await world().runningService();
    const service = 'arn:aws:ecs:eu-central-1:123456789012:service/web';
    expect((await world().deploy(['--service', service, '--dry-run'])).exitCode).toBe(0);
  });

  it('a number of tasks for a daemon: exit code 2', async () => {
    await world().runningService({}, { schedulingStrategy: 'DAEMON', desiredCount: undefined, launchType: 'EC2' });
    const { result } = await world().deploy(['--desired-count', '3', ...NEW_IMAGE]);
    expect(result).toMatchObject({
      exitCode: 2,
      error: { title: expect.stringContaining('web is a DAEMON') as unknown },
    });
    expectNothingChanged();
  });

  it('a container that is not there: exit code 2, with the nearest name', async () => {
    await world().runningService();
    const { result } = await world().deploy(['--image', `ap=ghcr.io/acme/web@${DIGEST}`]);
    expect(result.exitCode).toBe(2);
    expect(result.error?.hints).toContain('Did you mean app?');
    expectNothingChanged();
  });

  it('a stage of a rolling update: exit code 2', async () => {
    await world().runningService();
    const { result } = await world().deploy(['--wait-until', 'BAKE_TIME', ...NEW_IMAGE]);
    expect(result).toMatchObject({
      exitCode: 2,
      error: { title: 'wait_until is BAKE_TIME, but deployments of web have no stages: they are ROLLING' },
    });
    expectNothingChanged();
  });

  it('a service that was deleted: exit code 5', async () => {
    await world().runningService();
    await world().stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
    world().stage.localAws.control.clearRequests();
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result).toMatchObject({ exitCode: 5, error: { code: 'ecs.service_deleted' } });
    expectNothingChanged();
  });

  it.each(['CODE_DEPLOY', 'EXTERNAL'] as const)('a service of the controller %s: exit code 2', async (type) => {
    await world().runningService({}, { deploymentController: { type }, deploymentConfiguration: {} });
    const { result } = await world().deploy(NEW_IMAGE);
    expect(result.exitCode).toBe(2);
    expectNothingChanged();
  });

  it('a revision that is not there: exit code 5', async () => {
    await world().runningService();
    const { result } = await world().deploy(['--task-definition-arn', 'web:7']);
    expect(result).toMatchObject({ exitCode: 5, error: { title: 'there is no revision 7 of task definition web' } });
    expectNothingChanged();
  });

  it('a revision that is INACTIVE: exit code 5', async () => {
    await world().runningService();
    const taskDefinition = await world().stage.register();
    await world().stage.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
    world().stage.localAws.control.clearRequests();
    const { result } = await world().deploy(['--task-definition-arn', taskDefinition]);
    expect(result).toMatchObject({ exitCode: 5, error: { code: 'ecs.task_definition_inactive' } });
    expectNothingChanged();
  });

  it('a definition that does not fit the service: exit code 2', async () => {
    await world().runningService(
      {},
      { loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'app', containerPort: 80 }] },
    );
    await writeFile(
      join(world().home, 'web.json'),
      JSON.stringify({
        family: 'web',
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: [{ name: 'app', image: 'ghcr.io/acme/web:2', portMappings: [{ containerPort: 8080 }] }],
      }),
    );
    const { result } = await world().deploy(['--task-definition', 'web.json']);
    expect(result).toMatchObject({
      exitCode: 2,
      error: {
        code: 'ecs.definition_does_not_fit',
        message: 'The load balancer sends to port 80 of app, which has no such containerPort (8080).',
      },
    });
    expectNothingChanged();
  });
});

describe('a dry run', () => {
  it('prints what would be registered and updated, and changes nothing', async () => {
    await world().runningService();
    const { result, said } = await world().deploy([...NEW_IMAGE, '--desired-count', '3', '--dry-run']);
    expect(result).toMatchObject({ exitCode: 0, status: 'planned' });
    expect(result.changes).toEqual([
      expect.objectContaining({ resource: 'web', kind: 'updated' }),
      {
        resource: expect.stringMatching(/service\/demo\/web$/) as unknown,
        kind: 'updated',
        diff: [
          '- taskDefinition: web:1',
          '+ taskDefinition: a new revision of web',
          '- desiredCount: 2',
          '+ desiredCount: 3',
        ],
      },
    ]);
    expect(said).toContain('Would update the service web');
    expectNothingChanged();
  });

  it('says when there is nothing to do', async () => {
    await world().runningService();
    const { result, said } = await world().deploy(['--dry-run']);
    expect(result.changes).toEqual([expect.objectContaining({ kind: 'unchanged' })]);
    expect(said).toContain('Would start nothing: web has this revision');
    expectNothingChanged();
  });

  it('says what would be created', async () => {
    const service = { ...webService(), desiredCount: 1 };
    await writeFile(join(world().home, 'service.json'), JSON.stringify(service));
    world().stage.localAws.control.clearRequests();
    const { result, said } = await world().deploy(['--create-from', 'service.json', '--dry-run']);
    expect(result.changes.at(-1)).toMatchObject({ resource: 'web', kind: 'created' });
    expect(said).toContain('Would create the service web');
    expect(said).toContain('  + taskDefinition: web:1');
    expectNothingChanged();
  });
});
