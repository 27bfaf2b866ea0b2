import { DeleteServiceCommand } from '@aws-sdk/client-ecs';
import {
  CreateEventBusCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, GetScheduleCommand } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { containersOf } from '../../src/plan/task-definition/containers.ts';
import { byHand, ruleTarget, TOPIC } from '../actions/scheduled-task/scheduled-task-world.ts';
import { NETWORK, webDefinition } from '../local-aws/ecs/ecs-stage.ts';
import { eventsClient } from '../local-aws/events/events-client.ts';
import { schedulerClient } from '../local-aws/scheduler/scheduler-client.ts';
import { DIGEST } from '../support/definitions.ts';
import { ecsJobForTests } from './support/ecs-regressions.ts';

// What the orbs of today get wrong on ECS, each by its number in the list of defects that were found in them. Every test
// fails on what happens there.

const job = ecsJobForTests();

const NEXT = ['--image', `app=ghcr.io/acme/web@${DIGEST}`];
const deploy = (...args: string[]) => job().step('deploy-service', '--cluster', 'demo', ...args);
const revision = (number: number): string => `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${number}`;
const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

describe('E1: a service that is not there was "deployed" with success', () => {
  it.each([
    ['a slip of the pen', 'wbe'],
    ['an ARN of one that is not there', 'arn:aws:ecs:eu-central-1:123456789012:service/demo/wbe'],
  ])('%s is exit code 5, suggests the name, and changes nothing', async (_what, service) => {
    await job().running();
    const { exitCode, result } = await deploy('--service', service, ...NEXT);
    expect(exitCode).toBe(5);
    expect(result.error?.hints).toContain('Did you mean web?');
    expect(job().changes()).toEqual([]);
  });

  it('an ARN is deployed to as the name is', async () => {
    await job().running();
    const { serviceArn = '' } = await job().stage.service();
    const { exitCode } = await deploy('--service', serviceArn, ...NEXT);
    expect(exitCode).toBe(0);
    expect((await job().stage.service()).taskDefinition).toBe(revision(2));
  });

  it('one that was deleted is not deployed to', async () => {
    await job().running();
    await job().stage.ecs.send(new DeleteServiceCommand({ cluster: 'demo', service: 'web', force: true }));
    await job().stage.pass(900);
    const { exitCode } = await deploy('--service', 'web', ...NEXT);
    expect(exitCode).not.toBe(0);
    expect(job().changes()).not.toContain('ecs:RegisterTaskDefinition');
  });
});

describe('E2: a service without a load balancer could not be created', () => {
  it('is created, proven, and the deployed revision is there for the next step', async () => {
    const file = await job().file('service.json', {
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
    });
    const { exitCode, stderr } = await deploy(
      '--service',
      'web',
      '--create-from',
      file,
      '--task-definition-arn',
      'web:1',
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(await job().stage.service()).toMatchObject({
      loadBalancers: [],
      runningCount: 1,
      taskDefinition: revision(1),
    });
    expect(job().nextStep()).toMatchObject({ AWS_DEPLOY_TASK_DEFINITION_ARN: revision(1) });
  });
});

describe('E3: a blue/green deployment that was stopped or rolled back ended with success', () => {
  const CONFIGURATION = { strategy: 'BLUE_GREEN' as const, ...BREAKER };
  const STUCK = { deployments: [{ match: 'web:2', stuck: 'TEST_TRAFFIC_SHIFT' }] };
  const failing = (rule: JsonObject) => ({ tasks: [{ match: 'web:2', ...rule }] });

  it.each<[string, JsonObject, string[], number]>([
    ['time is over, it goes on', STUCK, [], 8],
    ['time is over, it is stopped', STUCK, ['--on-timeout', 'stop'], 10],
    ['time is over, it is rolled back', STUCK, ['--on-timeout', 'rollback'], 9],
    ['its tasks do not start', failing({ failToStart: 'CannotPullContainerError: not found' }), [], 9],
    ['its tasks end', failing({ exit: { exitCode: 1 } }), [], 9],
    ['ECS gives it up', { deployments: [{ match: 'web:2', fails: { reason: 'no', rollback: false } }] }, [], 10],
  ])('%s', async (_what, scenario, args, expected) => {
    await job().running(scenario, { deploymentConfiguration: CONFIGURATION });
    const { exitCode, result, stderr } = await deploy('--service', 'web', ...NEXT, '--timeout', '30m', ...args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: expected });
    expect(result.status).toBe('failed');
    expect(job().nextStep()).not.toHaveProperty('AWS_DEPLOY_TASK_DEFINITION_ARN');
  });
});

