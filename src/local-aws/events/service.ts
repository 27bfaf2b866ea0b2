import * as client from '@aws-sdk/client-eventbridge';

import type { JsonObject, JsonValue } from '../../core/json.ts';
import { FAIL_TARGETS, ruleProblems } from '../eventbridge/target-scenario.ts';
import { jsonService } from '../json-protocol.ts';
import type { Service, World } from '../service.ts';
import { busHandlers } from './buses.ts';
import { RuleFiring } from './firing.ts';
import { ruleHandlers } from './rules.ts';
import { DEFAULT_BUS, eventsState, ruleArn } from './state.ts';
import { targetHandlers } from './targets.ts';

/** EventBridge: rules and their targets. Rules with a schedule run at their times; nobody puts events. */
export function eventsService(world: World): Service {
  const state = eventsState(world);
  const firing = new RuleFiring(state);
  const rule =
    (member: string) =>
    (json: JsonObject, region: string): string => {
      const bus = String(json['EventBusName'] ?? DEFAULT_BUS);
      return ruleArn(world, region, bus.slice(bus.indexOf('/') + 1), String(json[member]));
    };
  const arnItself = (json: JsonObject): string => String(json['ResourceARN']);
  return jsonService({
    name: 'events',
    world,
    client,
    protocol: { type: 'awsJson1.1', target: 'AWSEvents' },
    handlers: { ...ruleHandlers(state, firing), ...targetHandlers(state), ...busHandlers(state) },
    resources: {
      PutRule: rule('Name'),
      DescribeRule: rule('Name'),
      EnableRule: rule('Name'),
      DisableRule: rule('Name'),
      DeleteRule: rule('Name'),
      PutTargets: rule('Rule'),
      RemoveTargets: rule('Rule'),
      ListTargetsByRule: rule('Rule'),
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
    },
    scenarioProblems,
  });
}

function scenarioProblems({ failTargets, failEntries, ...others }: JsonObject): string[] {
  const unknown = Object.keys(others).map(
    (member) => `"events" has no member "${member}", only "failTargets" and "failEntries".`,
  );
  return [
    ...unknown,
    ...ruleProblems(failTargets, { name: 'events.failTargets', ...FAIL_TARGETS }),
    ...ruleProblems(failEntries, {
      name: 'events.failEntries',
      required: ['id', 'code'],
      optional: { message: 'string' },
    }),
  ];
}
