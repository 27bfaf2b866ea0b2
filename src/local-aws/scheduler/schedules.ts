import type {
  CreateScheduleInput,
  CreateScheduleOutput,
  DeleteScheduleInput,
  GetScheduleInput,
  GetScheduleOutput,
  ListSchedulesInput,
  ListSchedulesOutput,
  UpdateScheduleInput,
  UpdateScheduleOutput,
} from '@aws-sdk/client-scheduler';

import { isJsonObject } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import { pageByKey } from '../eventbridge/key-pages.ts';
import type { JsonCall } from '../json-protocol.ts';
import type { ClientTokens } from './client-tokens.ts';
import type { Firing } from './firing.ts';
import { DEFAULT_GROUP, existingGroup, type Schedule, schedulerArn, type SchedulerState } from './state.ts';
import { completeTarget } from './target.ts';
import { checkSchedule, constrainNames, NAME } from './validation.ts';

/** AWS's own quota. */
const MAX_SCHEDULES = 1_000_000;

export function scheduleHandlers(state: SchedulerState, firing: Firing, tokens: ClientTokens) {
  return {
    CreateSchedule(input: CreateScheduleInput, call: JsonCall): CreateScheduleOutput {
      const now = call.clock.now();
      checkSchedule(input, call.region, now);
      return tokens.once('CreateSchedule', call, () => {
        const { GroupName: group = DEFAULT_GROUP, Name: name = '' } = input;
        existingGroup(state, call.region, group);
        const { schedules } = state.region(call.region);
        if (schedules.has(`${group}/${name}`)) {
          throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
        }
        checkQuota(state, schedules.size);
        // A rate counts from the creation, and runs at that very time.
        const isRate = /^rate/i.test(input.ScheduleExpression ?? '');
        const Arn = schedulerArn(state.world, call.region, `schedule/${group}/${name}`);
        const schedule: Schedule = {
          ...settingsOf(input),
          Arn,
          Name: name,
          GroupName: group,
          CreationDate: now.toISOString(),
          LastModificationDate: now.toISOString(),
          consideredUntil: new Date(now.getTime() - (isRate ? 1 : 0)).toISOString(),
        };
        schedules.set(`${group}/${name}`, schedule);
        firing.plan(call.region, schedule);
        return { ScheduleArn: Arn };
      });
    },

    GetSchedule(input: GetScheduleInput, call: JsonCall): GetScheduleOutput {
      constrainNames(input).check();
      return detailOf(existingSchedule(state, input, call.region));
    },

    UpdateSchedule(input: UpdateScheduleInput, call: JsonCall): UpdateScheduleOutput {
      const now = call.clock.now();
      constrainNames(input).check();
      const found = existingSchedule(state, input, call.region);
      checkSchedule(input, call.region, now, found.StartDate);
      return tokens.once('UpdateSchedule', call, () => {
        const { Arn, Name, GroupName, CreationDate } = found;
        // Nothing else survives: what the request leaves out goes back to its default.
        const schedule: Schedule = {
          ...settingsOf(input),
          Arn,
          Name,
          GroupName,
          CreationDate,
          LastModificationDate: now.toISOString(),
          consideredUntil: firing.consideredUntil(found).toISOString(),
        };
        state.region(call.region).schedules.set(`${GroupName}/${Name}`, schedule);
        firing.plan(call.region, schedule);
        return { ScheduleArn: Arn };
      });
    },

    DeleteSchedule(input: DeleteScheduleInput, call: JsonCall): object {
      constrainNames(input).check();
      return tokens.once('DeleteSchedule', call, () => {
        const found = existingSchedule(state, input, call.region);
        state.region(call.region).schedules.delete(`${found.GroupName}/${found.Name}`);
        firing.forget(found);
        return {};
      });
    },

    ListSchedules(input: ListSchedulesInput, call: JsonCall): ListSchedulesOutput {
      const { GroupName: group, NamePrefix: prefix = '', State: wanted, NextToken: token, MaxResults: limit } = input;
      constrainNames({ GroupName: group })
        .text('namePrefix', input.NamePrefix, NAME)
        .oneOf('state', wanted, ['ENABLED', 'DISABLED'])
        .check();
      if (group !== undefined) existingGroup(state, call.region, group);
      const found = [...state.region(call.region).schedules.values()].filter(
        (schedule) =>
          (group === undefined || schedule.GroupName === group) &&
          schedule.Name.startsWith(prefix) &&
          (wanted === undefined || schedule.State === wanted),
      );
      const keyOf = ({ GroupName, Name }: Schedule): string => `${GroupName}/${Name}`;
      const { page, next } = pageByKey(found, keyOf, { limit, token, limitMember: 'maxResults' });
      return { Schedules: page.map(summaryOf), NextToken: next };
    },
  };
}

/** Throws AwsError ResourceNotFoundException. */
function existingSchedule(
  state: SchedulerState,
  { Name: name = '', GroupName: group = DEFAULT_GROUP }: GetScheduleInput,
  region: string,
): Schedule {
  existingGroup(state, region, group);
  const found = state.region(region).schedules.get(`${group}/${name}`);
  if (found === undefined) throw new AwsError('ResourceNotFoundException', `Schedule ${name} does not exist.`, 404);
  return found;
}

function checkQuota({ world }: SchedulerState, count: number): void {
  const part = world.scenario('scheduler');
  const quota = isJsonObject(part) ? part['maximumSchedules'] : undefined;
  if (count < Number(quota ?? MAX_SCHEDULES)) return;
  throw new AwsError(
    'ServiceQuotaExceededException',
    'You have reached the maximum number of schedules for your account. Delete unused schedules, or request an increase.',
    402,
  );
}

/** What a request sets, with the default for what it leaves out. */
function settingsOf(
  input: CreateScheduleInput,
): Omit<Schedule, 'Arn' | 'Name' | 'GroupName' | 'CreationDate' | 'LastModificationDate' | 'consideredUntil'> {
  const { Description, KmsKeyArn, StartDate, EndDate } = input;
  return {
    ScheduleExpression: input.ScheduleExpression!,
    ScheduleExpressionTimezone: input.ScheduleExpressionTimezone ?? 'UTC',
    State: input.State ?? 'ENABLED',
    FlexibleTimeWindow: input.FlexibleTimeWindow!,
    ActionAfterCompletion: input.ActionAfterCompletion ?? 'NONE',
    Target: completeTarget(input.Target!),
    ...(Description !== undefined && { Description }),
    ...(KmsKeyArn !== undefined && { KmsKeyArn }),
    ...(StartDate && { StartDate: StartDate.toISOString() }),
    ...(EndDate && { EndDate: EndDate.toISOString() }),
  };
}

function detailOf({ consideredUntil: _until, ...schedule }: Schedule): GetScheduleOutput {
  return {
    ...schedule,
    StartDate: schedule.StartDate === undefined ? undefined : new Date(schedule.StartDate),
    EndDate: schedule.EndDate === undefined ? undefined : new Date(schedule.EndDate),
    CreationDate: new Date(schedule.CreationDate),
    LastModificationDate: new Date(schedule.LastModificationDate),
  };
}

function summaryOf(schedule: Schedule) {
  const { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target } = detailOf(schedule);
  return { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target: { Arn: Target?.Arn } };
}