describe('run-task', () => {
  const runTask = (...args: string[]) =>
    job().step(
      ...['run-task', '--cluster', 'demo', '--task-definition', 'web'],
      ...['--launch-type', 'FARGATE', '--subnets', 'subnet-1', ...args],
    );
  const play = (...tasks: JsonObject[]): void =>
    job().stage.localAws.control.setScenario({ ecs: { tasks: tasks.map((rule) => ({ match: '*', ...rule })) } });

  describe('E4: a task that found no place was success', () => {
    it.each([['--wait'], ['--no-wait']])('with %s it is not, and the reason is named', async (wait) => {
      play({ noCapacity: 'RESOURCE:MEMORY' });
      const { exitCode, stderr } = await runTask(wait);
      expect(exitCode).toBe(4);
      expect(stderr).toContain('RESOURCE:MEMORY');
    });
  });

  describe('E5: an apostrophe in an override took all later exports away, and overrides were written down', () => {
    it.each([
      ['environment', ['--environment', `MOTTO=it's "so" $(touch x)`]],
      ['command', ['--command', 'echo', '--command', `it's "so"`]],
      ['overrides', ['--overrides', JSON.stringify({ taskRoleArn: `arn:aws:iam::1:role/it's` })]],
    ])('in %s', async (_what, args) => {
      expect((await runTask('--no-wait', '--container', 'app', ...args)).exitCode).toBe(0);
      await job().export('export LATER=there');
      expect(job().nextStep()).toMatchObject({
        LATER: 'there',
        AWS_DEPLOY_TASK_STATUS: 'GOING',
        AWS_DEPLOY_TASK_ARNS: expect.stringContaining(':task/demo/'),
      });
      expect(await job().written()).not.toContain(`it's`);
    });
  });

  describe('E6: of several tasks one was looked at, a missing exit code was an error of the shell, and ten minutes the end', () => {
    it.each([
      ['the first', [{ times: 1, exit: { exitCode: 3 } }, { exit: { exitCode: 0 } }]],
      ['the second', [{ times: 1, exit: { exitCode: 0 } }, { exit: { exitCode: 3 } }]],
    ])('%s of two that fails is a failure, with its exit code', async (_what, rules) => {
      play(...rules);
      const { exitCode, result } = await runTask('--count', '2');
      expect(exitCode).toBe(10);
      expect(result.outputs).toMatchObject({ exitCode: 3, taskStatus: 'FAILED' });
      expect(result.outputs['taskArns']).toHaveLength(2);
    });

    it('a container that never started is a failure with its reason', async () => {
      play({ failToStart: 'CannotPullContainerError: not found' });
      const { exitCode, result, stderr } = await runTask();
      expect(exitCode).toBe(10);
      expect(stderr).toContain('CannotPullContainerError: not found');
      expect(result.outputs).not.toHaveProperty('exitCode');
    });

    it('a task of 25 minutes is followed to its end', async () => {
      play({ durations: { RUNNING: '25m' } });
      const { exitCode, result } = await runTask();
      expect(exitCode).toBe(0);
      expect(result.outputs).toMatchObject({ taskStatus: 'SUCCEEDED', exitCode: 0 });
    });
  });
});

