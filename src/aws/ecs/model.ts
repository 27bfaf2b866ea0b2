import { CreateServiceRequest$, RegisterTaskDefinitionRequest$ } from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';
import type { JsonObject } from '../../core/json.ts';
import { schemaFindings, type ModelFinding } from '../schema-findings.ts';

/** Compares a definition with the SDK's own model of RegisterTaskDefinition: misspelt members and wrong types. */
export function taskDefinitionFindings(definition: JsonObject): ModelFinding[] {
  return schemaFindings(NormalizedSchema.of(RegisterTaskDefinitionRequest$), definition, []);
}

/** The same for a service and CreateService. */
export function serviceFindings(service: JsonObject): ModelFinding[] {
  return schemaFindings(NormalizedSchema.of(CreateServiceRequest$), service, []);
}
