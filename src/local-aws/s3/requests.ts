import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { AwsError } from '../aws-error.ts';
import type { Service } from '../service.ts';
import { element, text } from './xml.ts';

type Request = ReturnType<NonNullable<Service['requestFor']>>;

interface Spec {
  /** Members of the input, as the SDKs have them; those of an object by its name and a dot. */
  members: readonly string[];
  request(input: JsonObject): Partial<Request>;
}

/** What makes things, and can be asked for from inside: the input of an SDK as the request that it would send. */
const REQUESTS: Readonly<Record<string, Spec>> = {
  CreateBucket: {
    members: ['Bucket', 'CreateBucketConfiguration', 'CreateBucketConfiguration.LocationConstraint'],
    request({ CreateBucketConfiguration: given }) {
      if (!isJsonObject(given)) return {};
      const constraint = text('LocationConstraint', textOf(given['LocationConstraint']));
      return { body: Buffer.from(element('CreateBucketConfiguration', constraint)) };
    },
  },
  PutBucketVersioning: {
    members: ['Bucket', 'VersioningConfiguration', 'VersioningConfiguration.Status'],
    request({ VersioningConfiguration: given }) {
      const status = text('Status', isJsonObject(given) ? textOf(given['Status']) : undefined);
      return {
        query: new URLSearchParams('versioning'),
        body: Buffer.from(element('VersioningConfiguration', status)),
      };
    },
  },
  PutObject: {
    members: ['Bucket', 'Key', 'Body', 'ContentType', 'Metadata', 'Metadata.*'],
    request({ Body: body, ContentType: type, Metadata: metadata }) {
      const own = Object.entries(isJsonObject(metadata) ? metadata : {});
      return {
        headers: {
          ...(typeof type === 'string' && { 'content-type': type }),
          ...Object.fromEntries(own.map(([name, value]) => [`x-amz-meta-${name.toLowerCase()}`, String(value)])),
        },
        body: Buffer.from(textOf(body) ?? ''),
      };
    },
  },
};

export function requestFor(operation: string, input: JsonObject): Request {
  const spec = specOf(operation);
  if (spec === undefined) {
    throw new AwsError('NotImplementedException', `The local AWS does not have s3:${operation} from inside.`, 501);
  }
  const key = textOf(input['Key']);
  const names = [textOf(input['Bucket']) ?? '', ...(key === undefined ? [] : key.split('/'))];
  return {
    method: 'PUT',
    path: `/${names.map(encodeURIComponent).join('/')}`,
    query: new URLSearchParams(),
    body: Buffer.alloc(0),
    headers: {},
    ...spec.request(input),
  };
}

/** @returns what is wrong with a call, a sentence each */
export function inputProblems(operation: string, input: JsonObject): string[] {
  const spec = specOf(operation);
  if (spec === undefined) return [`Of S3 there are ${Object.keys(REQUESTS).join(', ')}.`];
  const required = spec.members.filter((member) => member === 'Bucket' || member === 'Key');
  return [
    ...required.filter((member) => !textOf(input[member])).map((member) => `The input needs "${member}".`),
    ...pathsOf(input)
      .filter((path) => !spec.members.includes(path) && !spec.members.includes(path.replace(/\..*$/, '.*')))
      .map((path) => `The input has no member "${path}".`),
  ];
}

function specOf(operation: string): Spec | undefined {
  return Object.hasOwn(REQUESTS, operation) ? REQUESTS[operation] : undefined;
}

function pathsOf(input: JsonObject): string[] {
  return Object.entries(input).flatMap(([name, value]) =>
    isJsonObject(value) ? [name, ...Object.keys(value).map((member) => `${name}.${member}`)] : [name],
  );
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
