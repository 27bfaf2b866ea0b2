import { RegisterTaskDefinitionRequest$, TaskDefinition$ } from '@aws-sdk/client-ecs';
import type { JsonObject } from '../../core/json.ts';
import { sendableMembers } from '../sendable-members.ts';

/** Members that DescribeTaskDefinition answers and RegisterTaskDefinition doesn't take, as people leave them in files. */
export function toldOnly(definition: JsonObject): string[] {
  const sendable = sendableMembers(definition, { told: TaskDefinition$, taken: RegisterTaskDefinitionRequest$ });
  return Object.keys(definition).filter((name) => definition[name] !== null && !Object.hasOwn(sendable, name));
}
