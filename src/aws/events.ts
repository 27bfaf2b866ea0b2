import {
  DescribeRuleCommand,
  DescribeRuleResponse$,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutRuleRequest$,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { clientOptions, type ClientSettings } from './client-settings.ts';
import { deployError, errorName } from './errors.ts';
import { receiveRawJson, sendRawJson } from './raw-json.ts';
import { ruleLabel, type RuleId } from './schedule-names.ts';
import { sendableMembers } from './sendable-members.ts';

/** A rule as DescribeRule gives it, with every member that AWS sent, known to the SDK or not. */
export interface DescribedRule {
  arn: string;
  /** The service of AWS that made it for itself; nobody else can change it. */
  managedBy: string | undefined;
  /** What can be sent back. */
  settings: JsonObject;
}

/** A target that PutTargets did not take, in the words of AWS. */
export interface RefusedTarget {
  id: string;
  code: string;
  message: string;
}

export interface EventsOperations {
  /** Undefined when there is no such rule or no such bus. */
  rule(id: RuleId): Promise<DescribedRule | undefined>;
  /** Creates or replaces the rule: what is left out is gone. */
  putRule(rule: JsonObject): Promise<void>;
  /** All targets of a rule as AWS gives them, unknown members included; pages are followed to the end. */
  targets(id: RuleId): Promise<JsonObject[]>;
  /** Adds the target, or replaces the one with its Id; others stay. Gives those that were refused. */
  putTarget(id: RuleId, target: JsonObject): Promise<RefusedTarget[]>;
  /** Names of all event buses. */
  buses(): Promise<string[]>;
  /** Names of all rules of a bus. */
  rules(bus: string): Promise<string[]>;
}

export function openEvents(settings: ClientSettings): EventsOperations {
  const client = new EventBridgeClient(clientOptions(settings));
  return {
    async rule(id) {
      const command = new DescribeRuleCommand({ Name: id.name, EventBusName: id.bus });
      let raw: JsonObject = {};
      receiveRawJson(command, (body) => {
        raw = body;
      });
      try {
        const { Arn: arn = '', ManagedBy: managedBy } = await client.send(command);
        const members = sendableMembers(raw, { told: DescribeRuleResponse$, taken: PutRuleRequest$ });
        return { arn, managedBy, settings: members };
      } catch (error) {
        if (errorName(error) === 'ResourceNotFoundException') return undefined;
        throw deployError(error, 'events:DescribeRule', ruleLabel(id));
      }
    },
    async putRule(rule) {
      const command = new PutRuleCommand({ Name: String(rule['Name']) });
      sendRawJson(command, rule);
      await calling('events:PutRule', `rule ${String(rule['Name'])}`, () => client.send(command));
    },
    targets: (id) =>
      pages('events:ListTargetsByRule', ruleLabel(id), async (NextToken) => {
        const command = new ListTargetsByRuleCommand({ Rule: id.name, EventBusName: id.bus, Limit: 100, ...NextToken });
        let raw: JsonObject = {};
        receiveRawJson(command, (body) => {
          raw = body;
        });
        const answer = await client.send(command);
        const targets = raw['Targets'];
        return { items: Array.isArray(targets) ? targets.filter(isJsonObject) : [], next: answer.NextToken };
      }),
    async putTarget(id, target) {
      const input: JsonObject = { Rule: id.name, EventBusName: id.bus, Targets: [target] };
      const command = new PutTargetsCommand({ Rule: id.name, Targets: [] });
      sendRawJson(command, input);
      const answer = await calling('events:PutTargets', ruleLabel(id), () => client.send(command));
      const refused = answer.FailedEntries ?? [];
      const told = refused.map(({ TargetId = '', ErrorCode = '', ErrorMessage = '' }) => ({
        id: TargetId,
        code: ErrorCode,
        message: ErrorMessage,
      }));
      const isUntold = told.length === 0 && (answer.FailedEntryCount ?? 0) > 0;
      return isUntold ? [{ id: String(target['Id']), code: 'unknown', message: 'AWS does not say why.' }] : told;
    },
    buses: () =>
      pages('events:ListEventBuses', 'the event buses', async (NextToken) => {
        const answer = await client.send(new ListEventBusesCommand({ Limit: 100, ...NextToken }));
        return { items: (answer.EventBuses ?? []).flatMap(({ Name }) => Name ?? []), next: answer.NextToken };
      }),
    rules: (bus) =>
      pages('events:ListRules', `the rules of event bus ${bus}`, async (NextToken) => {
        const answer = await client.send(new ListRulesCommand({ EventBusName: bus, Limit: 100, ...NextToken }));
        return { items: (answer.Rules ?? []).flatMap(({ Name }) => Name ?? []), next: answer.NextToken };
      }),
  };
}

async function pages<T>(
  call: string,
  resource: string,
  page: (token: { NextToken?: string }) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const from = token === undefined ? {} : { NextToken: token };
    const { items, next } = await calling(call, resource, () => page(from));
    found.push(...items);
    token = next;
  } while (token !== undefined);
  return found;
}

async function calling<T>(call: string, resource: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw deployError(error, call, resource);
  }
}
