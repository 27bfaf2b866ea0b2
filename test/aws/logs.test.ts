import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLogs, type LogOperations, type LogPosition } from '../../src/aws/logs.ts';
import { rejectionOf } from '../support/failures.ts';
import { localAwsForTests, REGION } from '../support/local-aws-world.ts';

const localAws = localAwsForTests();
const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
let logs: LogOperations;
let client: CloudWatchLogsClient;

beforeEach(async () => {
  const { endpoint } = localAws();
  client = new CloudWatchLogsClient({ endpoint, region: REGION, credentials });
  logs = openLogs({
    region: REGION,
    credentials: () => Promise.resolve(credentials),
    profile: undefined,
    endpoint,
    maxAttempts: 3,
  });
  await client.send(new CreateLogGroupCommand({ logGroupName: 'g' }));
  await client.send(new CreateLogStreamCommand({ logGroupName: 'g', logStreamName: 's' }));
});
afterEach(() => client.destroy());

async function write(...messages: string[]): Promise<void> {
  const timestamp = localAws().control.now().getTime();
  const logEvents = messages.map((message, index) => ({ timestamp: timestamp + index, message }));
  await client.send(new PutLogEventsCommand({ logGroupName: 'g', logStreamName: 's', logEvents }));
}

const STREAM = { group: 'g', stream: 's', region: undefined };
const START: LogPosition = { token: undefined, from: undefined };

/** Reads to the end, as a follower does. */
async function readAll(from: LogPosition): Promise<{ messages: string[]; position: LogPosition }> {
  const messages: string[] = [];
  let position = from;
  for (;;) {
    const page = await logs.read(STREAM, position);
    if (page.kind !== 'events') throw new Error(page.kind);
    messages.push(...page.events.map(({ message }) => message));
    position = page.next;
    if (page.isEnd) return { messages, position };
  }
}

it('a stream is read in order, and then only what is new', async () => {
  await write('a', 'b');
  const first = await readAll(START);
  expect(first.messages).toEqual(['a', 'b']);
  expect((await readAll(first.position)).messages).toEqual([]);
  await localAws().control.advance(1000);
  await write('c');
  expect((await readAll(first.position)).messages).toEqual(['c']);
});

it('a token that AWS no longer takes is replaced by the time of the last event', async () => {
  await write('a', 'b');
  const { position } = await readAll(START);
  await localAws().control.advance(1000);
  await write('c');
  expect((await readAll({ ...position, token: 'f/0000' })).messages).toEqual(['c']);
});

describe('what is not there', () => {
  it.each([
    [{ ...STREAM, group: 'missing' }, 'no-group'],
    [{ ...STREAM, stream: 'missing' }, 'no-stream'],
    [{ ...STREAM, region: 'eu-north-1' }, 'no-group'],
  ])('%j', async (stream, kind) => {
    expect(await logs.read(stream, START)).toEqual({ kind });
  });
});

it('a missing permission is told with the stream', async () => {
  localAws().control.setScenario({ iam: { deny: [{ action: 'logs:GetLogEvents' }] } });
  const failure = await rejectionOf(logs.read(STREAM, START));
  expect(failure).toMatchObject({ code: 'aws.access_denied', title: 'not allowed: logs:GetLogEvents on g:s' });
});

it('nothing is repeated: the next look is soon', async () => {
  localAws().control.addFault({ operation: 'logs:GetLogEvents', kind: 'throttle' });
  expect(await rejectionOf(logs.read(STREAM, START))).toMatchObject({ code: 'aws.throttled' });
});
