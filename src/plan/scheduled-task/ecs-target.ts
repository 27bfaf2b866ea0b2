import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { chooseTarget } from '../schedule/choose-target.ts';
import { isSameTaskDefinition, parseTaskDefinitionReference } from '../schedule/definition-reference.ts';
import { readTargetInput } from '../schedule/target-input.ts';

/**
 * A target that runs tasks has its task definition in one of two places: `EcsParameters.TaskDefinitionArn` where it is a
 * cluster, and `TaskDefinition` in the JSON of its Input where a schedule calls RunTask itself (a universal target).
 * Source: EventBridge Scheduler user guide, "Managing targets"; EventBridge API reference, EcsParameters.
 */
export function isEcsTarget(target: JsonObject): boolean {
  return isJsonObject(target['EcsParameters']) || isRunTaskTarget(target);
}

function isRunTaskTarget({ Arn: arn }: JsonObject): boolean {
  return typeof arn === 'string' && /^arn:[^:]+:scheduler:::aws-sdk:ecs:runTask$/.test(arn);
}

/** The one of a rule: with that id, or the only one. Throws (exit code 2) when it is not clear which. */
export function chooseEcsTarget(
  rule: string,
  targets: readonly JsonObject[],
  wanted: string | undefined,
): JsonObject | undefined {
  const kind = { isMeant: isEcsTarget, doesNot: 'runs no ECS task', do: 'run ECS tasks' };
  return chooseTarget({ rule, targets, wanted }, kind);
}

/** The Input of a target that calls RunTask can't be read, so that nothing in it can be kept. */
export function hasUnreadableInput(target: JsonObject): boolean {
  return isRunTaskTarget(target) && readTargetInput(target['Input']) === undefined;
}

/** What the target runs, as it is written there: the ARN of a revision or of a family, `family:revision`, or a family. */
export function taskDefinitionOf(target: JsonObject): string | undefined {
  const { EcsParameters: parameters } = target;
  const input = readTargetInput(target['Input']) ?? {};
  const reference = isJsonObject(parameters) ? parameters['TaskDefinitionArn'] : input[spelling(input)];
  return typeof reference === 'string' ? reference : undefined;
}

/** The target with that task definition and every other member kept; as it was when that is what it runs already. */
export function withTaskDefinition(target: JsonObject, arn: string): JsonObject {
  if (isSameTaskDefinition(taskDefinitionOf(target), arn)) return target;
  const { EcsParameters: parameters } = target;
  if (isJsonObject(parameters)) return { ...target, EcsParameters: { ...parameters, TaskDefinitionArn: arn } };
  const input = readTargetInput(target['Input']) ?? {};
  return { ...target, Input: JSON.stringify({ ...input, [spelling(input)]: inputReference(arn) }) };
}

/** RunTask documents a family without a revision by its name only. */
function inputReference(arn: string): JsonValue {
  const reference = parseTaskDefinitionReference(arn);
  return reference && reference.revision === undefined ? reference.name : arn;
}

/** Scheduler documents PascalCase. What is written otherwise stays so: two spellings of one member would be worse. */
function spelling(input: JsonObject): 'taskDefinition' | 'TaskDefinition' {
  return Object.hasOwn(input, 'taskDefinition') ? 'taskDefinition' : 'TaskDefinition';
}
