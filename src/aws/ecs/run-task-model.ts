import { RunTaskRequest$ } from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import type { JsonObject } from '../../core/json.ts';
import { schemaFindings, type ModelFinding } from '../schema-findings.ts';

/** Compares members of RunTask's input with the SDK's own model: misspelt members and wrong types. */
export function runTaskFindings(input: JsonObject): ModelFinding[] {
  return schemaFindings(NormalizedSchema.of(RunTaskRequest$), input, []);
}
