import type {
  DeleteRuleRequest,
  DescribeRuleRequest,
  DescribeRuleResponse,
  EnableRuleRequest,
  ListRuleNamesByTargetRequest,
  ListRuleNamesByTargetResponse,
  ListRulesRequest,
  ListRulesResponse,
  PutRuleRequest,
  PutRuleResponse,
  RuleState,
} from '@aws-sdk/client-eventbridge';

import { InvalidSchedule } from '../../core/cron.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { parseScheduleExpression } from '../../core/schedule-expression.ts';
import { AwsError } from '../aws-error.ts';
import { Constraints, validationException } from '../eventbridge/constraints.ts';
import { pageByKey } from '../eventbridge/key-pages.ts';
import { withTags } from '../eventbridge/resource-tags.ts';
import type { JsonCall } from '../json-protocol.ts';
import type { RuleFiring } from './firing.ts';
import { busName, DEFAULT_BUS, type EventsState, existingRule, type Rule, ruleArn } from './state.ts';

export const RULE_NAME = { max: 64, pattern: '[\\.\\-_A-Za-z0-9]+' };
const STATES = ['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'];
const MAX_PATTERN = 2048;

export function ruleHandlers(state: EventsState, firing: RuleFiring) {
  const found = ({ Name, EventBusName }: DescribeRuleRequest, { region }: JsonCall): Rule => {
    new Constraints().required('name', Name).text('name', Name, RULE_NAME).check();
    return existingRule(state, region, busName(state, region, EventBusName), Name!);
  };
  const setState = (input: EnableRuleRequest, call: JsonCall, wanted: RuleState): object => {
    const rule = found(input, call);
    if (rule.State !== wanted) rule.consideredUntil = call.clock.now().toISOString();
    rule.State = wanted;
    firing.plan(call.region, rule);
    return {};
  };
  return {
    PutRule(input: PutRuleRequest, call: JsonCall): PutRuleResponse {
      const { Name = '', Description, RoleArn, EventPattern, ScheduleExpression } = input;
      checkRule(input);
      const bus = busName(state, call.region, input.EventBusName);
      if (ScheduleExpression !== undefined && bus !== DEFAULT_BUS) {
        throw validationException('ScheduleExpression is supported only on the default event bus.');
      }
      const { rules } = state.region(call.region);
      const before = rules.get(`${bus}/${Name}`);
      const Arn = ruleArn(state.world, call.region, bus, Name);
      // What the request leaves out is gone, but the targets stay; tags are taken at the creation only.
      const rule: Rule = {
        Name,
        Arn,
        EventBusName: bus,
        State: input.State ?? 'ENABLED',
        ...(ScheduleExpression !== undefined && { ScheduleExpression }),
        ...(EventPattern !== undefined && { EventPattern }),
        ...(Description !== undefined && { Description }),
        ...(RoleArn !== undefined && { RoleArn }),
        tags: before?.tags ?? withTags({}, input.Tags ?? []),
        targets: before?.targets ?? {},
        consideredUntil: call.clock.now().toISOString(),
      };
      rules.set(`${bus}/${Name}`, rule);
      firing.plan(call.region, rule);
      return { RuleArn: Arn };
    },

    DescribeRule(input: DescribeRuleRequest, call: JsonCall): DescribeRuleResponse {
      return { ...detailOf(found(input, call)), CreatedBy: state.world.accountId };
    },

    EnableRule: (input: EnableRuleRequest, call: JsonCall): object => setState(input, call, 'ENABLED'),
    DisableRule: (input: EnableRuleRequest, call: JsonCall): object => setState(input, call, 'DISABLED'),

    DeleteRule({ Name, EventBusName }: DeleteRuleRequest, call: JsonCall): object {
      new Constraints().required('name', Name).text('name', Name, RULE_NAME).check();
      const bus = busName(state, call.region, EventBusName);
      const { rules } = state.region(call.region);
      // Deleting what isn't there is no error.
      const rule = rules.get(`${bus}/${Name}`);
      if (rule === undefined) return {};
      if (Object.keys(rule.targets).length > 0) {
        throw validationException("Rule can't be deleted since it has targets.");
      }
      rules.delete(`${bus}/${Name}`);
      firing.forget(rule);
      return {};
    },

    ListRules(input: ListRulesRequest, call: JsonCall): ListRulesResponse {
      const { NamePrefix = '', EventBusName, NextToken: token, Limit: limit } = input;
      new Constraints().text('namePrefix', input.NamePrefix, RULE_NAME).check();
      const rules = rulesOf(state, call.region, EventBusName).filter(({ Name }) => Name.startsWith(NamePrefix));
      const { page, next } = pageByKey(rules, ({ Name }) => Name, { limit, token, limitMember: 'limit' });
      return { Rules: page.map(detailOf), NextToken: next };
    },

    ListRuleNamesByTarget(input: ListRuleNamesByTargetRequest, call: JsonCall): ListRuleNamesByTargetResponse {
      const { TargetArn, EventBusName, NextToken: token, Limit: limit } = input;
      new Constraints().required('targetArn', TargetArn).text('targetArn', TargetArn, { max: 1600 }).check();
      const rules = rulesOf(state, call.region, EventBusName).filter(({ targets }) =>
        Object.values(targets).some(({ Arn }) => Arn === TargetArn),
      );
      const { page, next } = pageByKey(rules, ({ Name }) => Name, { limit, token, limitMember: 'limit' });
      return { RuleNames: page.map(({ Name }) => Name), NextToken: next };
    },
  };
}

