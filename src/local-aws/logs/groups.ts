import type {
  CreateLogGroupRequest,
  CreateLogStreamRequest,
  DeleteLogGroupRequest,
  DeleteLogStreamRequest,
  DeleteRetentionPolicyRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  LogStream as DescribedStream,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs';

import { AwsError } from '../aws-error.ts';
import type { JsonCall, JsonHandler } from '../json-protocol.ts';
import { pageOf } from './paging.ts';
import {
  findGroup,
  findStream,
  groupArn,
  invalidParameter,
  keptEvents,
  type LogGroup,
  type Logs,
  type LogStream,
  regionOf,
} from './state.ts';

const MOST_DESCRIBED = 50;
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function groupHandlers(logs: Logs): Record<string, JsonHandler> {
  return {
    CreateLogGroup(input: CreateLogGroupRequest, { region, clock }: JsonCall): object {
      const name = input.logGroupName ?? '';
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name)) throw invalidParameter(`${name} is not a name of a log group.`);
      const { groups } = regionOf(logs, region);
      if (groups.has(name)) throw alreadyExists('group');
      groups.set(name, {
        name,
        creationTime: clock.now().getTime(),
        tags: { ...input.tags },
        streams: new Map(),
      });
      return {};
    },

    DeleteLogGroup(input: DeleteLogGroupRequest, { region }: JsonCall): object {
      const { name } = findGroup(logs, region, input);
      regionOf(logs, region).groups.delete(name);
      return {};
    },

    DescribeLogGroups(input: DescribeLogGroupsRequest, { region }: JsonCall): DescribeLogGroupsResponse {
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern: part = '', limit, nextToken } = input;
      if (prefix !== '' && part !== '') {
        throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
      }
      const found = [...(logs.regions.get(region)?.groups.values() ?? [])].filter(
        ({ name }) => name.startsWith(prefix) && name.includes(part),
      );
      const { page, ...next } = pageOf(found, ({ name }) => name, { limit, nextToken, most: MOST_DESCRIBED });
      return { logGroups: page.map((group) => described(logs, region, group)), ...next };
    },

    PutRetentionPolicy(input: PutRetentionPolicyRequest, { region }: JsonCall): object {
      const days = input.retentionInDays ?? 0;
      if (!RETENTION_DAYS.includes(days)) {
        throw invalidParameter(
          `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
        );
      }
      findGroup(logs, region, input).retentionInDays = days;
      return {};
    },

    DeleteRetentionPolicy(input: DeleteRetentionPolicyRequest, { region }: JsonCall): object {
      delete findGroup(logs, region, input).retentionInDays;
      return {};
    },

    CreateLogStream(input: CreateLogStreamRequest, { region, clock }: JsonCall): object {
      const group = findGroup(logs, region, input);
      const name = input.logStreamName ?? '';
      if (!/^[^:*]{1,512}$/.test(name)) throw invalidParameter(`${name} is not a name of a log stream.`);
      if (group.streams.has(name)) throw alreadyExists('stream');
      group.streams.set(name, { name, creationTime: clock.now().getTime(), events: [] });
      return {};
    },

    DeleteLogStream(input: DeleteLogStreamRequest, { region }: JsonCall): object {
      const group = findGroup(logs, region, input);
      group.streams.delete(findStream(group, input.logStreamName).name);
      return {};
    },

    DescribeLogStreams(input: DescribeLogStreamsRequest, { region }: JsonCall): DescribeLogStreamsResponse {
      const group = findGroup(logs, region, input);
      const { logStreamNamePrefix: prefix = '', orderBy, descending = false } = input;
      const byTime = orderBy === 'LastEventTime';
      if (byTime && prefix !== '') {
        throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      const streams = [...group.streams.values()].filter(({ name }) => name.startsWith(prefix));
      const keyOf = ({ name, events }: LogStream): string =>
        byTime ? `${String(events.at(-1)?.timestamp ?? 0).padStart(13, '0')} ${name}` : name;
      const { limit, nextToken } = input;
      const { page, ...next } = pageOf(streams, keyOf, { limit, nextToken, descending, most: MOST_DESCRIBED });
      return { logStreams: page.map((stream) => describedStream(logs, region, group, stream)), ...next };
    },
  };
}

function described(
  logs: Logs,
  region: string,
  group: LogGroup,
): NonNullable<DescribeLogGroupsResponse['logGroups']>[0] {
  const arn = groupArn(logs, region, group.name);
  const sizes = [...group.streams.values()].flatMap(({ events }) => events.map(({ message }) => message.length));
  return {
    logGroupName: group.name,
    creationTime: group.creationTime,
    ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: sizes.reduce((sum, size) => sum + size, 0),
    logGroupClass: 'STANDARD',
  };
}

function describedStream(logs: Logs, region: string, group: LogGroup, stream: LogStream): DescribedStream {
  const events = keptEvents(logs, group, stream);
  const last = events.at(-1);
  return {
    logStreamName: stream.name,
    creationTime: stream.creationTime,
    ...(last && {
      firstEventTimestamp: events[0]!.timestamp,
      lastEventTimestamp: last.timestamp,
      lastIngestionTime: Math.max(...events.map(({ ingestionTime }) => ingestionTime)),
    }),
    arn: `${groupArn(logs, region, group.name)}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}

function alreadyExists(kind: 'group' | 'stream'): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `The specified log ${kind} already exists`);
}
