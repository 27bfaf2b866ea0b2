import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { InternalCall } from '../internal-calls.ts';
import type { Delivery } from './deliveries.ts';

/** The parts of a target, of a rule or a schedule, that make it run tasks. */
export interface EcsTarget {
  /** Of the cluster. */
  Arn: string;
  RoleArn?: string | undefined;
  /** Constant JSON: what to override, as `overrides` of RunTask has it. */
  Input?: string | undefined;
  EcsParameters: object;
}

/** Members that RunTask has by the same name, but for the first letter. */
const SAME = [
  'CapacityProviderStrategy',
  'EnableECSManagedTags',
  'EnableExecuteCommand',
  'Group',
  'LaunchType',
  'PlacementConstraints',
  'PlacementStrategy',
  'PlatformVersion',
  'PropagateTags',
  'ReferenceId',
];

/** RunTask, as EventBridge calls it for a target with EcsParameters. `startedBy` tells who did: `events-rule/nightly`. */
export function runTaskCall(
  target: EcsTarget,
  { region, executionId }: Pick<Delivery, 'region' | 'executionId'>,
  startedBy: string,
): InternalCall {
  const parameters = target.EcsParameters as JsonObject;
  const { TaskDefinitionArn, TaskCount, NetworkConfiguration, Tags } = parameters;
  const overrides = overridesOf(target);
  const same = SAME.filter((member) => parameters[member] !== undefined);
  return {
    service: 'ecs',
    operation: 'RunTask',
    region,
    sessionName: executionId,
    ...(target.RoleArn !== undefined && { principal: target.RoleArn }),
    input: {
      cluster: target.Arn,
      taskDefinition: TaskDefinitionArn!,
      count: TaskCount ?? 1,
      startedBy: startedBy.slice(0, 128),
      ...Object.fromEntries(same.map((member) => [lowerFirst(member), parameters[member]!])),
      ...(isJsonObject(NetworkConfiguration) && { networkConfiguration: networkOf(NetworkConfiguration) }),
      ...(Array.isArray(Tags) && { tags: Tags.filter(isJsonObject).map(lowerMembers) }),
      ...(overrides && { overrides }),
    },
  };
}

function overridesOf({ Input }: EcsTarget): JsonObject | undefined {
  const given = Input === undefined ? undefined : (JSON.parse(Input) as JsonValue);
  return isJsonObject(given) ? given : undefined;
}

/** Its outer member is spelled as ECS does, the inner ones are not. */
function networkOf({ awsvpcConfiguration }: JsonObject): JsonObject {
  return isJsonObject(awsvpcConfiguration) ? { awsvpcConfiguration: lowerMembers(awsvpcConfiguration) } : {};
}

function lowerMembers(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([member, value]) => [lowerFirst(member), value]));
}

function lowerFirst(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1);
}