describe('register-task-definition', () => {
  const register = (...args: string[]) => job().step('register-task-definition', '--family', 'web', ...args);

  async function newest(): Promise<JsonObject> {
    return (await job().taskDefinitions.describe('web'))?.definition ?? {};
  }

  describe('E7: names of images and values were cut', () => {
    it.each([
      ['a port', 'localhost:5000/app:1', 'localhost:5000/app:2'],
      ['a digest', `ghcr.io/acme/app@${DIGEST}`, `ghcr.io/acme/app@sha256:${'2'.repeat(64)}`],
    ])('an image with %s', async (_what, before, after) => {
      await register('--image', `app=${before}`);
      expect((await register('--image', `app=${after}`)).exitCode).toBe(0);
      expect(containersOf(await newest())[0]).toMatchObject({ image: after });
    });

    it('values with commas and equals signs', async () => {
      const value = 'container=app,name=A,value=b==';
      expect((await register('--container', 'app', '--environment', `LIST=${value}`)).exitCode).toBe(0);
      expect(containersOf(await newest())[0]).toMatchObject({ environment: [{ name: 'LIST', value }] });
    });

    it('all docker labels, whole, beside a variable of the same name', async () => {
      const dockerLabels = { 'traefik.rule': 'Host(`a.b`) && Query(`x=y`)', TEAM: 'a,b=c', third: '' };
      const [app, sidecar] = webDefinition().containerDefinitions!;
      await job().stage.register({ containerDefinitions: [{ ...app!, dockerLabels }, sidecar!] });
      expect((await register('--container', 'app', '--environment', 'TEAM=web', ...NEXT)).exitCode).toBe(0);
      expect(containersOf(await newest())[0]).toMatchObject({
        dockerLabels,
        environment: [{ name: 'TEAM', value: 'web' }],
      });
    });
  });

  describe('E9: members that nobody had listed were lost', () => {
    it.each<[string, JsonObject]>([
      ['fault injection', { enableFaultInjection: true }],
      ['storage', { ephemeralStorage: { sizeInGiB: 42 } }],
      ['accelerators', { inferenceAccelerators: [{ deviceName: 'd', deviceType: 'eia2.medium' }] }],
      ['the platform', { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } }],
      ['the proxy', { proxyConfiguration: { type: 'APPMESH', containerName: 'sidecar', properties: [] } }],
      ['tags', { tags: [{ key: 'team', value: 'web' }] }],
      ['what this version has never heard of', { zeitgeist: { deep: ['x', 1] } }],
    ])('%s', async (_what, members) => {
      job().stage.localAws.control.setScenario({ ecs: { unknownMembers: 'keep' } });
      await job().taskDefinitions.register({ ...(webDefinition() as unknown as JsonObject), ...members });
      expect((await register(...NEXT)).exitCode).toBe(0);
      const { tags, ...definition } = await newest();
      expect({ ...definition, ...('tags' in members && { tags: [(tags as JsonObject[])[0]!] }) }).toMatchObject(
        members,
      );
      expect(containersOf(definition)[0]).toMatchObject({ image: `ghcr.io/acme/web@${DIGEST}` });
    });
  });
});

