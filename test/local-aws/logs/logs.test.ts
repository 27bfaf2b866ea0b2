import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteLogStreamCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  GetLogEventsCommand,
  type GetLogEventsCommandInput,
  type GetLogEventsCommandOutput,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { failureOf } from '../clients.ts';
import { logsClient } from './logs-client.ts';

const GROUP = '/aws/batch/job';
const DAY_MS = 86_400_000;

let localAws: LocalAws;
let logs: CloudWatchLogsClient;
let now: number;

beforeAll(async () => {
  localAws = await startLocalAws();
  logs = logsClient(localAws);
});
beforeEach(async () => {
  localAws.control.reset();
  localAws.control.setRate(0);
  now = localAws.control.now().getTime();
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await addStream('s');
});
afterAll(() => localAws.close());

function addStream(logStreamName: string): Promise<unknown> {
  return logs.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName }));
}

/** Writes lines a second apart, the first now. */
async function write(lines: readonly string[], logStreamName = 's', from = now): Promise<void> {
  const logEvents = lines.map((message, index) => ({ message, timestamp: from + index * 1000 }));
  await logs.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName, logEvents }));
}

function read(input: Partial<GetLogEventsCommandInput> = {}): Promise<GetLogEventsCommandOutput> {
  return logs.send(new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 's', ...input }));
}

function messages(answer: { events?: { message?: string | undefined }[] | undefined }): (string | undefined)[] {
  return (answer.events ?? []).map(({ message }) => message);
}

async function filter(input: Partial<FilterLogEventsCommandInput>): Promise<(string | undefined)[]> {
  return messages(await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, ...input })));
}

describe('what is there twice or not at all', () => {
  it.each([
    [
      'a group twice',
      new CreateLogGroupCommand({ logGroupName: GROUP }),
      'ResourceAlreadyExistsException',
      'The specified log group already exists',
    ],
    [
      'a stream twice',
      new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: 's' }),
      'ResourceAlreadyExistsException',
      'The specified log stream already exists',
    ],
    [
      'a group that is missing',
      new GetLogEventsCommand({ logGroupName: 'none', logStreamName: 's' }),
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    ],
    [
      'a stream that is missing',
      new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: 'none' }),
      'ResourceNotFoundException',
      'The specified log stream does not exist.',
    ],
    [
      'a missing group to filter',
      new FilterLogEventsCommand({ logGroupName: 'none' }),
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    ],
    [
      'a missing group to delete',
      new DeleteLogGroupCommand({ logGroupName: 'none' }),
      'ResourceNotFoundException',
      'The specified log group does not exist.',
    ],
  ])('%s', async (_name, command, name, message) => {
    const error = await failureOf(logs.send(command as GetLogEventsCommand));
    expect([error.name, error.message]).toEqual([name, message]);
  });

  it('is gone when it is deleted', async () => {
    await logs.send(new DeleteLogStreamCommand({ logGroupName: GROUP, logStreamName: 's' }));
    expect((await failureOf(read())).message).toContain('log stream');
    await logs.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
    expect((await failureOf(read())).message).toContain('log group');
  });
});

