import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { isSameDefinition, isSameQueue } from './definition-reference.ts';

/** What a schedule is asked to submit. What is not given stays as it is. */
export interface SubmitEdits {
  jobDefinition?: string | undefined;
  jobQueue?: string | undefined;
  jobName?: string | undefined;
  environment?: Readonly<Record<string, string>> | undefined;
  parameters?: Readonly<Record<string, string>> | undefined;
  command?: readonly string[] | undefined;
  arraySize?: number | undefined;
}

/** EventBridge Scheduler's target for any API of AWS, here Batch. Source: Scheduler user guide, "Using universal targets". */
export function submitJobTarget(partition: string): string {
  return `arn:${partition}:scheduler:::aws-sdk:batch:submitJob`;
}

export function isSubmitJobTarget(arn: unknown): boolean {
  return typeof arn === 'string' && /^arn:[^:]+:scheduler:::aws-sdk:batch:submitJob$/.test(arn);
}

/** The value of a member, in whichever of the two spellings it was written. */
export function submitMember(
  input: JsonObject,
  member: 'JobDefinition' | 'JobQueue' | 'JobName',
): JsonValue | undefined {
  return input[member] ?? input[camelCase(member)];
}

/** A new Input with the edits made; every member that is not named stays, also those that are not known here. */
export function editSubmitInput(input: JsonObject, edits: SubmitEdits): JsonObject {
  // Scheduler documents PascalCase. What is written otherwise stays so: two spellings of one member would be worse.
  const spell = Object.hasOwn(input, 'jobDefinition') ? camelCase : (member: string): string => member;
  const edited = { ...input };
  const [definition, queue] = [spell('JobDefinition'), spell('JobQueue')];
  if (edits.jobDefinition !== undefined && !isSameDefinition(edited[definition], edits.jobDefinition)) {
    edited[definition] = edits.jobDefinition;
  }
  if (edits.jobQueue !== undefined && !isSameQueue(edited[queue], edits.jobQueue)) edited[queue] = edits.jobQueue;
  if (edits.jobName !== undefined) edited[spell('JobName')] = edits.jobName;
  if (hasEntries(edits.parameters)) {
    edited[spell('Parameters')] = { ...objectIn(edited, spell('Parameters')), ...edits.parameters };
  }
  if (edits.arraySize !== undefined) {
    const array = spell('ArrayProperties');
    edited[array] = { ...objectIn(edited, array), [spell('Size')]: edits.arraySize };
  }
  if (hasEntries(edits.environment) || (edits.command ?? []).length > 0) {
    const overrides = spell('ContainerOverrides');
    edited[overrides] = editOverrides(objectIn(edited, overrides), edits, spell);
  }
  return edited;
}

function editOverrides(overrides: JsonObject, edits: SubmitEdits, spell: (member: string) => string): JsonObject {
  const edited = { ...overrides };
  if ((edits.command ?? []).length > 0) edited[spell('Command')] = [...(edits.command ?? [])];
  if (!hasEntries(edits.environment)) return edited;
  const [list, name, value] = [spell('Environment'), spell('Name'), spell('Value')];
  const set = new Map(Object.entries(edits.environment));
  const current = Array.isArray(edited[list]) ? edited[list] : [];
  const kept = current.map((entry) => {
    const key = isJsonObject(entry) ? String(entry[name]) : '';
    const given = set.get(key);
    set.delete(key);
    return given === undefined || !isJsonObject(entry) ? entry : { ...entry, [value]: given };
  });
  edited[list] = [...kept, ...[...set].map(([key, given]) => ({ [name]: key, [value]: given }))];
  return edited;
}

export function hasEntries(map: Readonly<Record<string, string>> | undefined): map is Readonly<Record<string, string>> {
  return Object.keys(map ?? {}).length > 0;
}

function objectIn(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isJsonObject(value) ? value : {};
}

function camelCase(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}
