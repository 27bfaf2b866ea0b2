import { RegisterJobDefinitionRequest$ } from '@aws-sdk/client-batch';
import { NormalizedSchema } from '@smithy/core/schema';
import type { JsonObject } from '../core/json.ts';
import { schemaFindings, type ModelFinding } from './schema-findings.ts';

/** Compares a definition with the SDK's own model of RegisterJobDefinition: misspelt members and wrong types. */
export function modelFindings(definition: JsonObject): ModelFinding[] {
  return schemaFindings(NormalizedSchema.of(RegisterJobDefinitionRequest$), definition, []);
}
