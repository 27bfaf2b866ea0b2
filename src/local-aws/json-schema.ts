import { JsonCodec } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';

import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import { AwsError } from './aws-error.ts';

/*
 * The only file that knows how the SDK's clients describe their operations. Each client module exports, per operation,
 * a constant `<Name>$ = [9, namespace, name, traits, input, output]` with the schemas that the client itself works by.
 * JsonCodec is an export that the SDK does not promise to keep: test/local-aws/json-schema.test.ts is its contract.
 */

type Schema = Parameters<typeof NormalizedSchema.of>[0];
type SchemaReference = Schema | (() => Schema);

/** One operation as the client module declares it. */
export interface OperationSchema {
  /** `RegisterJobDefinition` */
  name: string;
  /** Method and path template of a REST protocol: `GET`, `/v1/tags/{resourceArn}`. */
  http?: { method: string; path: string; status: number };
  input: NormalizedSchema;
  output: NormalizedSchema;
}

const OPERATION = 9;
const EPOCH_SECONDS = 7;

const codec = new JsonCodec({ timestampFormat: { default: EPOCH_SECONDS, useTrait: true }, jsonName: true });

/** The operations of a client module (`import * as batch from '@aws-sdk/client-batch'`) by name. */
export function indexOperations(clientModule: object): Map<string, OperationSchema> {
  const operations = new Map<string, OperationSchema>();
  for (const value of Object.values(clientModule)) {
    if (!Array.isArray(value) || value[0] !== OPERATION) continue;
    const [, , name, traits, input, output] = value as [9, string, string, unknown, SchemaReference, SchemaReference];
    const operation: OperationSchema = { name, input: normalized(input), output: normalized(output) };
    const http = isJsonObject(traits) ? traits['http'] : undefined;
    if (Array.isArray(http)) {
      const [method, path, status] = http as [string, string, number];
      operation.http = { method, path, status };
    }
    operations.set(name, operation);
  }
  return operations;
}

function normalized(reference: SchemaReference): NormalizedSchema {
  return NormalizedSchema.of(reference as Schema);
}

/** A body as JSON. Empty is `{}`. Throws AWS's SerializationException when it is no JSON object. */
export function parseBody(body: Buffer): JsonObject {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw serializationError('The request body is not valid JSON.');
  }
  if (!isJsonObject(value)) throw serializationError('Unexpected token: the request body must be a JSON object.');
  return value;
}

/**
 * The input of an operation from its JSON: members that the schema lacks are dropped, timestamps become Date, blobs bytes.
 * A member of another type than the schema's is AWS's SerializationException.
 */
export function readInput(operation: OperationSchema, json: JsonObject): unknown {
  // A member called __type would make the codec let every unknown member through.
  const { __type: _, ...members } = json;
  checkTypes(operation.input, members, '');
  return codec.createDeserializer().readObject(operation.input, members);
}

/** The body of an answer; members that the output's schema lacks are dropped. Empty for an operation that answers nothing. */
export function writeOutput(operation: OperationSchema, output: unknown): string {
  if (operation.output.isUnitSchema()) return '';
  const serializer = codec.createSerializer();
  serializer.write(operation.output, output);
  return serializer.flush();
}

/** Members of the input that travel in the path (`label`) or the query (`name`), by member. */
export function httpBindings(
  operation: OperationSchema,
): Map<string, { in: 'label' } | { in: 'query'; name: string; list: boolean }> {
  const bindings = new Map<string, { in: 'label' } | { in: 'query'; name: string; list: boolean }>();
  for (const [member, schema] of structMembers(operation.input)) {
    const traits = schema.getMergedTraits();
    if (traits.httpLabel) bindings.set(member, { in: 'label' });
    else if (traits.httpQuery)
      bindings.set(member, { in: 'query', name: traits.httpQuery, list: schema.isListSchema() });
  }
  return bindings;
}

