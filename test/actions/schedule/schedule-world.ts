import { BatchClient, DeregisterJobDefinitionCommand, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
  type DescribeRuleCommandOutput,
  type Target,
} from '@aws-sdk/client-eventbridge';
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
  type GetScheduleCommandOutput,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Clock } from '../../../src/core/clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { VirtualClock } from '../../../src/local-aws/virtual-clock.ts';
import { CONTAINER } from '../../support/definitions.ts';
import { awsEnvironment, operationsOf, REGION } from '../../support/local-aws-world.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';

export const ACCOUNT = '123456789012';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/scheduler`;
export const DEAD_LETTERS = `arn:aws:sqs:${REGION}:${ACCOUNT}:failed-nights`;
export const QUEUE_ARN = `arn:aws:batch:${REGION}:${ACCOUNT}:job-queue/nights`;
/** A Friday, midnight. */
export const FRIDAY = new Date('2026-11-20T00:00:00Z');

export function arnOf(revision: number, name = 'crawl'): string {
  return `arn:aws:batch:${REGION}:${ACCOUNT}:job-definition/${name}:${revision}`;
}

/** All that makes a new schedule, the definition apart. */
export const CREATE = [
  ...['--schedule', 'cron(0 3 * * ? *)', '--job-queue', 'nights'],
  ...['--schedule-role-arn', ROLE],
];

export interface ScheduleWorld {
  localAws: LocalAws;
  scheduler: SchedulerClient;
  events: EventBridgeClient;
  batch: BatchClient;
  /** Runs schedule-job. */
  run(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<CliRun>;
  /** Registers the next revision, as that pipeline would. */
  register(pipeline?: number, name?: string): Promise<string>;
  deregister(revision: number): Promise<void>;
  schedule(name?: string, group?: string): Promise<GetScheduleCommandOutput>;
  /** What a schedule submits. */
  input(name?: string): Promise<JsonObject>;
  createByHand(more?: Partial<CreateScheduleCommandInput>): Promise<void>;
  /** What somebody else does: changes that, and keeps the rest. */
  changeByHand(change: (schedule: GetScheduleCommandOutput) => Partial<CreateScheduleCommandInput>): Promise<void>;
  rule(name?: string): Promise<DescribeRuleCommandOutput>;
  targets(name?: string): Promise<Target[]>;
  /** The operations that were called since the last time it was asked. */
  calls(): string[];
}

/** A local AWS whose clock stands at midnight until a test moves it, empty before each test. */
export function scheduleWorldForTests(): () => ScheduleWorld {
  let world: ScheduleWorld;
  beforeAll(async () => {
    world = worldOn(await startLocalAws({ clock: new VirtualClock(() => FRIDAY.getTime()) }));
  });
  beforeEach(() => {
    world.localAws.control.reset();
    world.localAws.control.setScenario({});
  });
  afterAll(async () => {
    for (const client of [world.scheduler, world.events, world.batch]) client.destroy();
    await world.localAws.close();
  });
  return () => world;
}

function worldOn(localAws: LocalAws): ScheduleWorld {
  const settings = {
    endpoint: localAws.endpoint,
    region: REGION,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  };
  const scheduler = new SchedulerClient(settings);
  const events = new EventBridgeClient(settings);
  const batch = new BatchClient(settings);
  const schedule = (name = 'nightly', group = 'default') =>
    scheduler.send(new GetScheduleCommand({ Name: name, GroupName: group }));
  return {
    localAws,
    scheduler,
    events,
    batch,
    async run(args, more = {}) {
      const env = await awsEnvironment(localAws, more);
      return runCli(['schedule-job', '--output', 'json', ...args], { env, clock: clockOf(localAws) });
    },
    async register(pipeline, name = 'crawl') {
      const tags = pipeline === undefined ? {} : { tags: { 'aws-deploy:pipeline': String(pipeline) } };
      const definition = { ...CONTAINER, jobDefinitionName: name, ...tags };
      const { jobDefinitionArn = '' } = await batch.send(new RegisterJobDefinitionCommand(definition as never));
      return jobDefinitionArn;
    },
    async deregister(revision) {
      await batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: arnOf(revision) }));
    },
    schedule,
    async input(name) {
      const { Target: target } = await schedule(name);
      return JSON.parse(target?.Input ?? '{}') as JsonObject;
    },
    async createByHand(more = {}) {
      await scheduler.send(new CreateScheduleCommand({ ...byHand(), ...more }));
    },
    async changeByHand(change) {
      const { $metadata: _metadata, ...found } = await schedule();
      await scheduler.send(
        new UpdateScheduleCommand({
          ...found,
          ...change(found as GetScheduleCommandOutput),
        } as CreateScheduleCommandInput),
      );
    },
    rule: (name = 'nightly') => events.send(new DescribeRuleCommand({ Name: name })),
    async targets(name = 'nightly') {
      return (await events.send(new ListTargetsByRuleCommand({ Rule: name }))).Targets ?? [];
    },
    calls() {
      const calls = operationsOf(localAws);
      localAws.control.clearRequests();
      return calls;
    },
  };
}

/** The clock of the local AWS; waits take no time. */
export function clockOf(localAws: LocalAws): Clock {
  return { now: () => localAws.control.now(), sleep: () => Promise.resolve() };
}

/** A schedule as Terraform or a person made it, with every field that there is. */
export function byHand(): CreateScheduleCommandInput {
  return {
    Name: 'nightly',
    GroupName: 'default',
    Description: 'By hand',
    ScheduleExpression: 'cron(30 2 ? * MON-FRI *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    StartDate: new Date('2026-12-01T00:00:00Z'),
    EndDate: new Date('2027-12-01T00:00:00Z'),
    State: 'DISABLED',
    KmsKeyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`,
    ActionAfterCompletion: 'DELETE',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    Target: {
      Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
      RoleArn: ROLE,
      DeadLetterConfig: { Arn: DEAD_LETTERS },
      RetryPolicy: { MaximumRetryAttempts: 7, MaximumEventAgeInSeconds: 4321 },
      Input: JSON.stringify({
        JobName: 'by-hand',
        JobQueue: 'nights',
        JobDefinition: arnOf(1),
        Parameters: { depth: '3' },
        ContainerOverrides: {
          Environment: [
            { Name: 'A', Value: '1' },
            { Name: 'B', Value: '2' },
          ],
          ResourceRequirements: [{ Type: 'MEMORY', Value: '1024' }],
        },
        ShareIdentifier: 'nights',
      }),
    },
  };
}
