import { type JsonValue, stableStringify } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import { partitionOf } from '../request-region.ts';
import type { World } from '../service.ts';

/** Times are milliseconds since the epoch, as everywhere in CloudWatch Logs. */
export interface LogEvent {
  timestamp: number;
  message: string;
  ingestionTime: number;
  /** Counts the events of a region, so that events of one moment keep their order and tokens can name a place. */
  number: number;
}

export interface LogStream {
  name: string;
  creationTime: number;
  /** In the order of their timestamps. */
  events: LogEvent[];
}

export interface LogGroup {
  name: string;
  creationTime: number;
  retentionInDays?: number;
  tags: Record<string, string>;
  /** By name. */
  streams: Map<string, LogStream>;
}

interface LogRegion {
  /** By name. */
  groups: Map<string, LogGroup>;
  /** How many events there ever were. */
  events: number;
}

export interface Logs {
  world: World;
  /** By name. */
  regions: Map<string, LogRegion>;
}

const DAY_MS = 86_400_000;

export function regionOf(logs: Logs, name: string): LogRegion {
  let region = logs.regions.get(name);
  if (region === undefined) logs.regions.set(name, (region = { groups: new Map(), events: 0 }));
  return region;
}

/** By `logGroupName`, or by name or ARN as `logGroupIdentifier`. Throws ResourceNotFoundException. */
export function findGroup(
  logs: Logs,
  region: string,
  named: { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined },
): LogGroup {
  const { logGroupName: name, logGroupIdentifier: identifier } = named;
  if ((name === undefined) === (identifier === undefined)) {
    throw invalidParameter('Exactly one of logGroupName and logGroupIdentifier must be given.');
  }
  const wanted = name ?? identifier!.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
  const group = logs.regions.get(region)?.groups.get(wanted);
  if (group === undefined) throw notFound('The specified log group does not exist.');
  return group;
}

/** Throws ResourceNotFoundException. */
export function findStream(group: LogGroup, name: string | undefined): LogStream {
  const stream = group.streams.get(name ?? '');
  if (stream === undefined) throw notFound('The specified log stream does not exist.');
  return stream;
}

/** The events that the group's retention has not taken away. */
export function keptEvents(logs: Logs, group: LogGroup, stream: LogStream): readonly LogEvent[] {
  if (group.retentionInDays === undefined) return stream.events;
  const oldest = logs.world.clock.now().getTime() - group.retentionInDays * DAY_MS;
  return stream.events.filter(({ timestamp }) => timestamp >= oldest);
}

export function groupArn(logs: Logs, region: string, name: string): string {
  return `arn:${partitionOf(region)}:logs:${region}:${logs.world.accountId}:log-group:${name}`;
}

export function invalidParameter(text: string): AwsError {
  return new AwsError('InvalidParameterException', text);
}

function notFound(text: string): AwsError {
  return new AwsError('ResourceNotFoundException', text);
}

type PlainGroup = Omit<LogGroup, 'streams'> & { streams: Record<string, LogStream> };
type Snapshot = Record<string, { groups: Record<string, PlainGroup>; events: number }>;

/** Region to group to stream. */
export function snapshotOf(logs: Logs): JsonValue {
  const regions: Snapshot = {};
  for (const [name, { groups, events }] of logs.regions) {
    if (events === 0 && groups.size === 0) continue;
    const plain = [...groups].map(([key, group]) => [key, { ...group, streams: Object.fromEntries(group.streams) }]);
    regions[name] = { groups: Object.fromEntries(plain) as Record<string, PlainGroup>, events };
  }
  return JSON.parse(stableStringify(regions as unknown as JsonValue)) as JsonValue;
}

export function restoreInto(logs: Logs, snapshot: JsonValue): void {
  logs.regions.clear();
  for (const [name, { groups, events }] of Object.entries(structuredClone(snapshot) as unknown as Snapshot)) {
    const restored = Object.entries(groups).map(([key, group]): [string, LogGroup] => [
      key,
      { ...group, streams: new Map(Object.entries(group.streams)) },
    ]);
    logs.regions.set(name, { groups: new Map(restored), events });
  }
}
