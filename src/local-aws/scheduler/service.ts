import * as client from '@aws-sdk/client-scheduler';

import type { JsonObject, JsonValue } from '../../core/json.ts';
import { FAIL_TARGETS, ruleProblems } from '../eventbridge/target-scenario.ts';
import { jsonService } from '../json-protocol.ts';
import type { Service, World } from '../service.ts';
import { ClientTokens } from './client-tokens.ts';
import { Firing } from './firing.ts';
import { groupHandlers } from './groups.ts';
import { scheduleHandlers } from './schedules.ts';
import { DEFAULT_GROUP, schedulerArn, schedulerState } from './state.ts';

/** EventBridge Scheduler. Its schedules run at their times, and call the services that are here. */
export function schedulerService(world: World): Service {
  const state = schedulerState(world);
  const firing = new Firing(state);
  const tokens = new ClientTokens();
  const schedule = (json: JsonObject, region: string): string =>
    schedulerArn(world, region, `schedule/${String(json['GroupName'] ?? DEFAULT_GROUP)}/${String(json['Name'])}`);
  const group = (json: JsonObject, region: string): string =>
    schedulerArn(world, region, `schedule-group/${String(json['Name'])}`);
  const arnItself = (json: JsonObject): string => String(json['ResourceArn']);
  return jsonService({
    name: 'scheduler',
    world,
    client,
    protocol: { type: 'restJson' },
    handlers: { ...scheduleHandlers(state, firing, tokens), ...groupHandlers(state, firing, tokens) },
    resources: {
      CreateSchedule: schedule,
      GetSchedule: schedule,
      UpdateSchedule: schedule,
      DeleteSchedule: schedule,
      CreateScheduleGroup: group,
      GetScheduleGroup: group,
      DeleteScheduleGroup: group,
      TagResource: arnItself,
      UntagResource: arnItself,
      ListTagsForResource: arnItself,
    },
    snapshot: () => ({ regions: state.snapshot(), ...firing.deliveries.snapshot() }),
    restore(snapshot) {
      firing.reset();
      const { regions, ...deliveries } = snapshot as JsonObject;
      state.restore(regions as JsonValue);
      firing.deliveries.restore(deliveries);
      firing.resume();
    },
    reset() {
      state.reset();
      firing.reset();
      tokens.clear();
    },
    scenarioProblems,
  });
}

function scenarioProblems({ failTargets, maximumSchedules, ...others }: JsonObject): string[] {
  const problems = Object.keys(others).map(
    (member) => `"scheduler" has no member "${member}", only "failTargets" and "maximumSchedules".`,
  );
  if (maximumSchedules !== undefined && !(Number.isInteger(maximumSchedules) && Number(maximumSchedules) >= 0)) {
    problems.push('"scheduler.maximumSchedules" must be a whole number from 0.');
  }
  return [...problems, ...ruleProblems(failTargets, { name: 'scheduler.failTargets', ...FAIL_TARGETS })];
}
