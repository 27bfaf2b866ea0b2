import type { BatchParameters } from '@aws-sdk/client-eventbridge';
import * as batch from '@aws-sdk/client-batch';

import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { nextTimes, parseScheduleExpression } from '../../core/schedule-expression.ts';
import { AwsError } from '../aws-error.ts';
import { Deliveries, type Delivery, mayPass } from '../eventbridge/deliveries.ts';
import { runTaskCall } from '../eventbridge/ecs-target.ts';
import type { InternalCall } from '../internal-calls.ts';
import { indexOperations, inputFromPascalCase } from '../json-schema.ts';
import type { EventsState, Rule, RuleTarget } from './state.ts';

const DEFAULT_RETRY = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** Runs rules that have a schedule. Their times are those of UTC. */
export class RuleFiring {
  readonly #state: EventsState;
  readonly deliveries: Deliveries<RuleTarget>;
  /** What takes back the plan, by the ARN of the rule. */
  readonly #planned = new Map<string, () => void>();

  constructor(state: EventsState) {
    this.#state = state;
    this.deliveries = new Deliveries<RuleTarget>(state.world, {
      service: 'events',
      callOf: targetCall,
      bodyOf: (delivery) => JSON.stringify(scheduledEvent(delivery, state.world.accountId)),
      attributesOf: ({ source }) => ({ RULE_ARN: source }),
      errorCode,
      isPermanent: (error) => !mayPass(error),
      ended: () => undefined,
    });
  }

  /** Waits for the rule's next time, in the place of what was planned for it before. No time until `after` counts. */
  plan(region: string, rule: Rule, after: Date = new Date(rule.consideredUntil)): void {
    this.forget(rule);
    if (rule.State === 'DISABLED' || rule.ScheduleExpression === undefined) return;
    const expression = parseScheduleExpression(rule.ScheduleExpression, 'rule');
    const [time] = nextTimes(expression, { start: new Date(rule.consideredUntil), after }, 1);
    if (time === undefined) return;
    this.#planned.set(
      rule.Arn,
      this.#state.world.timeline.at(time, () => this.#fire(region, rule, time)),
    );
  }

  forget({ Arn }: Rule): void {
    this.#planned.get(Arn)?.();
    this.#planned.delete(Arn);
  }

  /** Plans all rules of a restored state. What they missed while nothing ran is not made up for. */
  resume(): void {
    const now = this.#state.world.clock.now();
    for (const [region, { rules }] of this.#state.regions()) {
      for (const rule of rules.values()) this.plan(region, rule, now);
    }
  }

  reset(): void {
    for (const cancel of this.#planned.values()) cancel();
    this.#planned.clear();
    this.deliveries.reset();
  }

  async #fire(region: string, rule: Rule, time: Date): Promise<void> {
    rule.consideredUntil = time.toISOString();
    this.plan(region, rule);
    for (const target of Object.values(rule.targets)) {
      const withRetry = { ...target, RetryPolicy: { ...DEFAULT_RETRY, ...target.RetryPolicy } } as RuleTarget;
      await this.deliveries.begin({ source: rule.Arn, region, scheduledTime: time, target: withRetry, id: target.Id! });
    }
  }
}

const submitJob = indexOperations(batch).get('SubmitJob')!;

/** Throws AwsError for a target other than a job queue or a cluster, or an Input that the API can't take. */
function targetCall(delivery: Delivery & { target: RuleTarget }): InternalCall {
  const { target, source } = delivery;
  const { EcsParameters } = target;
  if (EcsParameters === undefined) return batchCall(delivery);
  return runTaskCall({ ...target, EcsParameters }, delivery, `events-rule/${source.split('/').at(-1)}`);
}

/**
 * The job that a Batch target asks for. Beyond its parameters, it may have `Parameters` and `ContainerOverrides` from a
 * constant Input, as the Batch user guide shows for jobs that are targets.
 * @throws AwsError for a target other than a job queue, or an Input that SubmitJob can't take
 */
function batchCall({ target, region, executionId }: Delivery & { target: RuleTarget }): InternalCall {
  const parameters = target.BatchParameters;
  if (parameters === undefined) {
    throw new AwsError('NotImplementedException', `The local AWS does not have the target ${target.Arn}.`, 501);
  }
  const call = { service: 'batch', operation: 'SubmitJob', region, sessionName: executionId };
  const input = { ...overridesOf(target), ...jobOf(target.Arn, parameters) };
  return { ...call, input, ...(target.RoleArn !== undefined && { principal: target.RoleArn }) };
}

function jobOf(
  jobQueue: string,
  { JobName, JobDefinition, ArrayProperties: array, RetryStrategy: retry }: BatchParameters,
): JsonObject {
  return {
    jobName: JobName!,
    jobQueue,
    jobDefinition: JobDefinition!,
    ...(array?.Size !== undefined && { arrayProperties: { size: array.Size } }),
    ...(retry?.Attempts !== undefined && { retryStrategy: { attempts: retry.Attempts } }),
  };
}

function overridesOf({ Input }: RuleTarget): JsonObject {
  const given = Input === undefined ? {} : (JSON.parse(Input) as JsonValue);
  const { Parameters, ContainerOverrides } = isJsonObject(given) ? given : {};
  return inputFromPascalCase(submitJob, {
    ...(Parameters !== undefined && { Parameters }),
    ...(ContainerOverrides !== undefined && { ContainerOverrides }),
  });
}

/** The event that a schedule makes, as EventBridge documents it. */
function scheduledEvent({ executionId, source, region, scheduledTime }: Delivery, account: string): JsonObject {
  return {
    version: '0',
    id: executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: scheduledTime.replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [source],
    detail: {},
  };
}

/** EventBridge has codes of its own for what it does not try again. */
function errorCode({ name, message }: AwsError): string {
  if (/AccessDenied/.test(name)) return 'NO_PERMISSIONS';
  if (/NotFound/.test(name) || /does not exist|not found|not in ACTIVE/i.test(message)) return 'NO_RESOURCE';
  return name;
}
