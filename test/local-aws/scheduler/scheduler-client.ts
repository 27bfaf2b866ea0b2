import { BatchClient } from '@aws-sdk/client-batch';
import { type CreateScheduleInput, SchedulerClient } from '@aws-sdk/client-scheduler';

import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/json.ts';
import type { DeadLetter, Delivery, Invocation } from '../../../src/local-aws/eventbridge/deliveries.ts';
import { type LocalAws, startLocalAws } from '../../../src/local-aws/server.ts';
import { VirtualClock } from '../../../src/local-aws/virtual-clock.ts';

const CONFIG = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  maxAttempts: 1,
};

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A Friday. */
export const FRIDAY = new Date('2026-11-20T00:00:00Z');

export const ROLE = 'arn:aws:iam::123456789012:role/scheduler';
export const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:failed-nights';

/** A local AWS whose clock stands at midnight of a Friday until a test moves it. */
export function startAtFriday(): Promise<LocalAws> {
  return startLocalAws({ clock: new VirtualClock(() => FRIDAY.getTime()) });
}

export function schedulerClient(localAws: Pick<LocalAws, 'endpoint'>): SchedulerClient {
  return new SchedulerClient({ ...CONFIG, endpoint: localAws.endpoint });
}

export function batchClientOf(localAws: LocalAws): BatchClient {
  return new BatchClient({ ...CONFIG, endpoint: localAws.endpoint });
}

/** A schedule for three at night that registers a revision of the job definition `crawl`, so that runs can be counted. */
export function nightly(more: Partial<CreateScheduleInput> = {}): CreateScheduleInput {
  return {
    Name: 'nightly',
    ScheduleExpression: 'cron(0 3 * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: registerTarget(),
    ...more,
  };
}

export function registerTarget(
  more: Partial<CreateScheduleInput['Target']> = {},
): NonNullable<CreateScheduleInput['Target']> {
  const input = {
    JobDefinitionName: 'crawl',
    Type: 'container',
    ContainerProperties: { Image: 'ghcr.io/acme/crawl:1', Vcpus: 1, Memory: 512 },
  };
  return {
    Arn: 'arn:aws:scheduler:::aws-sdk:batch:registerJobDefinition',
    RoleArn: ROLE,
    Input: JSON.stringify(input),
    ...more,
  };
}

interface Happened {
  invocations: Invocation[];
  deadLetters: Record<string, DeadLetter[]>;
  pending: Delivery[];
  regions: JsonObject;
}

/** What the service has done by itself, from its state. */
export function happened(localAws: LocalAws, service: 'scheduler' | 'events' = 'scheduler'): Happened {
  const state: JsonValue = localAws.control.state()[service] ?? null;
  if (!isJsonObject(state)) throw new Error(`there is no ${service}`);
  return state as object as Happened;
}

/** When its targets were called, and how that ended: `2026-11-20T03:00Z succeeded`. */
export function runs(localAws: LocalAws, service: 'scheduler' | 'events' = 'scheduler'): string[] {
  return happened(localAws, service).invocations.map(
    ({ time, outcome }) => `${time.replace(':00.000Z', 'Z')} ${outcome}`,
  );
}
