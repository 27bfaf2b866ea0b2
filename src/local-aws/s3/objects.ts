import { createHash } from 'node:crypto';
import type { ServiceResponse } from '../service.ts';
import { callBucket, callTime, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { checksumOf, type Checksum } from './checksums.ts';
import { checkReadConditions, checkWriteConditions } from './conditions.ts';
import { invalidArgument, invalidRequest, S3Error } from './errors.ts';
import { checksumAlgorithmFrom, readPayload } from './payload.ts';
import {
  checksumHeaders,
  encryptionHeaders,
  objectHeaders,
  readProperties,
  storageClassOf,
  versionHeaders,
} from './properties.ts';
import { rangeOf, type ByteRange } from './range.ts';
import { addVersion, currentObject, findObject, nextVersionId, type StoredObject } from './state.ts';
import { element, result, text } from './xml.ts';

export const objectHandlers: Readonly<Record<string, S3Handler>> = {
  PutObject: putObject,
  GetObject: (call) => readObject(call, true),
  HeadObject: (call) => readObject(call, false),
  GetObjectAttributes: getObjectAttributes,
};

function putObject(call: S3Call): ServiceResponse {
  const { request, key, world } = call;
  const bucket = callBucket(call);
  const { bytes, md5, checksum: sent } = readPayload(request);
  const properties = readProperties(request);
  const announced = checksumAlgorithmFrom(request.headers['x-amz-sdk-checksum-algorithm']);
  if (announced !== undefined && sent === undefined) {
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  checkWriteConditions(request, key, currentObject(bucket, key));
  const object: StoredObject = {
    ...properties,
    versionId: nextVersionId(bucket, key),
    lastModified: callTime(call),
    sha256: world.blobs.put(bytes),
    size: bytes.length,
    etag: Buffer.from(md5, 'base64').toString('hex'),
    checksum: { ...(sent ?? defaultChecksum(bytes)), type: 'FULL_OBJECT' },
  };
  addVersion(bucket, key, object);
  const headers = { ...versionHeaders(object), ...encryptionHeaders(object), ...checksumHeaders(object) };
  return { status: 200, headers: { ...headers, etag: `"${object.etag}"` } };
}

/** What S3 computes when a client sends no checksum. */
function defaultChecksum(bytes: Buffer): Checksum {
  return { algorithm: 'CRC64NVME', value: checksumOf('CRC64NVME', bytes), type: 'FULL_OBJECT' };
}

export const md5Hex = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

/** @throws Error when the blob store lost the bytes, which is no state that S3 has */
export function objectBytes(call: S3Call, object: { sha256: string }): Buffer {
  const bytes = call.world.blobs.get(object.sha256);
  if (bytes === undefined) throw new Error(`the blob store has lost ${object.sha256}`);
  return bytes;
}

function readObject(call: S3Call, withBody: boolean): ServiceResponse {
  const { request, key } = call;
  const object = findObject(callBucket(call), key, request.query.get('versionId'));
  checkReadConditions(request, object);
  const part = partOf(object, request.query.get('partNumber'));
  const range = part?.range ?? rangeOf(request.headers['range'], object.size);
  const headers = { ...objectHeaders(object), ...overriddenHeaders(request.query) };
  if (request.headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && range === undefined) {
    Object.assign(headers, checksumHeaders(object));
  }
  if (part !== undefined && object.parts !== undefined) headers['x-amz-mp-parts-count'] = `${object.parts.length}`;
  if (range !== undefined) headers['content-range'] = `bytes ${range.first}-${range.last}/${object.size}`;
  headers['content-length'] = `${range === undefined ? object.size : range.last - range.first + 1}`;
  const status = range === undefined ? 200 : 206;
  if (!withBody) return { status, headers };
  const bytes = objectBytes(call, object);
  return { status, headers, body: range === undefined ? bytes : bytes.subarray(range.first, range.last + 1) };
}

/** `?partNumber=2`: the bytes that came as that part. An object that came whole has one part. */
function partOf(object: StoredObject, partNumber: string | null): { range: ByteRange | undefined } | undefined {
  if (partNumber === null) return undefined;
  const number = Number(partNumber);
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw invalidArgument('partNumber', partNumber, 'Part number must be an integer between 1 and 10000, inclusive');
  }
  const sizes = object.parts?.map(({ size }) => size) ?? [object.size];
  const size = sizes[number - 1];
  if (size === undefined) {
    throw new S3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      PartNumberRequested: partNumber,
      ActualPartCount: `${sizes.length}`,
    });
  }
  const first = sizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0);
  return { range: size === 0 ? undefined : { first, last: first + size - 1 } };
}

/** `?response-content-type=…` and its like, of presigned links. */
function overriddenHeaders(query: URLSearchParams): Record<string, string> {
  const names = [
    'content-type',
    'content-language',
    'expires',
    'cache-control',
    'content-disposition',
    'content-encoding',
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );
}

function getObjectAttributes(call: S3Call): ServiceResponse {
  const { request, key } = call;
  const object = findObject(callBucket(call), key, request.query.get('versionId'));
  checkReadConditions(request, object);
  const wanted = new Set((request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim()));
  const known = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'];
  const unknown = [...wanted].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw invalidArgument('x-amz-object-attributes', unknown, 'Invalid attribute name specified.');
  }
  const { algorithm, value, type } = object.checksum;
  const attributes: readonly [string, string][] = [
    ['ETag', text('ETag', object.etag)],
    ['Checksum', element('Checksum', text(`Checksum${algorithm}`, value), text('ChecksumType', type))],
    ['ObjectParts', object.parts === undefined ? '' : partsElement(object, object.parts)],
    ['StorageClass', text('StorageClass', storageClassOf(object))],
    ['ObjectSize', text('ObjectSize', object.size)],
  ];
  const body = result('GetObjectAttributesResponse', ...attributes.map(([name, xml]) => (wanted.has(name) ? xml : '')));
  const headers = { ...versionHeaders(object), 'last-modified': new Date(object.lastModified).toUTCString() };
  return xmlResponse(body, headers);
}

/** The parts themselves are listed only for an upload whose client chose a composite checksum. */
function partsElement(object: StoredObject, parts: NonNullable<StoredObject['parts']>): string {
  const listed = parts.filter(({ checksum }) => checksum !== undefined);
  const entries = listed.map(({ number, size, checksum }) =>
    element(
      'Part',
      text('PartNumber', number),
      text('Size', size),
      text(`Checksum${object.checksum.algorithm}`, checksum),
    ),
  );
  const pages =
    listed.length === 0 ? '' : text('IsTruncated', false) + text('MaxParts', 10_000) + text('PartNumberMarker', 0);
  return element('ObjectParts', text('PartsCount', parts.length), pages, ...entries);
}