describe('E8: the verdict was that as many tasks run as are wanted, looked at fifty times', () => {
  const ROLLED_BACK = { tasks: [{ match: 'web:2', failToStart: 'CannotPullContainerError: not found' }] };

  it('after a rollback as many run as are wanted, and it is no success', async () => {
    await job().running(ROLLED_BACK, { deploymentConfiguration: BREAKER });
    const { exitCode, result } = await deploy('--service', 'web', ...NEXT);
    const { deployments, runningCount, desiredCount } = await job().stage.service();
    expect({ deployments: deployments?.length, runningCount }).toEqual({ deployments: 1, runningCount: desiredCount });
    expect(exitCode).toBe(9);
    expect(result.outputs).toMatchObject({ deploymentStatus: 'ROLLED_BACK' });
  });

  it('a rollout that has failed and is not rolled back is no success', async () => {
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: false } };
    await job().running(ROLLED_BACK, { deploymentConfiguration });
    expect((await deploy('--service', 'web', ...NEXT)).exitCode).toBe(10);
  });

  it('it ends within one poll after ECS has ended, and tells the events and why tasks stopped', async () => {
    await job().running(ROLLED_BACK, { deploymentConfiguration: BREAKER });
    const { result, stderr } = await deploy('--service', 'web', ...NEXT);
    const { finishedAt } = await job().stage.deployment();
    const [ended, known] = [finishedAt!.getTime(), Date.parse(result.finishedAt)];
    expect(known).toBeGreaterThanOrEqual(ended);
    expect(known - ended).toBeLessThanOrEqual(16_000);
    expect(stderr).toContain('(service web) has started 2 tasks');
    expect(stderr).toContain('CannotPullContainerError: not found');
  });

  it('one that takes longer than fifty looks is followed to its success', async () => {
    await job().running({ tasks: [{ match: 'web:2', durations: { PENDING: '20m' } }] });
    const { exitCode, result } = await deploy('--service', 'web', ...NEXT);
    expect({ exitCode, outputs: result.outputs }).toMatchObject({
      exitCode: 0,
      outputs: { deploymentStatus: 'SUCCEEDED', taskDefinitionArn: revision(2) },
    });
  });
});

describe('E10: scheduled tasks were rules of the default bus, and a refused target was success', () => {
  let events: ReturnType<typeof eventsClient>;
  let scheduler: ReturnType<typeof schedulerClient>;
  beforeEach(() => {
    events = eventsClient(job().stage.localAws);
    scheduler = schedulerClient(job().stage.localAws);
  });
  afterEach(() => {
    events.destroy();
    scheduler.destroy();
  });

  const deployScheduled = (...args: string[]) => job().step('deploy-scheduled-task', ...args);

  async function rule(bus: string): Promise<void> {
    if (bus !== 'default') await events.send(new CreateEventBusCommand({ Name: bus }));
    const EventPattern = '{"source":["orders"]}';
    await events.send(new PutRuleCommand({ Name: 'nightly', EventBusName: bus, EventPattern }));
    await events.send(new PutTargetsCommand({ Rule: 'nightly', EventBusName: bus, Targets: [TOPIC, ruleTarget()] }));
  }

  it('a schedule of EventBridge Scheduler is moved, by its name alone, to what an earlier step has registered', async () => {
    await scheduler.send(new CreateScheduleCommand(byHand()));
    await job().step('register-task-definition', '--family', 'web', ...NEXT);
    const { exitCode, stderr } = await deployScheduled('--schedule-name', 'nightly');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { Target: target } = await scheduler.send(new GetScheduleCommand({ Name: 'nightly' }));
    expect(target).toEqual(byHand('web:2').Target);
  });

  it.each(['default', 'orders'])('a rule on the bus %s is moved, and no other target of it is written', async (bus) => {
    await rule(bus);
    const { exitCode } = await deployScheduled('--rule-name', 'nightly', '--event-bus-name', bus, ...NEXT);
    expect(exitCode).toBe(0);
    const command = new ListTargetsByRuleCommand({ Rule: 'nightly', EventBusName: bus });
    expect((await events.send(command)).Targets).toEqual(expect.arrayContaining([TOPIC, ruleTarget('web:2')]));
  });

  it('a target that EventBridge does not take, in an answer that is 200, is a failure', async () => {
    await rule('default');
    const entry = { id: 'tasks', code: 'InternalFailure', message: 'Try later.' };
    job().stage.localAws.control.setScenario({ events: { failEntries: [entry] } });
    const { exitCode, stderr } = await deployScheduled('--rule-name', 'nightly', ...NEXT);
    expect(exitCode).toBe(10);
    expect(stderr).toContain('web:2 is registered, and rule nightly was not moved to it');
    expect(stderr).toContain('tasks: InternalFailure: Try later.');
  });
});