describe('describing', () => {
  it('groups, page by page, by prefix or part of their name', async () => {
    for (const logGroupName of ['/b', '/a', '/ab']) await logs.send(new CreateLogGroupCommand({ logGroupName }));
    const names = async (input: object): Promise<unknown> =>
      (await logs.send(new DescribeLogGroupsCommand(input))).logGroups?.map(({ logGroupName }) => logGroupName);
    expect(await names({ logGroupNamePrefix: '/a' })).toEqual(['/a', '/ab', GROUP]);
    expect(await names({ logGroupNamePattern: 'batch' })).toEqual([GROUP]);
    const { nextToken } = await logs.send(new DescribeLogGroupsCommand({ limit: 3 }));
    expect(await names({ limit: 3, nextToken })).toEqual(['/b']);
  });

  it('says a group’s ARNs and retention', async () => {
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 30 }));
    const arn = `arn:aws:logs:eu-central-1:123456789012:log-group:${GROUP}`;
    expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toMatchObject([
      { logGroupName: GROUP, arn: `${arn}:*`, logGroupArn: arn, retentionInDays: 30, creationTime: now },
    ]);
  });

  it('streams by name or by their last event', async () => {
    await addStream('a');
    await write(['x'], 's', now - 5000);
    await write(['y'], 'a', now);
    const names = async (input: object): Promise<unknown> => {
      const answer = await logs.send(new DescribeLogStreamsCommand({ logGroupName: GROUP, ...input }));
      return answer.logStreams?.map(({ logStreamName }) => logStreamName);
    };
    expect(await names({})).toEqual(['a', 's']);
    expect(await names({ descending: true })).toEqual(['s', 'a']);
    expect(await names({ orderBy: 'LastEventTime' })).toEqual(['s', 'a']);
    expect(await names({ orderBy: 'LastEventTime', descending: true, limit: 1 })).toEqual(['a']);
    expect(await names({ logStreamNamePrefix: 's' })).toEqual(['s']);
  });

  it('a stream tells its first and last event', async () => {
    await write(['x', 'y']);
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: GROUP }));
    expect(logStreams).toMatchObject([{ firstEventTimestamp: now, lastEventTimestamp: now + 1000 }]);
  });
});

describe('GetLogEvents', () => {
  const ALL = ['1', '2', '3', '4', '5'];
  beforeEach(() => write(ALL));

  it('gives the latest events unless asked for the first', async () => {
    expect(messages(await read({ limit: 2 }))).toEqual(['4', '5']);
    expect(messages(await read({ limit: 2, startFromHead: true }))).toEqual(['1', '2']);
  });

  it('goes forward to the end, where it gives the token that it was given', async () => {
    const seen: unknown[] = [];
    let nextToken: string | undefined;
    for (;;) {
      const answer = await read({ limit: 2, startFromHead: true, nextToken });
      seen.push(...messages(answer));
      if (answer.nextForwardToken === nextToken) break;
      nextToken = answer.nextForwardToken;
    }
    expect(seen).toEqual(ALL);
  });

  it('goes on from that token when there is more', async () => {
    const { nextForwardToken: end } = await read({ startFromHead: true });
    expect(messages(await read({ startFromHead: true, nextToken: end }))).toEqual([]);
    await write(['6'], 's', now + 9000);
    expect(messages(await read({ startFromHead: true, nextToken: end }))).toEqual(['6']);
  });

  it('goes backward to the start, where it gives the token that it was given', async () => {
    const first = await read({ limit: 2 });
    const second = await read({ limit: 3, nextToken: first.nextBackwardToken });
    expect(messages(second)).toEqual(['1', '2', '3']);
    const third = await read({ nextToken: second.nextBackwardToken });
    expect(messages(third)).toEqual([]);
    expect(third.nextBackwardToken).toBe(second.nextBackwardToken);
  });

  it('from a stream that is still empty gives tokens that work later', async () => {
    await addStream('later');
    const { events, nextForwardToken: nextToken } = await read({ logStreamName: 'later', startFromHead: true });
    expect(events).toEqual([]);
    await write(['x'], 'later');
    expect(messages(await read({ logStreamName: 'later', startFromHead: true, nextToken }))).toEqual(['x']);
  });

  it('starts at the start time and ends before the end time', async () => {
    expect(messages(await read({ startTime: now + 1000, endTime: now + 3000 }))).toEqual(['2', '3']);
  });

  it.each([[{ nextToken: 'f/1' }], [{ limit: 0 }], [{ limit: 10_001 }]])('refuses %j', async (input) => {
    expect((await failureOf(read(input))).name).toBe('InvalidParameterException');
  });

  it('says when the event was, and when it came', async () => {
    await localAws.control.advance(5000);
    await write(['late'], 's', now + 4500);
    expect((await read({ limit: 1 })).events).toEqual([
      { message: 'late', timestamp: now + 4500, ingestionTime: now + 5000 },
    ]);
  });
});

