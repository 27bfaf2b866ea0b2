import { createHash } from 'node:crypto';

import { type JsonObject, type JsonValue, stableStringify } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { InternalCall } from '../internal-calls.ts';
import type { World } from '../service.ts';
import { failureOfScenario } from './target-scenario.ts';

/** One run of a schedule or a rule, on its way to one target. Plain JSON; times are ISO texts. */
export interface Delivery {
  executionId: string;
  /** The ARN of the schedule or rule. */
  source: string;
  region: string;
  scheduledTime: string;
  /** The target as it was when the run began: what changes later is for later runs. */
  target: Target;
  nextAttempt: string;
  /** Attempts made so far. */
  attempts: number;
}

export interface Target {
  Arn: string;
  RoleArn?: string;
  /** JSON text for the target, or none. */
  Input?: string;
  RetryPolicy: { MaximumRetryAttempts: number; MaximumEventAgeInSeconds: number };
  DeadLetterConfig?: { Arn?: string };
}

/** One attempt, for whoever wants to know what happened at night. */
export interface Invocation {
  time: string;
  scheduledTime: string;
  source: string;
  target: string;
  executionId: string;
  /** 1 is the first. */
  attempt: number;
  outcome: 'succeeded' | 'retrying' | 'failed';
  /** What the target answered: for a job, its id. */
  answer?: JsonObject;
  error?: { code: string; message: string };
  nextAttempt?: string;
  /** Where the event went when the last attempt had failed. */
  deadLetterQueue?: string;
}

/** A message as SQS would give it out. */
export interface DeadLetter {
  sentTime: string;
  body: string;
  messageAttributes: Record<string, string>;
}

export interface DeliveryRules<Of extends Target> {
  /** The scenario part that may make targets fail. */
  service: 'scheduler' | 'events';
  /** The call that reaches the target. Throws the AwsError that the attempt ends in. */
  callOf(delivery: Delivery & { target: Of }): InternalCall;
  /** The text that goes to the dead-letter queue. */
  bodyOf(delivery: Delivery & { target: Of }): string;
  /** What the message in the dead-letter queue tells of where it comes from. */
  attributesOf(delivery: Delivery): Record<string, string>;
  errorCode(error: AwsError): string;
  /** An error that no retry would mend: the event goes to the dead-letter queue at once. */
  isPermanent(error: AwsError): boolean;
  /** Called when a delivery has come to its end. */
  ended(delivery: Delivery): void;
}

const MAX_INVOCATIONS = 1000;
const FIRST_RETRY_S = 60;
/** With it, the 185 retries that AWS makes by default take the 24 hours that it gives them. */
const LONGEST_RETRY_S = 480;

/** Brings events to their targets, as often as their retry policy says, and then to their dead-letter queue. */
export class Deliveries<Of extends Target> {
  readonly #world: World;
  readonly #rules: DeliveryRules<Of>;
  readonly #pending = new Map<string, Delivery & { target: Of }>();
  #invocations: Invocation[] = [];
  /** By the ARN of their queue. */
  #deadLetters: Record<string, DeadLetter[]> = {};

  constructor(world: World, rules: DeliveryRules<Of>) {
    this.#world = world;
    this.#rules = rules;
  }

  /** Makes the first attempt. `id` is the target's in its rule; a schedule has only one. */
  begin(run: { source: string; region: string; scheduledTime: Date; target: Of; id?: string }): Promise<void> {
    const { source, region, target, id = '' } = run;
    const scheduledTime = run.scheduledTime.toISOString();
    const executionId = hash(`${source} ${id} ${scheduledTime}`);
    const nextAttempt = this.#world.clock.now().toISOString();
    const delivery = {
      executionId,
      source,
      region,
      scheduledTime,
      target: structuredClone(target),
      nextAttempt,
      attempts: 0,
    };
    this.#pending.set(executionId, delivery);
    return this.#attempt(delivery);
  }

