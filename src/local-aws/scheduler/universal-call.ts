import * as batch from '@aws-sdk/client-batch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as events from '@aws-sdk/client-eventbridge';
import * as scheduler from '@aws-sdk/client-scheduler';

import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { Delivery } from '../eventbridge/deliveries.ts';
import type { InternalCall } from '../internal-calls.ts';
import { indexOperations, inputFromPascalCase, type OperationSchema } from '../json-schema.ts';
import type { ScheduleTarget } from './state.ts';
import { universalTarget } from './target.ts';

/** By the name that a universal target has for the service. */
const CLIENTS: Readonly<Record<string, object>> = {
  batch,
  cloudwatchlogs: logs,
  ecr,
  ecs,
  eventbridge: events,
  scheduler,
};
/** The IAM prefix, where it is another. */
const PREFIXES: Readonly<Record<string, string>> = { cloudwatchlogs: 'logs', eventbridge: 'events' };

const operations = new Map<string, ReadonlyMap<string, OperationSchema>>();

/**
 * The call that a universal target asks for: `arn:aws:scheduler:::aws-sdk:batch:submitJob` with `{"JobName": …}`.
 * @throws AwsError for an API that is not there, or a parameter that it doesn't have
 */
export function universalCall({ target, region, executionId }: Delivery & { target: ScheduleTarget }): InternalCall {
  const { service, api } = universalTarget(target.Arn) ?? {};
  if (service === undefined || api === undefined) {
    throw new AwsError('NotImplementedException', `The local AWS does not have the target ${target.Arn}.`, 501);
  }
  const schema = operationsOf(service).get(api[0]!.toUpperCase() + api.slice(1));
  if (schema === undefined) {
    throw new AwsError('NotImplementedException', `The local AWS does not have ${service}:${api}.`, 501);
  }
  const given = JSON.parse(target.Input ?? '{}') as JsonValue;
  if (!isJsonObject(given)) throw new AwsError('ValidationException', `The Input for ${api} is no JSON object.`);
  return {
    service: PREFIXES[service] ?? service,
    operation: schema.name,
    input: inputFromPascalCase(schema, given),
    region,
    principal: target.RoleArn,
    sessionName: executionId,
  };
}

function operationsOf(service: string): ReadonlyMap<string, OperationSchema> {
  const known = operations.get(service);
  if (known !== undefined) return known;
  const indexed = indexOperations(Object.hasOwn(CLIENTS, service) ? CLIENTS[service]! : {});
  operations.set(service, indexed);
  return indexed;
}