describe('PutLogEvents', () => {
  it.each([
    ['events that are not in order', [2000, 1000], 'chronological order'],
    ['events over more than a day', [0, 25 * 3_600_000], '24 hours'],
    ['no events', [], '1 to 10000'],
  ])('refuses %s', async (_name, times, text) => {
    const logEvents = times.map((ms) => ({ message: 'x', timestamp: now + ms }));
    const error = await failureOf(
      logs.send(new PutLogEventsCommand({ logGroupName: GROUP, logStreamName: 's', logEvents })),
    );
    expect(error.name).toBe('InvalidParameterException');
    expect(error.message).toContain(text);
  });

  it('tells which events are too old or too new, and takes the others', async () => {
    const put = (ms: number): Promise<{ rejectedLogEventsInfo?: object | undefined }> =>
      logs.send(
        new PutLogEventsCommand({
          logGroupName: GROUP,
          logStreamName: 's',
          logEvents: [{ message: 'x', timestamp: now + ms }],
        }),
      );
    expect((await put(-15 * DAY_MS)).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect((await put(3 * 3_600_000)).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 0 });
    expect((await read()).events).toEqual([]);
  });
});

describe('FilterLogEvents', () => {
  beforeEach(async () => {
    await addStream('t');
    await write(['ERROR one', 'INFO two', 'ERROR [three] four'], 's');
    await write(['ERROR in t'], 't', now + 500);
  });

  it.each([
    [undefined, ['ERROR one', 'ERROR in t', 'INFO two', 'ERROR [three] four']],
    ['ERROR', ['ERROR one', 'ERROR in t', 'ERROR [three] four']],
    ['ERROR four', ['ERROR [three] four']],
    ['"[three] four"', ['ERROR [three] four']],
    ['ERROR -one', ['ERROR in t', 'ERROR [three] four']],
    ['?one ?two', ['ERROR one', 'INFO two']],
    ['error', []],
  ])('with the pattern %j', async (filterPattern, expected) => {
    expect(await filter({ filterPattern })).toEqual(expected);
  });

  it.each(['{ $.level = "x" }', '[ip]', '%x%', 'a.b', '"open'])('refuses the pattern %j', async (filterPattern) => {
    expect((await failureOf(filter({ filterPattern }))).name).toBe('InvalidParameterException');
  });

  it('of some streams, in a time, both ends of it included', async () => {
    expect(await filter({ logStreamNames: ['t'] })).toEqual(['ERROR in t']);
    expect(await filter({ logStreamNamePrefix: 's', startTime: now + 1000, endTime: now + 2000 })).toEqual([
      'INFO two',
      'ERROR [three] four',
    ]);
  });

  it('page by page, without a token on the last', async () => {
    const first = await logs.send(new FilterLogEventsCommand({ logGroupName: GROUP, limit: 3 }));
    const second = await logs.send(
      new FilterLogEventsCommand({ logGroupName: GROUP, limit: 3, nextToken: first.nextToken }),
    );
    expect([messages(first).length, messages(second), second.nextToken]).toEqual([
      3,
      ['ERROR [three] four'],
      undefined,
    ]);
  });
});

describe('retention', () => {
  it('takes events away in time', async () => {
    await write(['x']);
    await logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 1 }));
    await localAws.control.advance(2 * DAY_MS);
    expect((await read()).events).toEqual([]);
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: GROUP }));
    expect(messages(await read())).toEqual(['x']);
  });

  it('takes AWS’s numbers of days only', async () => {
    const error = await failureOf(
      logs.send(new PutRetentionPolicyCommand({ logGroupName: GROUP, retentionInDays: 2 })),
    );
    expect(error.name).toBe('InvalidParameterException');
  });
});

it('is denied by the ARN of the stream', async () => {
  localAws.control.setScenario({
    iam: { deny: [{ action: 'logs:GetLogEvents', resource: `arn:aws:logs:*:*:log-group:${GROUP}:log-stream:s` }] },
  });
  expect((await failureOf(read())).name).toBe('AccessDeniedException');
});
