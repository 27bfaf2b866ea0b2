import type { ServiceRequest, ServiceResponse, World } from '../service.ts';
import { invalidArgument, S3Error } from './errors.ts';
import { bucketOf, type Bucket, type Buckets } from './state.ts';

/** One request, read as far as all operations need it. */
export interface S3Call {
  world: World;
  buckets: Buckets;
  request: ServiceRequest;
  /** Empty for ListBuckets. */
  bucketName: string;
  /** Empty for an operation on a bucket. */
  key: string;
  region: string;
}

export type S3Handler = (call: S3Call) => ServiceResponse;

/**
 * The bucket of a call, which has to be in the region that the request was signed for.
 * @throws S3Error NoSuchBucket, PermanentRedirect
 */
export function callBucket(call: S3Call): Bucket {
  const bucket = bucketOf(call.buckets, call.bucketName);
  if (call.region === bucket.region || call.request.headers['authorization'] === undefined) return bucket;
  throw new S3Error(
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. ' +
      'Please send all future requests to this endpoint.',
    { Bucket: bucket.name, Endpoint: `s3.${bucket.region}.amazonaws.com` },
    { 'x-amz-bucket-region': bucket.region },
  );
}

/** The time of the call as it is kept: whole seconds, because S3's HTTP dates have no more. */
export function callTime(call: S3Call): string {
  const now = call.world.clock.now();
  return new Date(Math.floor(now.getTime() / 1000) * 1000).toISOString();
}

export function xmlResponse(body: string, headers: Readonly<Record<string, string>> = {}): ServiceResponse {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body };
}

/** A whole number from 0 in the query; larger ones than `most` count as `most`, as S3 has it for page sizes. */
export function pageSize(query: URLSearchParams, name: string, most: number): number {
  const value = query.get(name);
  if (value === null || value === '') return most;
  if (!/^\d{1,10}$/.test(value) || Number(value) > 2 ** 31 - 1) {
    throw invalidArgument(name, value, `Provided ${name} not an integer or within integer range`);
  }
  return Math.min(Number(value), most);
}

/** How keys are written in a listing: as they are, or percent-encoded when the client asked for it. */
export function keyEncoding(query: URLSearchParams): (key: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === null) return (key) => key;
  if (encoding !== 'url')
    throw invalidArgument('encoding-type', encoding, 'Invalid Encoding Method specified in Request');
  return (key) =>
    encodeURIComponent(key)
      .replaceAll('%2F', '/')
      .replace(/[!'()]/g, percent);
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
