import {
  DeregisterJobDefinitionCommand,
  paginateDescribeJobDefinitions,
  RegisterJobDefinitionCommand,
  type JobDefinition,
} from '@aws-sdk/client-batch';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import type { CreateScheduleCommandInput } from '@aws-sdk/client-scheduler';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Result } from '../../../src/core/result.ts';
import { CONTAINER } from '../../support/definitions.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { arnOf, byHand, clockOf, QUEUE_ARN, ROLE, type ScheduleWorld } from '../schedule/schedule-world.ts';

/** A revision of crawl, told by what distinguishes it. */
export interface Past {
  /** What it says: equal contents are equal definitions. */
  content: string;
  verified?: boolean;
  rejected?: boolean;
  inactive?: boolean;
  /** More of the definition, and more tags of ours. */
  definition?: JsonObject;
  tags?: Readonly<Record<string, string>>;
}

export const VERIFIED_AT = '2026-11-18T03:01:00Z';
export const REJECTED_AT = '2026-11-19T08:00:00Z';

/** Registers revisions 1, 2, 3 …, as releases, smoke runs and rollbacks before have left them. */
export async function past(world: ScheduleWorld, ...releases: Past[]): Promise<void> {
  for (const [index, { content, verified, rejected, inactive, definition = CONTAINER, tags }] of releases.entries()) {
    const ours = {
      ...(verified ? { verified: VERIFIED_AT } : {}),
      ...(rejected ? { rejected: REJECTED_AT } : {}),
      ...tags,
    };
    await world.batch.send(
      new RegisterJobDefinitionCommand({
        ...definition,
        parameters: { content },
        tags: {
          team: 'data',
          ...Object.fromEntries(Object.entries(ours).map(([name, value]) => [`aws-deploy:${name}`, value])),
        },
      } as never),
    );
    if (inactive) await world.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: arnOf(index + 1) }));
  }
}

/** All revisions that AWS knows, by their order. */
export async function revisions({ batch }: ScheduleWorld, name = 'crawl'): Promise<JobDefinition[]> {
  const found: JobDefinition[] = [];
  for await (const page of paginateDescribeJobDefinitions({ client: batch }, { jobDefinitionName: name })) {
    found.push(...(page.jobDefinitions ?? []));
  }
  return found.toSorted((a, b) => Number(a.revision) - Number(b.revision));
}

/** What each revision says, the oldest first; an inactive one in brackets. */
export async function contents(world: ScheduleWorld): Promise<string[]> {
  return (await revisions(world)).map(({ parameters, status }) => {
    const content = String(parameters?.['content']);
    return status === 'ACTIVE' ? content : `(${content})`;
  });
}

/** Numbers of the revisions with this tag of ours. */
export async function tagged(world: ScheduleWorld, name: string): Promise<number[]> {
  return (await revisions(world)).flatMap(({ tags, revision }) =>
    tags?.[`aws-deploy:${name}`] === undefined ? [] : [Number(revision)],
  );
}

export async function putSchedule(
  world: ScheduleWorld,
  name: string,
  jobDefinition: string,
  more: Partial<CreateScheduleCommandInput> = {},
): Promise<void> {
  const input = { ...(JSON.parse(byHand().Target?.Input ?? '') as JsonObject), JobDefinition: jobDefinition };
  const target = { ...byHand().Target!, Input: JSON.stringify(input) };
  await world.createByHand({ Name: name, State: 'ENABLED', Target: target, ...more });
}

export async function putRule({ events }: ScheduleWorld, name: string, jobDefinition: string): Promise<void> {
  await events.send(new PutRuleCommand({ Name: name, ScheduleExpression: 'rate(1 day)' }));
  const BatchParameters = { JobDefinition: jobDefinition, JobName: 'j' };
  await events.send(
    new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'j', Arn: QUEUE_ARN, RoleArn: ROLE, BatchParameters }] }),
  );
}

/** What a rule submits. */
export async function ruleRuns(world: ScheduleWorld, name: string): Promise<string | undefined> {
  return (await world.targets(name))[0]?.BatchParameters?.JobDefinition;
}

export interface HistoryRun extends CliRun {
  result: Result;
}

/** Runs an action on crawl. */
export async function runOn(
  { localAws }: ScheduleWorld,
  action: string,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<HistoryRun> {
  const env = await awsEnvironment(localAws, { AWS_MAX_ATTEMPTS: '1', ...more });
  const run = await runCli([action, '--output', 'json', '--job-definition-name', 'crawl', ...args], {
    env,
    clock: clockOf(localAws),
  });
  return { ...run, result: resultOf(run) };
}
