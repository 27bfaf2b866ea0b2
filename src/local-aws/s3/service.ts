import { randomBytes } from 'node:crypto';
import { requestRegion } from '../request-region.ts';
import type { Operation, Service, ServiceRequest, ServiceResponse, World } from '../service.ts';
import { bucketHandlers } from './buckets.ts';
import type { S3Call, S3Handler } from './call.ts';
import { copyHandlers } from './copying.ts';
import { deletionHandlers } from './deletion.ts';
import { errorResponse, notImplemented, S3Error } from './errors.ts';
import { listingHandlers } from './listing.ts';
import { multipartHandlers } from './multipart.ts';
import { objectHandlers } from './objects.ts';
import { inputProblems, requestFor } from './requests.ts';
import { routeOf, type Route } from './route.ts';
import { bucketsFrom, snapshotOf, type Buckets } from './state.ts';
import { taggingHandlers } from './tagging.ts';
import { uploadListingHandlers } from './upload-listing.ts';
import { versionListingHandlers } from './version-listing.ts';

const HANDLERS: Readonly<Record<string, S3Handler>> = {
  ...bucketHandlers,
  ...objectHandlers,
  ...copyHandlers,
  ...deletionHandlers,
  ...listingHandlers,
  ...versionListingHandlers,
  ...multipartHandlers,
  ...uploadListingHandlers,
  ...taggingHandlers,
};

/** S3. It takes every request that it is asked about, because any path can be a bucket: ask it last. */
export function s3Service(world: World): Service {
  const buckets: Buckets = new Map();
  return {
    name: 's3',
    operation: (request) => operationOf(world, buckets, request),
    error(error, request) {
      return errorResponse(
        new S3Error(error.status, error.name, error.message),
        request.method,
        request.path,
        requestId(request),
      );
    },
    requestFor,
    inputProblems,
    snapshot: () => snapshotOf(buckets),
    restore(snapshot) {
      buckets.clear();
      for (const [name, bucket] of bucketsFrom(snapshot)) buckets.set(name, bucket);
    },
    reset: () => buckets.clear(),
  };
}

function operationOf(world: World, buckets: Buckets, request: ServiceRequest): Operation {
  const answer = (work: () => ServiceResponse): ServiceResponse => {
    const id = requestId(request);
    try {
      const response = work();
      return { ...response, headers: { ...response.headers, 'x-amz-request-id': id } };
    } catch (error) {
      if (error instanceof S3Error) return errorResponse(error, request.method, request.path, id);
      throw error;
    }
  };
  let route: Route;
  try {
    route = routeOf(request);
  } catch (error) {
    const refuse = (): never => {
      throw error;
    };
    return { name: `s3:${request.method}`, run: () => answer(refuse) };
  }
  const { operation, bucket, key } = route;
  const handler = operation === undefined ? undefined : HANDLERS[operation];
  return {
    name: `s3:${operation ?? request.method}`,
    resource: () => (bucket === '' ? '*' : `arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}`),
    run: () =>
      answer(() => {
        if (handler === undefined) throw notImplemented(route.asked);
        const call: S3Call = { world, buckets, request, bucketName: bucket, key, region: requestRegion(request) };
        checkCall(call);
        return handler(call);
      }),
  };
}

/** What S3 checks before it looks at what is asked for. */
function checkCall(call: S3Call): void {
  const { request, world } = call;
  const owner = request.headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== world.accountId) throw new S3Error(403, 'AccessDenied', 'Access Denied');
  if (Buffer.byteLength(call.key) > 1024) {
    throw new S3Error(400, 'KeyTooLongError', 'Your key is too long', { MaxSizeAllowed: '1024' });
  }
  for (const header of Object.keys(request.headers)) {
    if (/^x-amz-(copy-source-)?server-side-encryption-customer-/.test(header)) {
      throw notImplemented(`the header ${header}`);
    }
    if (header.startsWith('x-amz-object-lock-')) {
      throw new S3Error(400, 'InvalidRequest', 'Bucket is missing Object Lock Configuration');
    }
  }
}

function requestId(request: ServiceRequest): string {
  return request.requestId ?? randomBytes(8).toString('hex').toUpperCase();
}
