import * as client from '@aws-sdk/client-cloudwatch-logs';

import type { JsonObject } from '../../core/json.ts';
import { jsonService } from '../json-protocol.ts';
import type { Service, World } from '../service.ts';
import { eventHandlers } from './events.ts';
import { groupHandlers } from './groups.ts';
import { groupArn, type Logs, restoreInto, snapshotOf } from './state.ts';

/** CloudWatch Logs: groups, streams and their events. */
export function logsService(world: World): Service {
  const logs: Logs = { world, regions: new Map() };
  const handlers = { ...groupHandlers(logs), ...eventHandlers(logs) };
  const resource = ({ logGroupName, logGroupIdentifier, logStreamName }: JsonObject, region: string): string => {
    if (typeof logGroupIdentifier === 'string' && logGroupIdentifier.startsWith('arn:')) return logGroupIdentifier;
    const group = groupArn(logs, region, String(logGroupName ?? logGroupIdentifier ?? ''));
    return `${group}:log-stream:${typeof logStreamName === 'string' ? logStreamName : ''}`;
  };
  return jsonService({
    name: 'logs',
    world,
    client,
    protocol: { type: 'awsJson1.1', target: 'Logs_20140328' },
    handlers,
    resources: Object.fromEntries(Object.keys(handlers).map((name) => [name, resource])),
    snapshot: () => snapshotOf(logs),
    restore: (snapshot) => restoreInto(logs, snapshot),
    reset: () => logs.regions.clear(),
  });
}
