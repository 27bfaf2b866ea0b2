import { createHash, randomBytes } from 'node:crypto';
import type { ServiceResponse } from '../service.ts';
import { callBucket, callTime, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { checksumHeader, checksumOf, compositeChecksum, type Checksum, type ChecksumAlgorithm } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { copySource } from './copying.ts';
import { invalidArgument, invalidRequest, malformedXml, S3Error } from './errors.ts';
import { objectBytes } from './objects.ts';
import { checksumAlgorithmFrom, readPayload, readXml } from './payload.ts';
import { encryptionHeaders, readProperties, versionHeaders } from './properties.ts';
import { rangeOf } from './range.ts';
import {
  addVersion,
  currentObject,
  nextVersionId,
  type StoredObject,
  type Upload,
  type UploadedPart,
} from './state.ts';
import { childrenOf, childText, result, text, type XmlNode } from './xml.ts';

export const multipartHandlers: Readonly<Record<string, S3Handler>> = {
  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
};

const SMALLEST_PART = 5 * 1024 * 1024;

function createMultipartUpload(call: S3Call): ServiceResponse {
  const { request, key } = call;
  const bucket = callBucket(call);
  const chosen = checksumAlgorithmFrom(request.headers['x-amz-checksum-algorithm']);
  const algorithm = chosen ?? 'CRC64NVME';
  const type = checksumType(request.headers['x-amz-checksum-type'], algorithm);
  const uploadId = randomBytes(48).toString('base64url');
  const upload: Upload = {
    ...readProperties(request),
    key,
    initiatedAt: callTime(call),
    algorithm,
    type,
    algorithmChosen: chosen !== undefined,
    parts: new Map(),
  };
  bucket.uploads.set(uploadId, upload);
  const checksum: Record<string, string> =
    chosen === undefined ? {} : { 'x-amz-checksum-algorithm': algorithm, 'x-amz-checksum-type': type };
  return xmlResponse(
    result('InitiateMultipartUploadResult', text('Bucket', bucket.name), text('Key', key), text('UploadId', uploadId)),
    { ...encryptionHeaders(upload), ...checksum },
  );
}

/** CRCs can be of the whole object; a SHA needs all bytes in one piece, so of a multipart object it is a composite. */
function checksumType(header: string | undefined, algorithm: ChecksumAlgorithm): Checksum['type'] {
  const type = header ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  const possible =
    (type === 'FULL_OBJECT' && algorithm.startsWith('CRC')) || (type === 'COMPOSITE' && algorithm !== 'CRC64NVME');
  if (possible) return type;
  throw invalidRequest(
    `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
  );
}

/**
 * The upload that `?uploadId=` names.
 * @throws S3Error NoSuchUpload
 */
export function callUpload(call: S3Call): { uploadId: string; upload: Upload } {
  const uploadId = call.request.query.get('uploadId') ?? '';
  const upload = callBucket(call).uploads.get(uploadId);
  if (upload === undefined || upload.key !== call.key) {
    const message =
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
    throw new S3Error(404, 'NoSuchUpload', message, { UploadId: uploadId });
  }
  return { uploadId, upload };
}

function uploadPart(call: S3Call): ServiceResponse {
  const { upload } = callUpload(call);
  const number = partNumber(call);
  const { bytes, checksum } = readPayload(call.request);
  if (checksum !== undefined && upload.algorithmChosen && checksum.algorithm !== upload.algorithm) {
    throw invalidRequest(
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, ` +
        `actual checksum Type: ${checksum.algorithm.toLowerCase()}`,
    );
  }
  const part = addPart(call, upload, number, bytes);
  const headers: Record<string, string> = { ...encryptionHeaders(upload), etag: `"${part.etag}"` };
  if (checksum !== undefined) headers[checksumHeader(checksum.algorithm)] = checksum.value;
  return { status: 200, headers };
}

function uploadPartCopy(call: S3Call): ServiceResponse {
  const { upload } = callUpload(call);
  const number = partNumber(call);
  const source = copySource(call);
  const header = call.request.headers['x-amz-copy-source-range'];
  const range = rangeOf(header, source.size);
  if (header !== undefined && range === undefined) {
    const message =
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are offsets';
    throw invalidArgument('x-amz-copy-source-range', header, message);
  }
  const bytes = objectBytes(call, source);
  const part = addPart(call, upload, number, range === undefined ? bytes : bytes.subarray(range.first, range.last + 1));
  return xmlResponse(
    result('CopyPartResult', text('LastModified', part.lastModified), text('ETag', `"${part.etag}"`)),
    encryptionHeaders(upload),
  );
}

function addPart(call: S3Call, upload: Upload, number: number, bytes: Buffer): UploadedPart {
  const part: UploadedPart = {
    sha256: call.world.blobs.put(bytes),
    size: bytes.length,
    etag: createHash('md5').update(bytes).digest('hex'),
    lastModified: callTime(call),
    checksum: checksumOf(upload.algorithm, bytes),
  };
  upload.parts.set(number, part);
  return part;
}

function partNumber(call: S3Call): number {
  const value = call.request.query.get('partNumber') ?? '';
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument('partNumber', value, 'Part number must be an integer between 1 and 10000, inclusive');
}

