import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type DescribeRuleCommandOutput,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  type CreateScheduleCommandInput,
  type GetScheduleCommandOutput,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { eventsClient } from '../../local-aws/events/events-client.ts';
import { schedulerClient } from '../../local-aws/scheduler/scheduler-client.ts';
import { type EcsStage, startEcsStage } from '../../local-aws/ecs/ecs-stage.ts';
import { awsEnvironment, operationsOf } from '../../support/local-aws-world.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';
import { drivingClock } from '../../support/driving-clock.ts';

const REGION = 'eu-central-1';
export const ACCOUNT = '123456789012';
export const CLUSTER = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/demo`;
export const RUN_TASK = 'arn:aws:scheduler:::aws-sdk:ecs:runTask';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/events`;
/** Not while a test runs: the clock stands. */
const AT_THREE = 'cron(0 3 * * ? *)';
export const TOPIC: Target = { Id: 'tell', Arn: `arn:aws:sns:${REGION}:${ACCOUNT}:nights` };

/** ARN of a revision, or of a family. */
export function arnOf(reference: string): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${reference}`;
}

/** A target of a rule with every field that there is. */
export function ruleTarget(reference = 'web:1', Id = 'tasks'): Target {
  return {
    Id,
    Arn: CLUSTER,
    RoleArn: ROLE,
    Input: JSON.stringify({ containerOverrides: [{ name: 'app', command: ['crawl'] }] }),
    EcsParameters: {
      TaskDefinitionArn: arnOf(reference),
      TaskCount: 2,
      LaunchType: 'FARGATE',
      PlatformVersion: '1.4.0',
      NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'DISABLED' } },
      Group: 'nights',
      EnableECSManagedTags: true,
      PropagateTags: 'TASK_DEFINITION',
      Tags: [{ Key: 'team', Value: 'nights' }],
    },
    DeadLetterConfig: { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:failed-nights` },
    RetryPolicy: { MaximumRetryAttempts: 7, MaximumEventAgeInSeconds: 4321 },
  };
}

/** What RunTask gets from a schedule that calls it itself. */
export function runTaskInput(reference = 'web:1'): JsonObject {
  return {
    Cluster: 'demo',
    TaskDefinition: arnOf(reference),
    LaunchType: 'FARGATE',
    NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
    Overrides: { ContainerOverrides: [{ Name: 'app', Environment: [{ Name: 'NIGHT', Value: '1' }] }] },
  };
}

/** A schedule with every field that there is. */
export function byHand(reference = 'web:1'): CreateScheduleCommandInput {
  const { Id: _id, ...target } = ruleTarget(reference);
  return {
    Name: 'nightly',
    GroupName: 'default',
    Description: 'By hand',
    ScheduleExpression: AT_THREE,
    ScheduleExpressionTimezone: 'Europe/Berlin',
    State: 'ENABLED',
    ActionAfterCompletion: 'DELETE',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: target as CreateScheduleCommandInput['Target'],
  };
}

/** The same with RunTask as its target. */
export function universalByHand(input: JsonObject = runTaskInput()): CreateScheduleCommandInput {
  return { ...byHand(), Target: { Arn: RUN_TASK, RoleArn: ROLE, Input: JSON.stringify(input) } };
}

export interface ScheduledTaskWorld {
  stage: EcsStage;
  events: EventBridgeClient;
  scheduler: SchedulerClient;
  /** Runs deploy-scheduled-task. */
  run(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<CliRun>;
  /** Registers further revisions of `web`, which has one from the start; gives the ARN of the last. */
  revisions(count: number, pipeline?: number): Promise<string>;
  rule(targets?: readonly Target[], place?: { name?: string; bus?: string; expression?: string }): Promise<void>;
  described(name?: string): Promise<DescribeRuleCommandOutput>;
  targets(name?: string, bus?: string): Promise<Target[]>;
  schedule(input?: CreateScheduleCommandInput): Promise<void>;
  found(name?: string): Promise<GetScheduleCommandOutput>;
  /** What the rule, or the schedule, runs now. */
  runs(flag: string): Promise<string | undefined>;
  /** The operations that were called since the last time it was asked. */
  calls(): string[];
}

/** A local AWS with a cluster `demo` and a task definition `web`, whose clock stands until a test moves it. */
export function scheduledTaskWorldForTests(): () => ScheduledTaskWorld {
  let world: ScheduledTaskWorld;
  beforeAll(async () => {
    world = worldOn(await startEcsStage());
  });
  beforeEach(async () => {
    await world.stage.restart();
    world.calls();
  });
  afterAll(async () => {
    world.events.destroy();
    world.scheduler.destroy();
    await world.stage.close();
  });
  return () => world;
}

function worldOn(stage: EcsStage): ScheduledTaskWorld {
  const { localAws } = stage;
  const events = eventsClient(localAws);
  const scheduler = schedulerClient(localAws);
  const world: ScheduledTaskWorld = {
    stage,
    events,
    scheduler,
    async run(args, more = {}) {
      const env = await awsEnvironment(localAws, { AWS_REGION: REGION, ...more });
      const clock = drivingClock(localAws.control);
      return runCli(['deploy-scheduled-task', '--output', 'json', ...args], { env, clock });
    },
    async revisions(count, pipeline) {
      const tags = pipeline === undefined ? {} : { tags: [{ key: 'aws-deploy:pipeline', value: String(pipeline) }] };
      let arn = '';
      for (let number = 0; number < count; number++) arn = await stage.register(tags);
      return arn;
    },
    async rule(Targets = [ruleTarget()], { name = 'nightly', bus = 'default', expression = AT_THREE } = {}) {
      if (bus !== 'default') await events.send(new CreateEventBusCommand({ Name: bus }));
      const when = bus === 'default' ? { ScheduleExpression: expression } : { EventPattern: '{"source":["orders"]}' };
      await events.send(new PutRuleCommand({ Name: name, EventBusName: bus, Description: 'By hand', ...when }));
      if (Targets.length === 0) return;
      await events.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [...Targets] }));
    },
    described: (name = 'nightly') => events.send(new DescribeRuleCommand({ Name: name })),
    async targets(name = 'nightly', bus = 'default') {
      const command = new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus });
      return (await events.send(command)).Targets ?? [];
    },
    async schedule(input = byHand()) {
      await scheduler.send(new CreateScheduleCommand(input));
    },
    found: (name = 'nightly') => scheduler.send(new GetScheduleCommand({ Name: name })),
    async runs(flag) {
      const target =
        flag === '--rule-name'
          ? (await world.targets()).find(({ EcsParameters }) => EcsParameters)
          : (await world.found()).Target;
      if (target?.EcsParameters) return target.EcsParameters.TaskDefinitionArn;
      return String((JSON.parse(target?.Input ?? '{}') as JsonObject)['TaskDefinition']);
    },
    calls() {
      const calls = operationsOf(localAws);
      localAws.control.clearRequests();
      return calls;
    },
  };
  return world;
}
