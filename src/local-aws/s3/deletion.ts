import type { ServiceResponse } from '../service.ts';
import { callBucket, callTime, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { etagMatches } from './conditions.ts';
import { invalidRequest, malformedXml, noSuchKey, preconditionFailed, S3Error } from './errors.ts';
import { readPayload, readXml } from './payload.ts';
import { addVersion, currentObject, nextVersionId, removeVersion, isObject, type Bucket } from './state.ts';
import { childrenOf, childText, element, result, text } from './xml.ts';

export const deletionHandlers: Readonly<Record<string, S3Handler>> = {
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
};

const KEYS_PER_REQUEST = 1000;

interface Deletion {
  key: string;
  versionId: string | undefined;
  /** An ETag that the object must have. */
  ifMatch: string | undefined;
}

interface Deleted {
  /** The version that is gone, or the delete marker that was put on top; none in a bucket without versioning. */
  versionId?: string;
  deleteMarker: boolean;
}

function deleteObject(call: S3Call): ServiceResponse {
  const versionId = call.request.query.get('versionId') ?? undefined;
  const deleted = remove(call, callBucket(call), {
    key: call.key,
    versionId,
    ifMatch: call.request.headers['if-match'],
  });
  const headers: Record<string, string> = {};
  if (deleted.versionId !== undefined) headers['x-amz-version-id'] = deleted.versionId;
  if (deleted.deleteMarker) headers['x-amz-delete-marker'] = 'true';
  return { status: 204, headers };
}

/** Deleting what is not there is no error. Without a version ID, a bucket with versioning gets a delete marker. */
function remove(call: S3Call, bucket: Bucket, { key, versionId, ifMatch }: Deletion): Deleted {
  if (ifMatch !== undefined) {
    const current = currentObject(bucket, key);
    if (current === undefined) throw noSuchKey(key);
    if (!etagMatches(ifMatch, current)) throw preconditionFailed('If-Match');
  }
  if (versionId !== undefined) {
    const removed = removeVersion(bucket, key, versionId);
    return { versionId, deleteMarker: removed !== undefined && !isObject(removed) };
  }
  if (bucket.versioning === undefined) {
    removeVersion(bucket, key, 'null');
    return { deleteMarker: false };
  }
  const marker = { deleteMarker: true as const, versionId: nextVersionId(bucket, key), lastModified: callTime(call) };
  addVersion(bucket, key, marker);
  return { versionId: marker.versionId, deleteMarker: true };
}

function deleteObjects(call: S3Call): ServiceResponse {
  const bucket = callBucket(call);
  const { checksum } = readPayload(call.request);
  if (checksum === undefined && call.request.headers['content-md5'] === undefined) {
    throw invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
  }
  const body = readXml(call.request, 'Delete');
  const deletions = childrenOf(body, 'Object').map((node): Deletion => {
    const key = childText(node, 'Key');
    if (key === undefined || key === '') throw malformedXml();
    return { key, versionId: childText(node, 'VersionId'), ifMatch: childText(node, 'ETag') };
  });
  if (deletions.length === 0 || deletions.length > KEYS_PER_REQUEST) throw malformedXml();
  const quiet = childText(body, 'Quiet') === 'true';
  return xmlResponse(result('DeleteResult', ...deletions.map((deletion) => deleteOne(call, bucket, deletion, quiet))));
}

function deleteOne(call: S3Call, bucket: Bucket, deletion: Deletion, quiet: boolean): string {
  const { key, versionId } = deletion;
  try {
    const deleted = remove(call, bucket, deletion);
    if (quiet) return '';
    return element(
      'Deleted',
      text('Key', key),
      text('VersionId', versionId),
      deleted.deleteMarker ? text('DeleteMarker', true) : '',
      deleted.deleteMarker ? text('DeleteMarkerVersionId', deleted.versionId) : '',
    );
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    const details = [text('Code', error.code), text('Message', error.message)];
    return element('Error', text('Key', key), text('VersionId', versionId), ...details);
  }
}