  isPending(source: string): boolean {
    return [...this.#pending.values()].some((delivery) => delivery.source === source);
  }

  snapshot(): JsonObject {
    const pending = [...this.#pending.values()];
    const live = { invocations: this.#invocations, deadLetters: this.#deadLetters, pending };
    return JSON.parse(stableStringify(live as object as JsonObject)) as JsonObject;
  }

  restore(snapshot: JsonValue): void {
    const { invocations, deadLetters, pending } = structuredClone(snapshot) as object as {
      invocations: Invocation[];
      deadLetters: Record<string, DeadLetter[]>;
      pending: (Delivery & { target: Of })[];
    };
    this.#invocations = invocations;
    this.#deadLetters = deadLetters;
    this.#pending.clear();
    for (const delivery of pending) {
      this.#pending.set(delivery.executionId, delivery);
      this.#attemptLater(delivery);
    }
  }

  reset(): void {
    this.#pending.clear();
    this.#invocations = [];
    this.#deadLetters = {};
  }

  #attemptLater(delivery: Delivery & { target: Of }): void {
    this.#world.timeline.at(new Date(delivery.nextAttempt), () => this.#attempt(delivery));
  }

  async #attempt(delivery: Delivery & { target: Of }): Promise<void> {
    const isGone = (): boolean => this.#pending.get(delivery.executionId) !== delivery;
    if (isGone()) return;
    delivery.attempts += 1;
    try {
      const answer = await this.#call(delivery);
      if (isGone()) return;
      this.#log(delivery, { outcome: 'succeeded', answer });
      this.#end(delivery);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (!isGone()) this.#failed(delivery, error);
    }
  }

  async #call(delivery: Delivery & { target: Of }): Promise<JsonObject> {
    const failure = failureOfScenario(this.#world.scenario(this.#rules.service), delivery.target.Arn);
    if (failure !== undefined) throw failure;
    return this.#world.invoke(this.#rules.callOf(delivery));
  }

  #failed(delivery: Delivery & { target: Of }, failure: AwsError): void {
    const error = { code: this.#rules.errorCode(failure), message: failure.message };
    const condition = this.#exhausted(delivery);
    if (!this.#rules.isPermanent(failure) && condition === undefined) {
      const nextAttempt = this.#retryTime(delivery).toISOString();
      delivery.nextAttempt = nextAttempt;
      this.#log(delivery, { outcome: 'retrying', error, nextAttempt });
      this.#attemptLater(delivery);
      return;
    }
    const queue = delivery.target.DeadLetterConfig?.Arn;
    if (queue !== undefined) {
      (this.#deadLetters[queue] ??= []).push({
        sentTime: this.#world.clock.now().toISOString(),
        body: this.#rules.bodyOf(delivery),
        messageAttributes: {
          ...this.#rules.attributesOf(delivery),
          TARGET_ARN: delivery.target.Arn,
          ERROR_CODE: error.code,
          ERROR_MESSAGE: error.message,
          RETRY_ATTEMPTS: String(delivery.attempts - 1),
          ...(!this.#rules.isPermanent(failure) && { EXHAUSTED_RETRY_CONDITION: condition! }),
        },
      });
    }
    this.#log(delivery, { outcome: 'failed', error, ...(queue !== undefined && { deadLetterQueue: queue }) });
    this.#end(delivery);
  }

  /** Why there is no further attempt, in the words of the retry policy. */
  #exhausted(delivery: Delivery): string | undefined {
    const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age } = delivery.target.RetryPolicy;
    if (delivery.attempts > retries) return 'MaximumRetryAttempts';
    const oldest = Date.parse(delivery.scheduledTime) + age * 1000;
    return this.#retryTime(delivery).getTime() > oldest ? 'MaximumEventAgeInSeconds' : undefined;
  }

  #retryTime(delivery: Delivery): Date {
    const waitS = Math.min(FIRST_RETRY_S * 2 ** (delivery.attempts - 1), LONGEST_RETRY_S);
    return new Date(this.#world.clock.now().getTime() + waitS * 1000);
  }

  #log(
    { scheduledTime, source, target, executionId, attempts }: Delivery,
    result: Pick<Invocation, 'outcome' | 'answer' | 'error' | 'nextAttempt' | 'deadLetterQueue'>,
  ): void {
    const time = this.#world.clock.now().toISOString();
    this.#invocations.push({
      time,
      scheduledTime,
      source,
      target: target.Arn,
      executionId,
      attempt: attempts,
      ...result,
    });
    if (this.#invocations.length > MAX_INVOCATIONS) this.#invocations.shift();
  }

  #end(delivery: Delivery): void {
    this.#pending.delete(delivery.executionId);
    this.#rules.ended(delivery);
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Whether waiting may help: the target was overloaded or broken. */
export function mayPass({ name, status }: AwsError): boolean {
  if (name === 'NotImplementedException') return false;
  return status >= 500 || status === 429 || /Throttl|TooManyRequests|RequestLimitExceeded/.test(name);
}