function completeMultipartUpload(call: S3Call): ServiceResponse {
  const { request, key, world } = call;
  const bucket = callBucket(call);
  const { uploadId, upload } = callUpload(call);
  const parts = listedParts(upload, readXml(withoutObjectChecksum(call), 'CompleteMultipartUpload'));
  const bytes = Buffer.concat(parts.map(({ part }) => objectBytes(call, part)));
  const checksum = completedChecksum(call, upload, parts, bytes);
  const size = request.headers['x-amz-mp-object-size'];
  if (size !== undefined && Number(size) !== bytes.length) {
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header value ${size} does not match what was computed: ${bytes.length}`,
    );
  }
  checkWriteConditions(request, key, currentObject(bucket, key));
  const { headers, metadata, tags, type } = upload;
  const object: StoredObject = {
    headers,
    metadata,
    tags,
    versionId: nextVersionId(bucket, key),
    lastModified: callTime(call),
    sha256: world.blobs.put(bytes),
    size: bytes.length,
    etag: multipartEtag(parts.map(({ part }) => part.etag)),
    checksum,
    parts: parts.map(({ number, part }) => ({
      number,
      size: part.size,
      ...(type === 'COMPOSITE' && { checksum: part.checksum }),
    })),
  };
  addVersion(bucket, key, object);
  bucket.uploads.delete(uploadId);
  return xmlResponse(
    result(
      'CompleteMultipartUploadResult',
      text('Location', `${world.endpoint()}/${bucket.name}/${encodeURIComponent(key)}`),
      text('Bucket', bucket.name),
      text('Key', key),
      text('ETag', `"${object.etag}"`),
      text(`Checksum${checksum.algorithm}`, checksum.value),
      text('ChecksumType', checksum.type),
    ),
    { ...versionHeaders(object), ...encryptionHeaders(object) },
  );
}

/** Here the checksum headers speak of the object, not of the XML that the request carries. */
function withoutObjectChecksum(call: S3Call): S3Call['request'] {
  const headers = Object.entries(call.request.headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return { ...call.request, headers: Object.fromEntries(headers) };
}

interface ListedPart {
  number: number;
  part: UploadedPart;
}

/** The parts that the request lists, each proven to be the one that was uploaded. */
function listedParts(upload: Upload, body: XmlNode): ListedPart[] {
  const nodes = childrenOf(body, 'Part');
  if (nodes.length === 0) throw malformedXml();
  const listed = nodes.map((node) => listedPart(upload, node));
  if (listed.some(({ number }, index) => number <= (listed[index - 1]?.number ?? 0))) {
    const message = 'The list of parts was not in ascending order. Parts must be ordered by part number.';
    throw new S3Error(400, 'InvalidPartOrder', message);
  }
  for (const { number, part } of listed.slice(0, -1)) {
    if (part.size >= SMALLEST_PART) continue;
    throw new S3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      ProposedSize: `${part.size}`,
      MinSizeAllowed: `${SMALLEST_PART}`,
      PartNumber: `${number}`,
      ETag: part.etag,
    });
  }
  return listed;
}

function listedPart(upload: Upload, node: XmlNode): ListedPart {
  const number = Number(childText(node, 'PartNumber'));
  const etag = childText(node, 'ETag')?.replaceAll('"', '');
  if (!Number.isInteger(number) || etag === undefined) throw malformedXml();
  const part = upload.parts.get(number);
  const checksum = childText(node, `Checksum${upload.algorithm}`);
  if (part === undefined || part.etag !== etag || (checksum !== undefined && checksum !== part.checksum)) {
    const message =
      'One or more of the specified parts could not be found. The part may not have been uploaded, ' +
      "or the specified entity tag may not match the part's entity tag.";
    throw new S3Error(400, 'InvalidPart', message, { PartNumber: `${number}`, ETag: etag });
  }
  if (checksum === undefined && upload.algorithmChosen && upload.type === 'COMPOSITE') {
    throw invalidRequest(
      `The upload was created using a ${upload.algorithm.toLowerCase()} checksum. The complete request must include the ` +
        `checksum for each part. It was missing for part ${number} in the request.`,
    );
  }
  return { number, part };
}

function completedChecksum(call: S3Call, upload: Upload, parts: readonly ListedPart[], bytes: Buffer): Checksum {
  const { algorithm, type } = upload;
  const claimedType = call.request.headers['x-amz-checksum-type'];
  if (claimedType !== undefined && upload.algorithmChosen && claimedType !== type) {
    throw invalidRequest(
      `The upload was created using the ${type} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
  const value =
    type === 'COMPOSITE'
      ? compositeChecksum(
          algorithm,
          parts.map(({ part }) => part.checksum),
        )
      : checksumOf(algorithm, bytes);
  const claimed = call.request.headers[checksumHeader(algorithm)];
  if (claimed !== undefined && claimed !== value && claimed !== value.split('-')[0]) {
    throw new S3Error(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type };
}

/** MD5 of the joined MD5s, and the number of parts. */
function multipartEtag(etags: readonly string[]): string {
  const joined = Buffer.concat(etags.map((etag) => Buffer.from(etag, 'hex')));
  return `${createHash('md5').update(joined).digest('hex')}-${etags.length}`;
}

function abortMultipartUpload(call: S3Call): ServiceResponse {
  callBucket(call).uploads.delete(callUpload(call).uploadId);
  return { status: 204 };
}
