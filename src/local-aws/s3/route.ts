import type { ServiceRequest } from '../service.ts';
import { S3Error } from './errors.ts';

/** What a request addresses and what it wants done with it. */
export interface Route {
  /** The operation of the S3 API; undefined for what the local AWS does not have. */
  operation: string | undefined;
  /** What the request asked for, in words for a person: `GET ?acl on a bucket`. */
  asked: string;
  /** Empty for the service itself. */
  bucket: string;
  /** Decoded; empty for a bucket. */
  key: string;
}

/** By `METHOD level[?sub-resource]`. */
const OPERATIONS: Readonly<Record<string, string>> = {
  'GET service': 'ListBuckets',
  'PUT bucket': 'CreateBucket',
  'HEAD bucket': 'HeadBucket',
  'DELETE bucket': 'DeleteBucket',
  'GET bucket': 'ListObjects',
  'GET bucket?list-type': 'ListObjectsV2',
  'GET bucket?location': 'GetBucketLocation',
  'GET bucket?versioning': 'GetBucketVersioning',
  'PUT bucket?versioning': 'PutBucketVersioning',
  'GET bucket?versions': 'ListObjectVersions',
  'GET bucket?uploads': 'ListMultipartUploads',
  'POST bucket?delete': 'DeleteObjects',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
  'GET object?attributes': 'GetObjectAttributes',
  'GET object?tagging': 'GetObjectTagging',
  'PUT object?tagging': 'PutObjectTagging',
  'DELETE object?tagging': 'DeleteObjectTagging',
  'POST object?uploads': 'CreateMultipartUpload',
  'PUT object?uploadId': 'UploadPart',
  'POST object?uploadId': 'CompleteMultipartUpload',
  'DELETE object?uploadId': 'AbortMultipartUpload',
  'GET object?uploadId': 'ListParts',
};

const COPIES: Readonly<Record<string, string>> = { PutObject: 'CopyObject', UploadPart: 'UploadPartCopy' };

/** Sub-resources that carry a value. All others are names without one: `?acl`. */
const VALUED_SUBRESOURCES = ['uploadId', 'list-type', 'select', 'legal-hold'];

/** Parameters that may be empty and are no sub-resources. */
const PARAMETERS = new Set(
  (
    'prefix delimiter marker key-marker version-id-marker upload-id-marker part-number-marker max-keys max-uploads max-parts ' +
    'max-buckets continuation-token start-after fetch-owner encoding-type partNumber versionId bucket-region x-id'
  ).split(' '),
);

/** Reads the address, path style or with the bucket in the host name, and the operation. */
export function routeOf(request: ServiceRequest): Route {
  const { bucket, key } = addressOf(request);
  const level = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const subresource = subresourceOf(request.query);
  const found = OPERATIONS[`${request.method} ${level}${subresource === undefined ? '' : `?${subresource}`}`];
  const copies = request.headers['x-amz-copy-source'] !== undefined;
  const operation = found !== undefined && copies ? (COPIES[found] ?? found) : found;
  const what = subresource === undefined ? '' : ` ?${subresource}`;
  return { operation, asked: `${request.method}${what} on a ${level}`, bucket, key };
}

function subresourceOf(query: URLSearchParams): string | undefined {
  const valued = VALUED_SUBRESOURCES.find((name) => query.has(name));
  if (valued !== undefined) return valued;
  for (const [name, value] of query) {
    if (value === '' && !PARAMETERS.has(name) && !/^(x-amz-|response-)/i.test(name)) return name;
  }
  return undefined;
}

/** `logs.s3.eu-west-1.amazonaws.com`, `logs.s3.amazonaws.com`, `logs.localhost:4566`. */
const BUCKET_HOST = /^(.+)\.(?:s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?|localhost)(?::\d+)?$/;

function addressOf(request: ServiceRequest): { bucket: string; key: string } {
  const hostBucket = BUCKET_HOST.exec(request.headers['host'] ?? '')?.[1];
  const path = request.path.replace(/^\//, '');
  if (hostBucket !== undefined) return { bucket: hostBucket, key: decode(path) };
  const slash = path.indexOf('/');
  if (slash < 0) return { bucket: decode(path), key: '' };
  return { bucket: decode(path.slice(0, slash)), key: decode(path.slice(slash + 1)) };
}

/** @throws S3Error InvalidURI */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error(400, 'InvalidURI', "Couldn't parse the specified URI.", { URI: text });
  }
}
