import type { ActionAfterCompletion, FlexibleTimeWindow, ScheduleState, Target } from '@aws-sdk/client-scheduler';

import { AwsError } from '../aws-error.ts';
import type { Target as DeliveryTarget } from '../eventbridge/deliveries.ts';
import { type RegionalMaps, regionalMaps } from '../eventbridge/regional-maps.ts';
import { partitionOf } from '../request-region.ts';
import type { World } from '../service.ts';

export const DEFAULT_GROUP = 'default';

/** A schedule as it is kept: with every default filled in, and times as ISO texts. */
export interface Schedule {
  Arn: string;
  Name: string;
  GroupName: string;
  ScheduleExpression: string;
  ScheduleExpressionTimezone: string;
  StartDate?: string;
  EndDate?: string;
  Description?: string;
  State: ScheduleState;
  CreationDate: string;
  LastModificationDate: string;
  KmsKeyArn?: string;
  Target: ScheduleTarget;
  FlexibleTimeWindow: FlexibleTimeWindow;
  ActionAfterCompletion: ActionAfterCompletion;
  /** It has run for all its times until then, or was not there or not enabled. */
  consideredUntil: string;
}

export type ScheduleTarget = Target & DeliveryTarget & { RoleArn: string };

export interface ScheduleGroup {
  Arn: string;
  Name: string;
  CreationDate: string;
  LastModificationDate: string;
  tags: Record<string, string>;
}

export interface SchedulerRegion {
  /** By name; without the default group, which is always there. */
  groups: Map<string, ScheduleGroup>;
  /** By `group/name`. */
  schedules: Map<string, Schedule>;
}

/** Where the handlers find what they work on. */
export interface SchedulerState extends RegionalMaps<SchedulerRegion> {
  world: World;
}

export function schedulerState(world: World): SchedulerState {
  return { world, ...regionalMaps<SchedulerRegion>(() => ({ groups: new Map(), schedules: new Map() })) };
}

/** `arn:aws:scheduler:us-east-1:123456789012:schedule/default/crawl` from `schedule/default/crawl`. */
export function schedulerArn(world: World, region: string, resource: string): string {
  return `arn:${partitionOf(region)}:scheduler:${region}:${world.accountId}:${resource}`;
}

/** Throws AwsError ResourceNotFoundException for a group that is not there. */
export function existingGroup(state: SchedulerState, region: string, name: string): ScheduleGroup {
  const group = name === DEFAULT_GROUP ? defaultGroup(state, region) : state.region(region).groups.get(name);
  if (group === undefined) {
    throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
  }
  return group;
}

/** Nobody made it; it has no time and takes no tags. */
export function defaultGroup(state: SchedulerState, region: string): ScheduleGroup {
  const Arn = schedulerArn(state.world, region, `schedule-group/${DEFAULT_GROUP}`);
  const epoch = new Date(0).toISOString();
  return { Arn, Name: DEFAULT_GROUP, CreationDate: epoch, LastModificationDate: epoch, tags: {} };
}