function rulesOf(state: EventsState, region: string, nameOrArn: string | undefined): Rule[] {
  const bus = busName(state, region, nameOrArn);
  return [...state.region(region).rules.values()].filter(({ EventBusName }) => EventBusName === bus);
}

function checkRule(input: PutRuleRequest): void {
  const { ScheduleExpression: schedule, EventPattern: pattern } = input;
  new Constraints()
    .required('name', input.Name)
    .text('name', input.Name, RULE_NAME)
    .text('scheduleExpression', schedule, { min: 0, max: 256 })
    .text('description', input.Description, { min: 0, max: 512 })
    .text('roleArn', input.RoleArn, { max: 1600 })
    .oneOf('state', input.State, STATES)
    .check();
  if (!schedule && !pattern) {
    throw validationException('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  }
  if (schedule) checkExpression(schedule);
  if (pattern) checkPattern(pattern, input.Name!);
}

function checkExpression(text: string): void {
  try {
    parseScheduleExpression(text, 'rule');
  } catch (error) {
    if (!(error instanceof InvalidSchedule)) throw error;
    throw validationException('Parameter ScheduleExpression is not valid.');
  }
}

/** Patterns are kept, not matched: only their form is checked. */
function checkPattern(text: string, name: string): void {
  if (Buffer.byteLength(text) > MAX_PATTERN) {
    throw validationException(`Parameter EventPattern for rule ${name} exceeds limit of ${MAX_PATTERN}.`);
  }
  let pattern: JsonValue;
  try {
    pattern = JSON.parse(text) as JsonValue;
  } catch (error) {
    throw invalidPattern((error as Error).message);
  }
  if (!isJsonObject(pattern)) throw invalidPattern('Filter is not an object');
  checkPatternNode(pattern);
}

function checkPatternNode(node: JsonValue): void {
  if (Array.isArray(node)) {
    if (node.length === 0) throw invalidPattern('Empty arrays are not allowed');
    return;
  }
  if (!isJsonObject(node)) return;
  for (const [key, value] of Object.entries(node)) {
    if (!Array.isArray(value) && !isJsonObject(value)) throw invalidPattern(`"${key}" must be an object or an array`);
    checkPatternNode(value);
  }
}

function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

function detailOf({ tags: _tags, targets: _targets, consideredUntil: _until, ...rule }: Rule) {
  return rule;
}
