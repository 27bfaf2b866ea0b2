import {
  BatchClient,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  type CreateJobQueueCommandInput,
} from '@aws-sdk/client-batch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/json.ts';
import type { Control } from '../../../src/local-aws/control.ts';
import { createQueue } from '../../support/batch-queue.ts';
import { CONTAINER, withContainer } from '../../support/definitions.ts';
import { REGION, type LocalCloud } from './local-cloud.ts';

// What other people have made in the cloud of a test before.

const ACCOUNT = '123456789012';
export const SCHEDULER_ROLE = `arn:aws:iam::${ACCOUNT}:role/scheduler`;
export const DEAD_LETTERS = `arn:aws:sqs:${REGION}:${ACCOUNT}:failed-nights`;
export const QUEUE_ARN = `arn:aws:batch:${REGION}:${ACCOUNT}:job-queue/nightly`;

/** Its times are the same whenever a test runs. */
export const FAR_NIGHT = 'cron(0 3 1 1 ? 2099)';

export function revisionOf(revision: number, name = 'crawl'): string {
  return `arn:aws:batch:${REGION}:${ACCOUNT}:job-definition/${name}:${revision}`;
}

/** Jobs do no work: they succeed, or end as the rules say, which come first. */
export function playJobs(control: Control, ...rules: JsonObject[]): void {
  control.setScenario({
    batch: { work: [], jobs: [...rules, { match: '*', outcome: { exitCode: 0, log: ['all pages'] } }] },
  });
}

const HOUR_MS = 3_600_000;

/** A queue called nightly, and revisions of definitions. */
export async function prepareBatch(
  { endpoint, control }: LocalCloud,
  definitions: readonly JsonObject[] = [CONTAINER],
  queue: Partial<CreateJobQueueCommandInput> = {},
): Promise<void> {
  playJobs(control);
  const batch = new BatchClient(settings(endpoint));
  await createQueue(batch, queue);
  for (const definition of definitions) await batch.send(new RegisterJobDefinitionCommand(definition as never));
  batch.destroy();
  control.clearRequests();
}

/**
 * Revisions 1 to 7 of crawl, of which 2 and 4 were verified and 5 was rejected. The schedule nightly and the rule weekly run
 * the last one, which has run once.
 */
export async function prepareHistory(cloud: LocalCloud): Promise<void> {
  const tags: Readonly<Record<number, JsonObject>> = {
    2: { 'aws-deploy:verified': '2026-11-18T03:01:00Z' },
    4: { 'aws-deploy:verified': '2026-11-19T03:01:00Z' },
    5: { 'aws-deploy:rejected': '2026-11-19T08:00:00Z' },
  };
  const crawl = withContainer(CONTAINER, { image: cloud.base });
  const releases = [1, 2, 3, 4, 5, 6, 7].map((content) => ({
    ...crawl,
    parameters: { content: String(content) },
    tags: { team: 'data', ...tags[content] },
  }));
  await prepareBatch(cloud, releases);
  await submitOnce(cloud);
  await prepareSchedule(cloud);
  await prepareRule(cloud);
}

async function submitOnce({ endpoint, control }: LocalCloud): Promise<void> {
  const batch = new BatchClient(settings(endpoint));
  await batch.send(new SubmitJobCommand({ jobName: 'night', jobQueue: 'nightly', jobDefinition: 'crawl:7' }));
  batch.destroy();
  await control.advance(HOUR_MS);
}

/** The schedule nightly runs revision 7, if there is one. */
export async function prepareSchedule({ endpoint }: LocalCloud, GroupName = 'default'): Promise<void> {
  const scheduler = new SchedulerClient(settings(endpoint));
  if (GroupName !== 'default') await scheduler.send(new CreateScheduleGroupCommand({ Name: GroupName }));
  await scheduler.send(
    new CreateScheduleCommand({
      Name: 'nightly',
      GroupName,
      ScheduleExpression: FAR_NIGHT,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: 'arn:aws:scheduler:::aws-sdk:batch:submitJob',
        RoleArn: SCHEDULER_ROLE,
        Input: JSON.stringify({ JobName: 'night', JobQueue: 'nightly', JobDefinition: revisionOf(7) }),
      },
    }),
  );
  scheduler.destroy();
}

/** The rule weekly has two targets that run revision 7. */
export async function prepareRule({ endpoint }: LocalCloud): Promise<void> {
  const events = new EventBridgeClient(settings(endpoint));
  await events.send(new PutRuleCommand({ Name: 'weekly', ScheduleExpression: FAR_NIGHT }));
  const BatchParameters = { JobName: 'week', JobDefinition: revisionOf(7) };
  const target = { Arn: QUEUE_ARN, RoleArn: SCHEDULER_ROLE, BatchParameters };
  await events.send(
    new PutTargetsCommand({ Rule: 'weekly', Targets: ['first', 'second'].map((Id) => ({ Id, ...target })) }),
  );
  events.destroy();
}

function settings(endpoint: string): object {
  return { endpoint, region: REGION, credentials: { accessKeyId: 'SEED', secretAccessKey: 'seed' } };
}

/** What the schedule nightly says, and what it submits. */
export function nightlySchedule(control: Control): { description: JsonValue | undefined; input: JsonObject } {
  const { regions } = control.state()['scheduler'] as {
    regions: Record<string, { schedules: Record<string, JsonObject> }>;
  };
  const { Description: description, Target: target } = regions[REGION]?.schedules['default/nightly'] ?? {};
  const input = isJsonObject(target) ? target['Input'] : undefined;
  return { description, input: JSON.parse(String(input ?? '{}')) as JsonObject };
}
