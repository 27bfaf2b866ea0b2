import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeJobDefinitionsCommand, type JobDefinition } from '@aws-sdk/client-batch';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { afterEach, beforeEach } from '@jest/globals';
import type { Clock } from '../../../src/core/clock.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Result } from '../../../src/core/result.ts';
import type { LocalAws } from '../../../src/local-aws/server.ts';
import { batchQueueForTests, type BatchQueue } from '../../support/batch-queue.ts';
import { CONTAINER } from '../../support/definitions.ts';
import { drivingClock } from '../../support/driving-clock.ts';
import { awsEnvironment, localAwsForTests, REGION } from '../../support/local-aws-world.ts';
import { resultOf, runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const ACCOUNT = '123456789012';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/scheduler`;

/** A smoke test in the queue that there is. */
export const SMOKE = ['--smoke-test', '--job-queue', 'nightly'];
export const SCHEDULE = ['--schedule-name', 'nights'];
/** All that makes a schedule. */
export const NEW_SCHEDULE = [...SCHEDULE, '--schedule', 'cron(0 3 * * ? *)', '--schedule-role-arn', ROLE];

export interface ReleaseRun extends CliRun {
  result: Result;
  /** What was said on the way, without the marks of the lines, and without the error in the end. */
  said: string[];
}

export interface ReleaseWorldOptions {
  clock?: Clock;
  signal?: AbortSignal;
  env?: Readonly<Record<string, string>>;
}

/** A revision, by what a smoke test decides: its content, and which of our tags it has. */
export interface SeenRevision {
  content: string | undefined;
  tags: string[];
}

export interface ReleaseWorld {
  localAws: LocalAws;
  queue: BatchQueue;
  /** Releases a content of the definition crawl from a file; time passes only while the release waits. */
  release(content: string, args?: readonly string[], options?: ReleaseWorldOptions): Promise<ReleaseRun>;
  /** Runs another action in the same home: a later command of the same workflow. */
  run(action: string, args: readonly string[], options?: ReleaseWorldOptions): Promise<ReleaseRun>;
  revisions(): Promise<SeenRevision[]>;
  described(): Promise<JobDefinition[]>;
  /** What a schedule submits; undefined when it is not there. */
  scheduled(name?: string): Promise<string | undefined>;
  /** All that a schedule submits. */
  scheduledInput(name?: string): Promise<JsonObject | undefined>;
  /** Makes a schedule, with more of what it submits than the definition. */
  schedule(name: string, definition: string, more?: JsonObject): Promise<void>;
}

export function arnOf(revision: number): string {
  return `arn:aws:batch:${REGION}:${ACCOUNT}:job-definition/crawl:${revision}`;
}

/** A region with a queue called nightly for the tests of a file, empty of everything else before each of them. */
export function releaseWorldForTests(): () => ReleaseWorld {
  const localAws = localAwsForTests();
  const queue = batchQueueForTests(localAws);
  let scheduler: SchedulerClient;
  let world: ReleaseWorld;
  beforeEach(async () => {
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
    scheduler = new SchedulerClient({ endpoint: localAws().endpoint, region: REGION, credentials });
    const home = await tempFolder();
    world = worldOn(localAws(), queue(), scheduler, home);
  });
  afterEach(() => scheduler.destroy());
  return () => world;
}

function worldOn(localAws: LocalAws, queue: BatchQueue, scheduler: SchedulerClient, home: string): ReleaseWorld {
  const described = async (): Promise<JobDefinition[]> => {
    const { jobDefinitions = [] } = await queue.client.send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: 'crawl' }),
    );
    return jobDefinitions.toSorted((a, b) => Number(a.revision) - Number(b.revision));
  };
  const run: ReleaseWorld['run'] = async (action, args, { env, ...options } = {}) => {
    const ended = await runCli([action, '--output', 'json', ...args], {
      clock: drivingClock(localAws.control),
      ...options,
      cwd: home,
      env: { ...(await awsEnvironment(localAws)), AWS_MAX_ATTEMPTS: '1', HOME: home, ...env },
    });
    const [progress = ''] = ended.stderr.split(/^error: /m);
    const said = progress.split('\n').map((line) => line.replace(/^(==> | {4}|warning: )/, ''));
    return { ...ended, said, result: resultOf(ended) };
  };
  const scheduledInput: ReleaseWorld['scheduledInput'] = async (name = 'nights') => {
    const found = await scheduler.send(new GetScheduleCommand({ Name: name })).catch(notThere);
    return found && (JSON.parse(found.Target?.Input ?? '{}') as JsonObject);
  };
  return {
    localAws,
    queue,
    run,
    async release(content, args = [], options = {}) {
      const definition: JsonObject = { ...CONTAINER, parameters: { content } };
      await writeFile(join(home, 'definition.json'), JSON.stringify(definition));
      return run('release-batch-job', ['--job-definition', 'definition.json', ...args], options);
    },
    described,
    async revisions() {
      return (await described()).map(({ parameters, tags = {} }) => ({
        content: parameters?.['content'],
        tags: ['verified', 'rejected'].filter((name) => tags[`aws-deploy:${name}`] !== undefined),
      }));
    },
    scheduledInput,
    async scheduled(name) {
      return (await scheduledInput(name))?.['JobDefinition'] as string | undefined;
    },
    async schedule(name, definition, more = {}) {
      const input = { JobName: 'crawl', JobQueue: 'nightly', JobDefinition: definition, ...more };
      const Arn = 'arn:aws:scheduler:::aws-sdk:batch:submitJob';
      await scheduler.send(
        new CreateScheduleCommand({
          Name: name,
          ScheduleExpression: 'cron(0 3 * * ? *)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn, RoleArn: ROLE, Input: JSON.stringify(input) },
        }),
      );
    },
  };
}

function notThere(error: unknown): undefined {
  if ((error as Error).name !== 'ResourceNotFoundException') throw error;
}

export const GOOD: JsonObject = { outcome: { exitCode: 0, log: ['crawled 3 pages'] } };
export const BAD: JsonObject = { outcome: { exitCode: 3, log: ['the site is gone'] } };