/** Text of a path label or query parameter in the JSON type that the member has. */
export function fromText(operation: OperationSchema, member: string, text: string): JsonValue {
  const schema = operation.input.getMemberSchema(member);
  if (schema.isNumericSchema() && text !== '' && !Number.isNaN(Number(text))) return Number(text);
  if (schema.isBooleanSchema() && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/**
 * An input as people write it, with times as texts, in the way of the wire: seconds since the epoch.
 * @throws AwsError SerializationException for a text that is no time
 */
export function withWireTimes(operation: OperationSchema, json: JsonObject): JsonObject {
  return wireTimes(operation.input, json, '') as JsonObject;
}

function wireTimes(schema: NormalizedSchema, value: JsonValue, at: string): JsonValue {
  if (typeof value === 'string' && schema.isTimestampSchema()) {
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw wrongType(value, 'a Timestamp', at);
    return ms / 1000;
  }
  if (Array.isArray(value) && schema.isListSchema()) {
    return value.map((item, index) => wireTimes(schema.getValueSchema(), item, `${at}[${index}]`));
  }
  if (!isJsonObject(value) || schema.isDocumentSchema()) return value;
  if (schema.isMapSchema())
    return mapValues(value, (item, key) => wireTimes(schema.getValueSchema(), item, `${at}.${key}`));
  const members = wireMembers(schema);
  return mapValues(value, (item, key) => {
    const member = members.get(key);
    return member === undefined ? item : wireTimes(member, item, at === '' ? key : `${at}.${key}`);
  });
}

/** The members of an input that the API does not have, and would drop without a word: `containerProperties.imag`. */
export function unknownMembers(operation: OperationSchema, json: JsonObject): string[] {
  return unknownIn(operation.input, json, '');
}

function unknownIn(schema: NormalizedSchema, value: JsonValue | undefined, at: string): string[] {
  if (Array.isArray(value) && schema.isListSchema()) {
    return value.flatMap((item, index) => unknownIn(schema.getValueSchema(), item, `${at}[${index}]`));
  }
  if (!isJsonObject(value) || schema.isDocumentSchema()) return [];
  const below = (key: string): string => (at === '' ? key : `${at}.${key}`);
  if (schema.isMapSchema()) {
    return Object.entries(value).flatMap(([key, item]) => unknownIn(schema.getValueSchema(), item, below(key)));
  }
  const members = wireMembers(schema);
  return Object.entries(value).flatMap(([key, item]) => {
    const member = members.get(key);
    return member === undefined ? [below(key)] : unknownIn(member, item, below(key));
  });
}

/**
 * An input spelled as EventBridge Scheduler wants it (`{"JobName": …}`) in the spelling of the API: `{"jobName": …}`.
 * Keys of maps, like the names of parameters, stay as they are.
 * @throws AwsError ValidationException for a member that the API doesn't have
 */
export function inputFromPascalCase(operation: OperationSchema, json: JsonObject): JsonObject {
  return respelled(operation.input, json, '') as JsonObject;
}

function respelled(schema: NormalizedSchema, value: JsonValue, at: string): JsonValue {
  if (Array.isArray(value) && schema.isListSchema()) {
    return value.map((item, index) => respelled(schema.getValueSchema(), item, `${at}[${index}]`));
  }
  if (!isJsonObject(value)) return value;
  if (schema.isMapSchema()) {
    return mapValues(value, (item, key) => respelled(schema.getValueSchema(), item, `${at}.${key}`));
  }
  if (!schema.isStructSchema()) return value;
  const members = new Map(
    structMembers(schema).map(([name, member]) => [name[0]!.toUpperCase() + name.slice(1), { name, member }]),
  );
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const path = at === '' ? key : `${at}.${key}`;
      const known = members.get(key);
      if (known === undefined) throw new AwsError('ValidationException', `The Input has an unknown member: ${path}`);
      return [known.member.getMergedTraits().jsonName ?? known.name, respelled(known.member, item, path)];
    }),
  );
}

function mapValues(object: JsonObject, change: (value: JsonValue, key: string) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}

function structMembers(schema: NormalizedSchema): [string, NormalizedSchema][] {
  return schema.isStructSchema() ? [...schema.structIterator()] : [];
}

/** By the names that they have on the wire. */
function wireMembers(schema: NormalizedSchema): Map<string, NormalizedSchema> {
  return new Map(structMembers(schema).map(([name, member]) => [member.getMergedTraits().jsonName ?? name, member]));
}

/** AWS checks types before anything else, and says so in the words of its own framework. */
function checkTypes(schema: NormalizedSchema, value: unknown, at: string): void {
  if (value === null || value === undefined || schema.isDocumentSchema()) return;
  if (schema.isStructSchema()) {
    if (!isJsonObject(value)) throw wrongType(value, 'a structure', at);
    for (const [member, memberSchema] of schema.structIterator()) {
      const key = memberSchema.getMergedTraits().jsonName ?? member;
      checkTypes(memberSchema, value[key], at === '' ? key : `${at}.${key}`);
    }
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw wrongType(value, 'a list', at);
    value.forEach((item, index) => checkTypes(schema.getValueSchema(), item, `${at}[${index}]`));
  } else if (schema.isMapSchema()) {
    if (!isJsonObject(value)) throw wrongType(value, 'a map', at);
    for (const [key, item] of Object.entries(value)) checkTypes(schema.getValueSchema(), item, `${at}.${key}`);
  } else if (schema.isStringSchema() || schema.isBlobSchema()) {
    if (typeof value !== 'string') throw wrongType(value, 'a String', at);
  } else if (schema.isBooleanSchema()) {
    if (typeof value !== 'boolean') throw wrongType(value, 'a Boolean', at);
  } else if (schema.isNumericSchema() && typeof value !== 'number') {
    throw wrongType(value, 'a Number', at);
  }
}

function wrongType(value: unknown, wanted: string, at: string): AwsError {
  const found = Array.isArray(value)
    ? 'LIST_VALUE'
    : isJsonObject(value)
      ? 'OBJECT_VALUE'
      : `${typeof value}_VALUE`.toUpperCase();
  return serializationError(`${found} can not be converted to ${wanted}: ${at === '' ? 'the request body' : at}`);
}

function serializationError(message: string): AwsError {
  return new AwsError('SerializationException', message);
}
