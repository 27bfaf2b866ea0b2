import type { JsonObject } from '../../core/json.ts';
import { chooseTarget } from './choose-target.ts';
import { isSameDefinition } from './definition-reference.ts';
import { editDelivery, given, objectIn, RETRY_DEFAULTS, withMembers, type ScheduleEdits } from './schedule-merge.ts';

/** The whole rule with the edits made, as PutRule takes it, which forgets what is left out. */
export function mergeRule(current: JsonObject, edits: ScheduleEdits): JsonObject {
  // A rule that is on for more than schedules has another word for it.
  const isOn = edits.state === 'enabled' && String(current['State']).startsWith('ENABLED');
  return withMembers(current, {
    ScheduleExpression: edits.expression,
    State: isOn ? undefined : edits.state?.toUpperCase(),
    Description: edits.description,
  });
}

/** A target of a rule with the edits made, every other member kept. */
export function mergeRuleTarget(current: JsonObject, edits: ScheduleEdits): JsonObject {
  const target = withMembers(editDelivery(current, edits), { Arn: edits.jobQueue });
  const batch = objectIn(target, 'BatchParameters');
  const changesDefinition =
    edits.jobDefinition !== undefined && !isSameDefinition(batch['JobDefinition'], edits.jobDefinition);
  const edited = withMembers(batch, {
    JobDefinition: changesDefinition ? edits.jobDefinition : undefined,
    JobName: edits.jobName,
  });
  if (edits.arraySize !== undefined) {
    edited['ArrayProperties'] = { ...objectIn(edited, 'ArrayProperties'), Size: edits.arraySize };
  }
  return { ...target, BatchParameters: edited };
}

export function newRule(id: { bus: string; name: string }, edits: ScheduleEdits): JsonObject {
  return mergeRule({ Name: id.name, EventBusName: id.bus, State: 'ENABLED' }, edits);
}

export function newRuleTarget(id: string, edits: ScheduleEdits): JsonObject {
  return mergeRuleTarget({ Id: id }, { ...RETRY_DEFAULTS, ...given(edits) });
}

/** The target that submits a job: the one with that id, or the only one. Undefined when there is none. */
export function chooseBatchTarget(
  rule: string,
  targets: readonly JsonObject[],
  wanted: string | undefined,
): JsonObject | undefined {
  const kind = { isMeant: isBatchTarget, doesNot: 'submits no Batch job', do: 'submit Batch jobs' };
  return chooseTarget({ rule, targets, wanted }, kind);
}

export function isBatchTarget(target: JsonObject): boolean {
  return 'BatchParameters' in target;
}
