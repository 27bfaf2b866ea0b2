import { type EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, type SchedulerClient, type Target } from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { failureOf } from '../clients.ts';
import { eventsClient } from '../events/events-client.ts';
import { schedulerClient } from '../scheduler/scheduler-client.ts';
import { type EcsStage, startEcsStage } from './ecs-stage.ts';

const CLUSTER = 'arn:aws:ecs:eu-central-1:123456789012:cluster/demo';
const RoleArn = 'arn:aws:iam::123456789012:role/events';
const EcsParameters = {
  TaskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:1',
  TaskCount: 2,
  LaunchType: 'FARGATE' as const,
  NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'] } },
  Group: 'nights',
};
const Input = JSON.stringify({
  containerOverrides: [{ name: 'app', command: ['crawl'], environment: [{ name: 'NIGHT', value: '1' }] }],
});

const RAN = [
  { group: 'nights', launchType: 'FARGATE', overrides: { containerOverrides: [{ name: 'app', command: ['crawl'] }] } },
  { group: 'nights' },
];

let stage: EcsStage;
let events: EventBridgeClient;
let scheduler: SchedulerClient;
beforeAll(async () => {
  stage = await startEcsStage();
  events = eventsClient(stage.localAws);
  scheduler = schedulerClient(stage.localAws);
});
afterAll(async () => {
  events.destroy();
  scheduler.destroy();
  await stage.close();
});
beforeEach(() => stage.restart());

describe('a rule of EventBridge with an ECS target', () => {
  const put = (target: object): Promise<unknown> =>
    events.send(new PutTargetsCommand({ Rule: 'often', Targets: [{ Id: 'tasks', Arn: CLUSTER, RoleArn, ...target }] }));
  beforeEach(() => events.send(new PutRuleCommand({ Name: 'often', ScheduleExpression: 'rate(1 minute)' })));

  it('runs tasks, with the overrides of its input', async () => {
    await put({ EcsParameters, Input });
    await stage.pass(65);
    expect(await stage.tasks()).toMatchObject(RAN.map((task) => ({ ...task, startedBy: 'events-rule/often' })));
  });

  it('needs its parameters', async () => {
    expect(await failureOf(put({}))).toMatchObject({
      name: 'ValidationException',
      message: 'Parameter(s) EcsParameters must be specified for target: tasks.',
    });
  });
});

describe('a schedule', () => {
  const create = (target: Target): Promise<unknown> =>
    scheduler.send(
      new CreateScheduleCommand({
        Name: 'often',
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: target,
      }),
    );

  it('with an ECS target runs tasks', async () => {
    await create({ Arn: CLUSTER, RoleArn, EcsParameters, Input });
    await stage.pass(65);
    expect(await stage.tasks()).toMatchObject(RAN.map((task) => ({ ...task, startedBy: 'chronos-schedule/often' })));
  });

  it('with the universal target of RunTask does so too', async () => {
    const RunTask = {
      Cluster: 'demo',
      TaskDefinition: 'web',
      LaunchType: 'FARGATE',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
    };
    await create({ Arn: 'arn:aws:scheduler:::aws-sdk:ecs:runTask', RoleArn, Input: JSON.stringify(RunTask) });
    await stage.pass(65);
    expect(await stage.tasks()).toMatchObject([{ launchType: 'FARGATE' }]);
  });

  it('needs the parameters of an ECS target', async () => {
    expect(await failureOf(create({ Arn: CLUSTER, RoleArn }))).toMatchObject({ name: 'ValidationException' });
  });
});
