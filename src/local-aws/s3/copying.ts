import type { ServiceResponse } from '../service.ts';
import { callBucket, callTime, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { checksumOf, type Checksum } from './checksums.ts';
import { checkCopyConditions, checkWriteConditions } from './conditions.ts';
import { invalidArgument, invalidRequest } from './errors.ts';
import { md5Hex, objectBytes } from './objects.ts';
import { checksumAlgorithmFrom } from './payload.ts';
import { encryptionHeaders, readProperties, versionHeaders } from './properties.ts';
import { decode } from './route.ts';
import {
  addVersion,
  bucketOf,
  currentObject,
  findObject,
  nextVersionId,
  type ObjectProperties,
  type StoredObject,
} from './state.ts';
import { result, text } from './xml.ts';

export const copyHandlers: Readonly<Record<string, S3Handler>> = { CopyObject: copyObject };

/**
 * The object that `x-amz-copy-source: /bucket/key?versionId=…` names, its conditions checked.
 * @throws S3Error
 */
export function copySource(call: S3Call): StoredObject {
  const header = call.request.headers['x-amz-copy-source'] ?? '';
  const [path = '', versionId] = header.replace(/^\//, '').split('?versionId=');
  const [bucketName = '', ...rest] = decode(path).split('/');
  const key = rest.join('/');
  if (bucketName === '' || key === '') {
    throw invalidArgument(
      'x-amz-copy-source',
      header,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  }
  const source = findObject(bucketOf(call.buckets, bucketName), key, versionId ?? null);
  checkCopyConditions(call.request, source);
  return source;
}

function copyObject(call: S3Call): ServiceResponse {
  const { request, key } = call;
  const bucket = callBucket(call);
  const source = copySource(call);
  const properties = copiedProperties(call, source);
  checkWriteConditions(request, key, currentObject(bucket, key));
  const bytes = objectBytes(call, source);
  const copy: StoredObject = {
    ...properties,
    versionId: nextVersionId(bucket, key),
    lastModified: callTime(call),
    sha256: source.sha256,
    size: source.size,
    etag: md5Hex(bytes),
    checksum: copiedChecksum(call, source, bytes),
  };
  addVersion(bucket, key, copy);
  const sourceVersion: Record<string, string> =
    source.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': source.versionId };
  return xmlResponse(
    result(
      'CopyObjectResult',
      text('LastModified', copy.lastModified),
      text('ETag', `"${copy.etag}"`),
      text('ChecksumType', copy.checksum.type),
      text(`Checksum${copy.checksum.algorithm}`, copy.checksum.value),
    ),
    { ...versionHeaders(copy), ...encryptionHeaders(copy), ...sourceVersion },
  );
}

function copiedProperties(call: S3Call, source: StoredObject): ObjectProperties {
  const given = readProperties(call.request);
  const replacesMetadata = directive(call, 'x-amz-metadata-directive');
  const replacesTags = directive(call, 'x-amz-tagging-directive');
  const changes = ['x-amz-storage-class', 'x-amz-server-side-encryption', 'x-amz-website-redirect-location'].some(
    (name) => call.request.headers[name] !== undefined,
  );
  if (!replacesMetadata && !changes && currentObject(callBucket(call), call.key) === source) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, " +
        'storage class, website redirect location or encryption attributes.',
    );
  }
  // Storage class, encryption and redirect are never copied; they are the request's or the defaults.
  const own = Object.entries(given.headers).filter(([name]) => name.startsWith('x-amz-'));
  const copied = Object.entries(source.headers).filter(([name]) => !name.startsWith('x-amz-'));
  return {
    headers: replacesMetadata ? given.headers : Object.fromEntries([...copied, ...own]),
    metadata: replacesMetadata ? given.metadata : source.metadata,
    tags: replacesTags ? given.tags : source.tags,
  };
}

function directive(call: S3Call, header: string): boolean {
  const value = call.request.headers[header] ?? 'COPY';
  if (value !== 'COPY' && value !== 'REPLACE') throw invalidArgument(header, value, `Unknown directive.`);
  return value === 'REPLACE';
}

/** A copy is written in one piece, so a composite checksum becomes one of the whole object. */
function copiedChecksum(call: S3Call, source: StoredObject, bytes: Buffer): Checksum {
  const wanted = checksumAlgorithmFrom(call.request.headers['x-amz-checksum-algorithm']);
  const algorithm = wanted ?? source.checksum.algorithm;
  if (source.checksum.type === 'FULL_OBJECT' && algorithm === source.checksum.algorithm) return source.checksum;
  return { algorithm, value: checksumOf(algorithm, bytes), type: 'FULL_OBJECT' };
}
