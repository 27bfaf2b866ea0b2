import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { bounded } from './bounded-call.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError, errorName } from './errors.ts';

export interface LogStream {
  group: string;
  stream: string;
  /** Undefined: the region of the session. */
  region: string | undefined;
}

export interface LogEvent {
  /** Milliseconds since the epoch. */
  timestamp: number;
  message: string;
}

/** Where to go on reading. */
export interface LogPosition {
  token: string | undefined;
  /** For the case that the token is too old: events from this time on, in milliseconds since the epoch. */
  from: number | undefined;
}

export type LogPage =
  | { kind: 'events'; events: readonly LogEvent[]; next: LogPosition; isEnd: boolean }
  | { kind: 'no-group' | 'no-stream' };

export interface LogOperations {
  /** Reads a page of a stream, the oldest events first. Not repeated: who follows a stream asks again anyway. */
  read(stream: LogStream, position: LogPosition): Promise<LogPage>;
}

export function openLogs(settings: ClientSettings): LogOperations {
  const clients = new Map<string, CloudWatchLogsClient>();
  const clientFor = (region: string): CloudWatchLogsClient => {
    const client =
      clients.get(region) ?? new CloudWatchLogsClient({ ...clientOptions({ ...settings, region }), maxAttempts: 1 });
    clients.set(region, client);
    return client;
  };

  return {
    async read({ group, stream, region }, { token, from }) {
      const command = new GetLogEventsCommand({
        logGroupName: group,
        logStreamName: stream,
        startFromHead: true,
        ...(token === undefined ? {} : { nextToken: token }),
        ...(token === undefined && from !== undefined ? { startTime: from } : {}),
      });
      try {
        const answer = await bounded(clientFor(region ?? settings.region ?? '').send(command));
        const events = (answer.events ?? []).map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
        const last = events.at(-1);
        return {
          kind: 'events',
          events,
          next: { token: answer.nextForwardToken, from: last ? last.timestamp + 1 : from },
          // At the end of a stream AWS gives back the token that it got; a page without events is not the end.
          isEnd: answer.nextForwardToken === undefined || answer.nextForwardToken === token,
        };
      } catch (error) {
        if (errorName(error) === 'ResourceNotFoundException') return { kind: missing(error) };
        if (errorName(error) === 'InvalidParameterException' && token !== undefined) {
          // Tokens live for 24 hours.
          return { kind: 'events', events: [], next: { token: undefined, from }, isEnd: false };
        }
        throw deployError(error, 'logs:GetLogEvents', `${group}:${stream}`);
      }
    },
  };
}

/** AWS has one error for both; its text tells which it is. */
function missing(error: unknown): 'no-group' | 'no-stream' {
  return /log group/i.test((error as Error).message) ? 'no-group' : 'no-stream';
}
