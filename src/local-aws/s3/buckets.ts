import type { ServiceResponse } from '../service.ts';
import { callBucket, callTime, pageSize, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { invalidArgument, malformedXml, S3Error } from './errors.ts';
import { readXml } from './payload.ts';
import { compareKeys } from './state.ts';
import { childText, element, result, text } from './xml.ts';

export const bucketHandlers: Readonly<Record<string, S3Handler>> = {
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  ListBuckets: listBuckets,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
};

function createBucket(call: S3Call): ServiceResponse {
  const { bucketName: name, buckets, region } = call;
  checkBucketName(name);
  if (requestedRegion(call) !== region) {
    const message = `The ${requestedRegion(call)} location constraint is incompatible for the region specific endpoint this request was sent to.`;
    throw new S3Error(400, 'IllegalLocationConstraintException', message);
  }
  const existing = buckets.get(name);
  // In us-east-1 alone, and only for a bucket of that region, making a bucket again is no error.
  if (existing !== undefined && !(existing.region === 'us-east-1' && region === 'us-east-1')) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new S3Error(409, 'BucketAlreadyOwnedByYou', message, { BucketName: name });
  }
  if (existing === undefined) {
    const createdAt = callTime(call);
    buckets.set(name, { name, region, createdAt, objects: new Map(), uploads: new Map(), versionsMade: 0 });
  }
  return { status: 200, headers: { location: `/${name}` } };
}

/** No constraint means us-east-1; EU is the old name of eu-west-1. */
function requestedRegion(call: S3Call): string {
  if (call.request.body.length === 0) return 'us-east-1';
  const constraint = childText(readXml(call.request, 'CreateBucketConfiguration'), 'LocationConstraint') ?? '';
  if (constraint === 'us-east-1') {
    throw new S3Error(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      LocationConstraint: constraint,
    });
  }
  if (constraint === 'EU') return 'eu-west-1';
  return constraint === '' ? 'us-east-1' : constraint;
}

/** The naming rules of general purpose buckets. */
function checkBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!valid) throw new S3Error(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
}

function headBucket(call: S3Call): ServiceResponse {
  const { region } = callBucket(call);
  return { status: 200, headers: { 'x-amz-bucket-region': region, 'x-amz-access-point-alias': 'false' } };
}

function deleteBucket(call: S3Call): ServiceResponse {
  const bucket = callBucket(call);
  if (bucket.objects.size > 0) {
    const message =
      bucket.versioning === undefined
        ? 'The bucket you tried to delete is not empty'
        : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
    throw new S3Error(409, 'BucketNotEmpty', message, { BucketName: bucket.name });
  }
  call.buckets.delete(bucket.name);
  return { status: 204 };
}

function listBuckets(call: S3Call): ServiceResponse {
  const { query } = call.request;
  const limit = pageSize(query, 'max-buckets', 10_000);
  const prefix = query.get('prefix') ?? '';
  const region = query.get('bucket-region');
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString();
  const matching = [...call.buckets.values()]
    .filter(({ name }) => name.startsWith(prefix) && name > after)
    .filter((bucket) => region === null || bucket.region === region)
    .toSorted((a, b) => compareKeys(a.name, b.name));
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  const token = last && matching.length > page.length ? Buffer.from(last.name).toString('base64url') : undefined;
  const entries = page.map(({ name, createdAt, region: home }) =>
    element('Bucket', text('Name', name), text('CreationDate', createdAt), text('BucketRegion', home)),
  );
  return xmlResponse(
    result(
      'ListAllMyBucketsResult',
      ownerElement('Owner', call),
      element('Buckets', ...entries),
      text('ContinuationToken', token),
      text('Prefix', query.get('prefix') ?? undefined),
    ),
  );
}

/** Who owns everything here. S3 names an account by its canonical ID of 64 hex digits. */
export function ownerElement(name: string, call: S3Call): string {
  return element(name, text('ID', call.world.accountId.padStart(64, '0')));
}

function getBucketLocation(call: S3Call): ServiceResponse {
  const { region } = callBucket(call);
  return xmlResponse(result('LocationConstraint', region === 'us-east-1' ? '' : region));
}

function getBucketVersioning(call: S3Call): ServiceResponse {
  return xmlResponse(result('VersioningConfiguration', text('Status', callBucket(call).versioning)));
}

function putBucketVersioning(call: S3Call): ServiceResponse {
  const bucket = callBucket(call);
  const configuration = readXml(call.request, 'VersioningConfiguration');
  const status = childText(configuration, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml();
  const mfaDelete = childText(configuration, 'MfaDelete');
  if (mfaDelete === 'Enabled') {
    throw invalidArgument('MfaDelete', mfaDelete, 'MFA Authentication must be provided to enable MFA delete');
  }
  bucket.versioning = status;
  return { status: 200 };
}
