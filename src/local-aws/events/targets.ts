import type {
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  PutTargetsResultEntry,
  RemoveTargetsRequest,
  RemoveTargetsResponse,
  Target,
} from '@aws-sdk/client-eventbridge';

import { isJsonObject } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import { Constraints } from '../eventbridge/constraints.ts';
import { pageByKey } from '../eventbridge/key-pages.ts';
import { fits } from '../eventbridge/target-scenario.ts';
import type { JsonCall } from '../json-protocol.ts';
import { RULE_NAME } from './rules.ts';
import { busName, type EventsState, existingRule, type Rule } from './state.ts';
import { checkTargets } from './target-validation.ts';

const MAX_TARGETS = 5;
const MAX_ENTRIES = 100;

export function targetHandlers(state: EventsState) {
  const ruleOf = (
    { Rule: name, EventBusName }: { Rule: string | undefined; EventBusName?: string | undefined },
    { region }: JsonCall,
  ): Rule => {
    new Constraints().required('rule', name).text('rule', name, RULE_NAME).check();
    return existingRule(state, region, busName(state, region, EventBusName), name!);
  };
  return {
    PutTargets(input: PutTargetsRequest, call: JsonCall): PutTargetsResponse {
      new Constraints().required('targets', input.Targets).size('targets', input.Targets, 1, MAX_ENTRIES).check();
      const given = input.Targets!;
      checkTargets(given, call.region);
      const rule = ruleOf(input, call);
      const failed = given.flatMap((target) => failedEntry(state, target) ?? []);
      const added = given.filter(({ Id }) => !failed.some(({ TargetId }) => TargetId === Id));
      // A target takes the place of the one with its id, whole; all others stay.
      const targets = { ...rule.targets, ...Object.fromEntries(added.map((target) => [target.Id!, target])) };
      if (Object.keys(targets).length > MAX_TARGETS) {
        throw new AwsError('LimitExceededException', 'The requested resource exceeds the maximum number allowed.');
      }
      rule.targets = targets;
      return { FailedEntryCount: failed.length, FailedEntries: failed };
    },

    RemoveTargets(input: RemoveTargetsRequest, call: JsonCall): RemoveTargetsResponse {
      new Constraints().required('ids', input.Ids).size('ids', input.Ids, 1, MAX_ENTRIES).check();
      const rule = ruleOf(input, call);
      const gone = new Set(input.Ids);
      rule.targets = Object.fromEntries(Object.entries(rule.targets).filter(([id]) => !gone.has(id)));
      return { FailedEntryCount: 0, FailedEntries: [] };
    },

    ListTargetsByRule(input: ListTargetsByRuleRequest, call: JsonCall): ListTargetsByRuleResponse {
      const targets = Object.values(ruleOf(input, call).targets);
      const { NextToken: token, Limit: limit } = input;
      const { page, next } = pageByKey(targets, ({ Id }) => Id!, { limit, token, limitMember: 'limit' });
      return { Targets: page, NextToken: next };
    },
  };
}

/** An entry that the scenario makes fail: the first of `failEntries` whose `id` fits. The call itself succeeds. */
function failedEntry({ world }: EventsState, { Id: id }: Target): PutTargetsResultEntry | undefined {
  const part = world.scenario('events');
  const rules = isJsonObject(part) && Array.isArray(part['failEntries']) ? part['failEntries'] : [];
  const rule = rules.filter(isJsonObject).find((one) => fits(String(one['id']), id!));
  if (rule === undefined) return undefined;
  const { code, message = 'The scenario makes this entry fail.' } = rule;
  return { TargetId: id, ErrorCode: String(code), ErrorMessage: String(message) };
}
