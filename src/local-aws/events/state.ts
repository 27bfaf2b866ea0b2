import type { RuleState, Target } from '@aws-sdk/client-eventbridge';

import { AwsError } from '../aws-error.ts';
import type { Target as DeliveryTarget } from '../eventbridge/deliveries.ts';
import { type RegionalMaps, regionalMaps } from '../eventbridge/regional-maps.ts';
import { partitionOf } from '../request-region.ts';
import type { World } from '../service.ts';

export const DEFAULT_BUS = 'default';

export interface Rule {
  Name: string;
  Arn: string;
  EventBusName: string;
  State: RuleState;
  ScheduleExpression?: string;
  EventPattern?: string;
  Description?: string;
  RoleArn?: string;
  tags: Record<string, string>;
  /** By id. */
  targets: Record<string, Target>;
  /** It has run for all its times until then, or was not there or not enabled. ISO text. */
  consideredUntil: string;
}

/** A target with the retry policy that is in force: none has been filled in in what is read back. */
export type RuleTarget = Target & DeliveryTarget & { Id: string };

export interface EventBus {
  Name: string;
  Arn: string;
  Description?: string;
  tags: Record<string, string>;
}

export interface EventsRegion {
  /** By name; without the default bus, which is always there. */
  buses: Map<string, EventBus>;
  /** By `bus/name`. */
  rules: Map<string, Rule>;
}

/** Where the handlers find what they work on. */
export interface EventsState extends RegionalMaps<EventsRegion> {
  world: World;
}

export function eventsState(world: World): EventsState {
  return { world, ...regionalMaps<EventsRegion>(() => ({ buses: new Map(), rules: new Map() })) };
}

/** `arn:aws:events:us-east-1:123456789012:rule/nightly` from `rule/nightly`. */
export function eventsArn(world: World, region: string, resource: string): string {
  return `arn:${partitionOf(region)}:events:${region}:${world.accountId}:${resource}`;
}

/** A rule of the default bus has no bus in its ARN. */
export function ruleArn(world: World, region: string, bus: string, name: string): string {
  return eventsArn(world, region, bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`);
}

/**
 * The name of a bus that is given by its name or ARN, or not at all.
 * @throws AwsError ResourceNotFoundException
 */
export function busName(state: EventsState, region: string, nameOrArn: string = DEFAULT_BUS): string {
  const name = nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
  if (name === DEFAULT_BUS || state.region(region).buses.has(name)) return name;
  throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
}

/** Throws AwsError ResourceNotFoundException for a rule that is not there. */
export function existingRule(state: EventsState, region: string, bus: string, name: string): Rule {
  const rule = state.region(region).rules.get(`${bus}/${name}`);
  if (rule === undefined) {
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
  }
  return rule;
}
