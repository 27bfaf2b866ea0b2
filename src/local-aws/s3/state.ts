import { createHash } from 'node:crypto';
import { stableStringify, type JsonValue } from '../../core/json.ts';
import type { Checksum, ChecksumAlgorithm } from './checksums.ts';
import { noSuchBucket, noSuchKey, noSuchVersion, S3Error } from './errors.ts';

export interface Bucket {
  name: string;
  region: string;
  /** ISO 8601, as all times in this state. */
  createdAt: string;
  versioning?: 'Enabled' | 'Suspended';
  /** By key; the newest version is the last. No key has an empty list. */
  objects: Map<string, StoredVersion[]>;
  /** By upload ID. */
  uploads: Map<string, Upload>;
  /** How many versions this bucket has ever given an ID. */
  versionsMade: number;
}

export type StoredVersion = StoredObject | DeleteMarker;

export interface DeleteMarker {
  deleteMarker: true;
  versionId: string;
  lastModified: string;
}

/** What a client says about an object beside its bytes. */
export interface ObjectProperties {
  /** Headers that S3 gives back as they came, in lower case: `content-type`, `cache-control`, … */
  headers: Record<string, string>;
  /** `x-amz-meta-…`, without the prefix. */
  metadata: Record<string, string>;
  tags: Record<string, string>;
}

export interface StoredObject extends ObjectProperties {
  deleteMarker?: never;
  /** `null` in a bucket without versioning. */
  versionId: string;
  lastModified: string;
  /** Name of the bytes in the blob store. */
  sha256: string;
  size: number;
  /** Without quotes. */
  etag: string;
  checksum: Checksum;
  /** Of an object that came by a multipart upload. */
  parts?: ObjectPart[];
}

export interface ObjectPart {
  number: number;
  size: number;
  checksum?: string;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload extends ObjectProperties {
  key: string;
  initiatedAt: string;
  algorithm: ChecksumAlgorithm;
  type: Checksum['type'];
  /** Whether the client chose the algorithm; without a choice S3 keeps a CRC64NVME and says nothing about the parts'. */
  algorithmChosen: boolean;
  parts: Map<number, UploadedPart>;
}

export interface UploadedPart {
  sha256: string;
  size: number;
  etag: string;
  lastModified: string;
  /** Base64, by the upload's algorithm. */
  checksum: string;
}

export type Buckets = Map<string, Bucket>;

export const isObject = (version: StoredVersion): version is StoredObject => version.deleteMarker !== true;

/** @throws S3Error NoSuchBucket */
export function bucketOf(buckets: Buckets, name: string): Bucket {
  const bucket = buckets.get(name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket;
}

/** The object that a plain GET sees; undefined when there is none or its newest version is a delete marker. */
export function currentObject(bucket: Bucket, key: string): StoredObject | undefined {
  const newest = bucket.objects.get(key)?.at(-1);
  return newest !== undefined && isObject(newest) ? newest : undefined;
}

/**
 * The object of a key and, when given, of a version.
 * @throws S3Error NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker that is asked for by its ID
 */
export function findObject(bucket: Bucket, key: string, versionId: string | null): StoredObject {
  const versions = bucket.objects.get(key) ?? [];
  const found = versionId === null ? versions.at(-1) : versions.find((version) => version.versionId === versionId);
  if (found === undefined) throw versionId === null ? noSuchKey(key) : noSuchVersion(key, versionId);
  if (isObject(found)) return found;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.versionId };
  if (versionId === null)
    throw new S3Error(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key }, headers);
  throw new S3Error(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', {}, headers);
}

/** Adds a version on top. Without versioning, or when it is suspended, it takes the place of the `null` version. */
export function addVersion(bucket: Bucket, key: string, version: StoredVersion): void {
  const others = bucket.objects.get(key)?.filter((other) => other.versionId !== version.versionId) ?? [];
  bucket.objects.set(key, [...others, version]);
}

export function removeVersion(bucket: Bucket, key: string, versionId: string): StoredVersion | undefined {
  const versions = bucket.objects.get(key) ?? [];
  const removed = versions.find((version) => version.versionId === versionId);
  const left = versions.filter((version) => version !== removed);
  if (left.length === 0) bucket.objects.delete(key);
  else bucket.objects.set(key, left);
  return removed;
}

/** The ID of the next version: the same in every run that makes the same versions. */
export function nextVersionId(bucket: Bucket, key: string): string {
  if (bucket.versioning !== 'Enabled') return 'null';
  bucket.versionsMade += 1;
  const seed = JSON.stringify([bucket.name, key, bucket.versionsMade]);
  return createHash('sha256').update(seed).digest('base64url').slice(0, 32);
}

/** Object keys in the order in which S3 lists them: by their UTF-8 bytes. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function snapshotOf(buckets: Buckets): JsonValue {
  const plain = mapToObject(buckets, (bucket) => ({
    ...bucket,
    objects: mapToObject(bucket.objects, (versions) => versions),
    uploads: mapToObject(bucket.uploads, (upload) => ({ ...upload, parts: mapToObject(upload.parts, (part) => part) })),
  }));
  return JSON.parse(stableStringify(plain as unknown as JsonValue)) as JsonValue;
}

/** The opposite of `snapshotOf`; trusts that the snapshot is one of its own. */
export function bucketsFrom(snapshot: JsonValue): Buckets {
  interface PlainUpload extends Omit<Upload, 'parts'> {
    parts: Record<string, UploadedPart>;
  }
  interface PlainBucket extends Omit<Bucket, 'objects' | 'uploads'> {
    objects: Record<string, StoredVersion[]>;
    uploads: Record<string, PlainUpload>;
  }
  const plain = structuredClone(snapshot) as unknown as Record<string, PlainBucket>;
  return objectToMap(plain, (bucket) => ({
    ...bucket,
    objects: objectToMap(bucket.objects, (versions) => versions),
    uploads: objectToMap(bucket.uploads, (upload) => ({
      ...upload,
      parts: new Map(Object.entries(upload.parts).map(([number, part]) => [Number(number), part])),
    })),
  }));
}

function mapToObject<Key extends string | number, Value>(
  map: Map<Key, Value>,
  change: (value: Value) => object,
): Record<string, object> {
  return Object.fromEntries([...map].map(([key, value]) => [key, change(value)]));
}

function objectToMap<Plain, Value>(object: Record<string, Plain>, change: (plain: Plain) => Value): Map<string, Value> {
  return new Map(Object.entries(object).map(([key, plain]) => [key, change(plain)]));
}
