import { parseScheduleExpression, scheduleTimes } from '../../core/schedule-expression.ts';
import { Deliveries, type Delivery, mayPass } from '../eventbridge/deliveries.ts';
import { runTaskCall } from '../eventbridge/ecs-target.ts';
import type { InternalCall } from '../internal-calls.ts';
import { type Schedule, type ScheduleTarget, type SchedulerState } from './state.ts';
import { universalCall } from './universal-call.ts';

interface Planned {
  /** The time that the expression names, which is not yet the time that a flexible window picks. */
  time: Date;
  cancel(): void;
}

/** Runs schedules at their times. */
export class Firing {
  readonly #state: SchedulerState;
  readonly deliveries: Deliveries<ScheduleTarget>;
  /** By the ARN of the schedule. */
  readonly #planned = new Map<string, Planned>();

  constructor(state: SchedulerState) {
    this.#state = state;
    this.deliveries = new Deliveries<ScheduleTarget>(state.world, {
      service: 'scheduler',
      callOf: targetCall,
      bodyOf: ({ target }) => target.Input ?? '{}',
      attributesOf: ({ source, scheduledTime, executionId }) => ({
        SCHEDULE_ARN: source,
        SCHEDULED_TIME: scheduledTime.replace(/\.\d+Z$/, 'Z'),
        EXECUTION_ID: executionId,
        IS_PAYLOAD_TRUNCATED: 'false',
      }),
      errorCode: ({ name }) => name,
      isPermanent: (error) => !mayPass(error),
      ended: ({ region, source }) => this.#complete(region, source),
    });
  }

  /** Waits for the schedule's next time, in the place of what was planned for it before. */
  plan(region: string, schedule: Schedule): void {
    this.forget(schedule);
    if (schedule.State !== 'ENABLED') return;
    const time = nextTime(schedule);
    if (time === undefined) return;
    const cancel = this.#state.world.timeline.at(withinWindow(schedule, time), () =>
      this.#fire(region, schedule, time),
    );
    this.#planned.set(schedule.Arn, { time, cancel });
  }

  forget({ Arn }: Schedule): void {
    this.#planned.get(Arn)?.cancel();
    this.#planned.delete(Arn);
  }

  /**
   * Until when an updated schedule has nothing to make up for: now, or just before a time that has come and whose
   * flexible window has not yet picked a moment.
   */
  consideredUntil({ Arn }: Schedule): Date {
    const now = this.#state.world.clock.now();
    const waiting = this.#planned.get(Arn)?.time;
    return waiting !== undefined && waiting <= now ? new Date(waiting.getTime() - 1) : now;
  }

  /** Plans all schedules of a restored state. What they missed while nothing ran is not made up for. */
  resume(): void {
    const now = this.#state.world.clock.now().getTime();
    for (const [region, { schedules }] of this.#state.regions()) {
      for (const schedule of schedules.values()) {
        const sinceWindow = now - windowMs(schedule);
        schedule.consideredUntil = new Date(Math.max(Date.parse(schedule.consideredUntil), sinceWindow)).toISOString();
        this.plan(region, schedule);
      }
    }
  }

  reset(): void {
    for (const { cancel } of this.#planned.values()) cancel();
    this.#planned.clear();
    this.deliveries.reset();
  }

  async #fire(region: string, schedule: Schedule, time: Date): Promise<void> {
    schedule.consideredUntil = time.toISOString();
    const begun = this.deliveries.begin({ source: schedule.Arn, region, scheduledTime: time, target: schedule.Target });
    this.plan(region, schedule);
    await begun;
  }

  /** A schedule that has no further time is deleted, if it was to be, when its last event has come to its end. */
  #complete(region: string, arn: string): void {
    const { schedules } = this.#state.region(region);
    const key = arn.split(':schedule/')[1] ?? '';
    const schedule = schedules.get(key);
    if (schedule?.ActionAfterCompletion !== 'DELETE' || this.#planned.has(arn) || this.deliveries.isPending(arn))
      return;
    if (nextTime(schedule) === undefined) schedules.delete(key);
  }
}

/** Throws AwsError for a target that nothing is there for, or a parameter that its API doesn't have. */
function targetCall(delivery: Delivery & { target: ScheduleTarget }): InternalCall {
  const { target, source } = delivery;
  const { EcsParameters } = target;
  if (EcsParameters === undefined) return universalCall(delivery);
  return runTaskCall({ ...target, EcsParameters }, delivery, `chronos-schedule/${source.split('/').at(-1)}`);
}

function nextTime(schedule: Schedule): Date | undefined {
  const expression = parseScheduleExpression(schedule.ScheduleExpression);
  const isOnce = expression.kind === 'at';
  const start = schedule.StartDate ?? (expression.kind === 'rate' ? schedule.CreationDate : undefined);
  const [next] = scheduleTimes(expression, {
    zone: schedule.ScheduleExpressionTimezone,
    after: new Date(schedule.consideredUntil),
    start: isOnce || start === undefined ? undefined : new Date(start),
    end: isOnce || schedule.EndDate === undefined ? undefined : new Date(schedule.EndDate),
  });
  return next;
}

function windowMs({ FlexibleTimeWindow: { Mode, MaximumWindowInMinutes: minutes = 0 } }: Schedule): number {
  return Mode === 'FLEXIBLE' ? minutes * 60_000 : 0;
}

/** AWS picks any moment of a flexible window; here it is always the middle. */
function withinWindow(schedule: Schedule, time: Date): Date {
  return new Date(time.getTime() + windowMs(schedule) / 2);
}
