import { randomUUID } from 'node:crypto';
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  GetScheduleOutput$,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  UpdateScheduleInput$,
  type CreateScheduleCommandInput,
  type UpdateScheduleCommandInput,
} from '@aws-sdk/client-scheduler';
import type { JsonObject } from '../core/json.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError, errorName } from './errors.ts';
import { receiveRawJson, sendRawJson } from './raw-json.ts';
import { scheduleLabel, type ScheduleId } from './schedule-names.ts';
import { sendableMembers } from './sendable-members.ts';

/** A schedule as GetSchedule gives it, with every member that AWS sent, known to the SDK or not. */
export interface DescribedSchedule {
  arn: string;
  created: Date | undefined;
  /** What can be sent back; dates are seconds since the epoch. */
  settings: JsonObject;
}

export interface ScheduleSummary extends ScheduleId {
  targetArn: string;
}

export interface SchedulerOperations {
  /** Undefined when there is no such schedule or no such group. */
  get(id: ScheduleId): Promise<DescribedSchedule | undefined>;
  /**
   * Sends the schedule as it is, unknown members included; repeated attempts create it once.
   * @returns false when there is one of that name by now
   */
  create(schedule: JsonObject): Promise<boolean>;
  /**
   * Replaces the schedule: what is left out goes back to its default. Repeated attempts update once.
   * @returns false when another change is under way, or it is gone: look again
   */
  update(schedule: JsonObject): Promise<boolean>;
  /** The schedules of all groups; pages are followed to the end. */
  list(): Promise<ScheduleSummary[]>;
}

export function openScheduler(settings: ClientSettings): SchedulerOperations {
  const client = new SchedulerClient(clientOptions(settings));
  return {
    async get(id) {
      const command = new GetScheduleCommand({ Name: id.name, GroupName: id.group });
      let raw: JsonObject = {};
      receiveRawJson(command, (body) => {
        raw = body;
      });
      try {
        const { Arn: arn = '', CreationDate: created } = await client.send(command);
        return {
          arn,
          created,
          settings: sendableMembers(raw, { told: GetScheduleOutput$, taken: UpdateScheduleInput$ }),
        };
      } catch (error) {
        if (errorName(error) === 'ResourceNotFoundException') return undefined;
        throw deployError(error, 'scheduler:GetSchedule', scheduleLabel(id));
      }
    },
    async create(schedule) {
      const command = new CreateScheduleCommand(pathOf(schedule) as CreateScheduleCommandInput);
      sendRawJson(command, bodyOf(schedule));
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (errorName(error) === 'ConflictException') return false;
        // Of all that a new schedule needs, only its group can be missing.
        const isNotFound = errorName(error) === 'ResourceNotFoundException';
        const resource = isNotFound ? `schedule group ${String(schedule['GroupName'])}` : labelOf(schedule);
        throw deployError(error, 'scheduler:CreateSchedule', resource);
      }
    },
    async update(schedule) {
      const command = new UpdateScheduleCommand(pathOf(schedule) as UpdateScheduleCommandInput);
      sendRawJson(command, bodyOf(schedule));
      try {
        await client.send(command);
        return true;
      } catch (error) {
        if (/^(Conflict|ResourceNotFound)Exception$/.test(errorName(error))) return false;
        throw deployError(error, 'scheduler:UpdateSchedule', labelOf(schedule));
      }
    },
    async list() {
      const found: ScheduleSummary[] = [];
      let token: string | undefined;
      do {
        const page = await listPage(client, token);
        for (const { GroupName: group = '', Name: name = '', Target: target } of page.Schedules ?? []) {
          found.push({ group, name, targetArn: target?.Arn ?? '' });
        }
        token = page.NextToken;
      } while (token !== undefined);
      return found;
    },
  };
}

async function listPage(client: SchedulerClient, token: string | undefined) {
  try {
    return await client.send(
      new ListSchedulesCommand({ MaxResults: 100, ...(token !== undefined && { NextToken: token }) }),
    );
  } catch (error) {
    throw deployError(error, 'scheduler:ListSchedules', 'the schedules of all groups');
  }
}

/** What the SDK itself has to know; the rest goes by it. */
function pathOf({ Name = '' }: JsonObject): { Name: string } {
  return { Name: String(Name) };
}

/**
 * The name stands in the path. The token is another each time: one made from the content would let AWS take a schedule
 * that was deleted meanwhile for one that it has created already.
 */
function bodyOf({ Name: _name, ...schedule }: JsonObject): JsonObject {
  return { ...schedule, ClientToken: randomUUID() };
}

function labelOf(schedule: JsonObject): string {
  return scheduleLabel({ group: String(schedule['GroupName'] ?? 'default'), name: String(schedule['Name']) });
}
