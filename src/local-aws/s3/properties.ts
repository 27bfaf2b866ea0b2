import type { ServiceRequest } from '../service.ts';
import { checksumHeader } from './checksums.ts';
import { S3Error } from './errors.ts';
import { storedContentEncoding } from './payload.ts';
import type { ObjectProperties, StoredObject } from './state.ts';
import { tagsFromHeader } from './tags.ts';

/** Headers that are kept with an object and given back as they came. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
];

const META = 'x-amz-meta-';

/** All metadata of an object together, in bytes of UTF-8. */
const METADATA_LIMIT = 2048;

/**
 * What the headers of an upload say about the object.
 * @throws S3Error MetadataTooLarge, InvalidTag, AccessControlListNotSupported, InvalidStorageClass
 */
export function readProperties(request: ServiceRequest): ObjectProperties {
  checkAcl(request);
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    'x-amz-server-side-encryption': 'AES256',
  };
  for (const name of KEPT_HEADERS) {
    const value = request.headers[name];
    if (value !== undefined && value !== '') headers[name] = value;
  }
  const encoding = storedContentEncoding(request.headers['content-encoding']);
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  checkStorageClass(headers);
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(META) && value !== undefined) metadata[name.slice(META.length)] = value;
  }
  const size = Object.entries(metadata).reduce((sum, pair) => sum + Buffer.byteLength(pair.join('')), 0);
  if (size > METADATA_LIMIT) {
    const message = 'Your metadata headers exceed the maximum allowed metadata size';
    throw new S3Error(400, 'MetadataTooLarge', message, { Size: `${size}`, MaxSizeAllowed: `${METADATA_LIMIT}` });
  }
  return { headers, metadata, tags: tagsFromHeader(request.headers['x-amz-tagging']) };
}

/** New buckets have no ACLs: only the grants that say nothing new are taken. */
function checkAcl(request: ServiceRequest): void {
  const acl = request.headers['x-amz-acl'];
  const grants = Object.keys(request.headers).some((name) => name.startsWith('x-amz-grant-'));
  if (grants || (acl !== undefined && acl !== 'private' && acl !== 'bucket-owner-full-control')) {
    throw new S3Error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
}

const STORAGE_CLASSES =
  'STANDARD STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING GLACIER GLACIER_IR DEEP_ARCHIVE REDUCED_REDUNDANCY'.split(' ');

function checkStorageClass(headers: Record<string, string>): void {
  const storageClass = headers['x-amz-storage-class'];
  if (storageClass === undefined) return;
  if (!STORAGE_CLASSES.includes(storageClass)) {
    const message = 'The storage class you specified is not valid';
    throw new S3Error(400, 'InvalidStorageClass', message, { StorageClassRequested: storageClass });
  }
  // S3 never says STANDARD in an answer's headers.
  if (storageClass === 'STANDARD') delete headers['x-amz-storage-class'];
}

/** The headers of an answer about an object, without those about its length. */
export function objectHeaders(object: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {
    ...object.headers,
    ...versionHeaders(object),
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const [name, value] of Object.entries(object.metadata)) headers[`${META}${name}`] = value;
  const tagCount = Object.keys(object.tags).length;
  if (tagCount > 0) headers['x-amz-tagging-count'] = `${tagCount}`;
  return headers;
}

/** In a bucket without versioning the answers do not speak of versions. */
export function versionHeaders(version: { versionId: string }): Record<string, string> {
  return version.versionId === 'null' ? {} : { 'x-amz-version-id': version.versionId };
}

export function encryptionHeaders(object: ObjectProperties): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object.headers).filter(([name]) => name.startsWith('x-amz-server-side-encryption')),
  );
}

export function checksumHeaders(object: StoredObject): Record<string, string> {
  const { algorithm, value, type } = object.checksum;
  return { [checksumHeader(algorithm)]: value, 'x-amz-checksum-type': type };
}

export const storageClassOf = (object: ObjectProperties): string => object.headers['x-amz-storage-class'] ?? 'STANDARD';
