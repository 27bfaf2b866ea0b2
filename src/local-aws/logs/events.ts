import type {
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
  PutLogEventsRequest,
  PutLogEventsResponse,
  RejectedLogEventsInfo,
} from '@aws-sdk/client-cloudwatch-logs';

import type { JsonCall, JsonHandler } from '../json-protocol.ts';
import { filterOf } from './filter-pattern.ts';
import { pageOf } from './paging.ts';
import { findGroup, findStream, invalidParameter, keptEvents, type LogEvent, type Logs, regionOf } from './state.ts';

const MOST_EVENTS = 10_000;
/** Of an answer of GetLogEvents and of a request of PutLogEvents; each event counts 26 bytes more than its message. */
const MOST_BYTES = 1_048_576;
const EVENT_OVERHEAD = 26;
const HOUR_MS = 3_600_000;

export function eventHandlers(logs: Logs): Record<string, JsonHandler> {
  return {
    PutLogEvents: (input: PutLogEventsRequest, call) => putLogEvents(logs, input, call),
    GetLogEvents: (input: GetLogEventsRequest, call) => getLogEvents(logs, input, call),
    FilterLogEvents: (input: FilterLogEventsRequest, call) => filterLogEvents(logs, input, call),
  };
}

function putLogEvents(logs: Logs, input: PutLogEventsRequest, { region, clock }: JsonCall): PutLogEventsResponse {
  const stream = findStream(findGroup(logs, region, { logGroupName: input.logGroupName ?? '' }), input.logStreamName);
  const given = (input.logEvents ?? []).map(({ timestamp = 0, message = '' }) => ({ timestamp, message }));
  checkBatch(given);
  const now = clock.now().getTime();
  const tooOld = given.filter(({ timestamp }) => timestamp < now - 14 * 24 * HOUR_MS).length;
  const tooNew = given.findIndex(({ timestamp }) => timestamp > now + 2 * HOUR_MS);
  const state = regionOf(logs, region);
  const taken = given.slice(tooOld, tooNew < 0 ? undefined : tooNew);
  for (const event of taken) stream.events.push({ ...event, ingestionTime: now, number: (state.events += 1) });
  stream.events.sort(inOrder);
  const rejected: RejectedLogEventsInfo = {
    ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
    ...(tooNew >= 0 && { tooNewLogEventStartIndex: tooNew }),
  };
  const nextSequenceToken = String(state.events).padStart(56, '0');
  return {
    nextSequenceToken,
    ...(Object.keys(rejected).length > 0 && { rejectedLogEventsInfo: rejected }),
  };
}

function checkBatch(events: readonly { timestamp: number; message: string }[]): void {
  if (events.length < 1 || events.length > MOST_EVENTS) {
    throw invalidParameter(`A request must have 1 to ${MOST_EVENTS} log events.`);
  }
  if (events.some(({ message }) => message === '')) throw invalidParameter('A log event must have a message.');
  if (events.some(({ timestamp }, index) => index > 0 && timestamp < events[index - 1]!.timestamp)) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if (events.at(-1)!.timestamp - events[0]!.timestamp > 24 * HOUR_MS) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
  if (events.reduce((sum, event) => sum + sizeOf(event), 0) > MOST_BYTES) {
    throw invalidParameter(`Upload too large: more than ${MOST_BYTES} bytes.`);
  }
}

/** Tokens name a place between events; the token of an end is given back until there is more. */
function getLogEvents(logs: Logs, input: GetLogEventsRequest, { region }: JsonCall): GetLogEventsResponse {
  const group = findGroup(logs, region, input);
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = MOST_EVENTS, nextToken } = input;
  if (!(limit >= 1 && limit <= MOST_EVENTS)) throw invalidParameter(`limit must be between 1 and ${MOST_EVENTS}.`);
  const stream = findStream(group, input.logStreamName);
  const events = keptEvents(logs, group, stream).filter(
    ({ timestamp }) => timestamp >= startTime && timestamp < endTime,
  );
  const from = nextToken === undefined ? undefined : placeFrom(nextToken);
  const isForward = from?.isForward ?? input.startFromHead ?? false;
  const candidates =
    from === undefined
      ? events
      : events.filter((event) => (isForward ? placeOf(event) > from.place : placeOf(event) < from.place));
  const page = isForward ? fitting(candidates, limit) : fitting(candidates.toReversed(), limit).toReversed();
  const start = from?.place ?? (isForward || events.length === 0 ? NO_PLACE : placeOf(events.at(-1)!));
  return {
    events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: `f/${page.length > 0 ? placeOf(page.at(-1)!) : start}/s`,
    nextBackwardToken: `b/${page.length > 0 ? placeOf(page[0]!) : start}/s`,
  };
}

/** As many events as go into one answer; one at least. */
function fitting(events: readonly LogEvent[], limit: number): LogEvent[] {
  let bytes = 0;
  const over = events.findIndex((event, index) => index > 0 && (bytes += sizeOf(event)) > MOST_BYTES);
  return events.slice(0, Math.min(limit, over < 0 ? events.length : over));
}

function filterLogEvents(logs: Logs, input: FilterLogEventsRequest, { region }: JsonCall): FilterLogEventsResponse {
  const group = findGroup(logs, region, input);
  const {
    logStreamNames: names,
    logStreamNamePrefix: prefix,
    startTime = 0,
    endTime = Number.MAX_SAFE_INTEGER,
  } = input;
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix cannot be given together.');
  }
  const streams =
    names?.map((name) => findStream(group, name)) ??
    [...group.streams.values()].filter(({ name }) => name.startsWith(prefix ?? ''));
  const fits = filterOf(input.filterPattern);
  const found = streams.flatMap((stream) =>
    keptEvents(logs, group, stream)
      .filter(({ timestamp, message }) => timestamp >= startTime && timestamp <= endTime && fits(message))
      .map((event) => ({ event, logStreamName: stream.name })),
  );
  const { page, ...next } = pageOf(found, ({ event }) => placeOf(event), {
    limit: input.limit,
    nextToken: input.nextToken,
    most: MOST_EVENTS,
  });
  return {
    events: page.map(({ event, logStreamName }) => ({
      logStreamName,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestionTime,
      eventId: placeOf(event),
    })),
    searchedLogStreams: [],
    ...next,
  };
}

const TIME_DIGITS = 16;
const NUMBER_DIGITS = 40;
const NO_PLACE = '0'.repeat(TIME_DIGITS + NUMBER_DIGITS);

/** 56 digits that sort as the events do; also the event's id. */
function placeOf({ timestamp, number }: LogEvent): string {
  return String(timestamp).padStart(TIME_DIGITS, '0') + String(number).padStart(NUMBER_DIGITS, '0');
}

function placeFrom(token: string): { isForward: boolean; place: string } {
  const match = /^([fb])\/(\d{56})\/s$/.exec(token);
  if (match === null) throw invalidParameter('The specified nextToken is invalid.');
  return { isForward: match[1] === 'f', place: match[2]! };
}

function inOrder(a: LogEvent, b: LogEvent): number {
  return a.timestamp - b.timestamp || a.number - b.number;
}

function sizeOf({ message }: { message: string }): number {
  return Buffer.byteLength(message) + EVENT_OVERHEAD;
}
