import type { ServiceResponse } from '../service.ts';
import { ownerElement } from './buckets.ts';
import { callBucket, keyEncoding, pageSize, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { delimiterAndEncoding, LISTING_LIMIT, pageElements, pageOf } from './listing.ts';
import { callUpload } from './multipart.ts';
import { storageClassOf } from './properties.ts';
import { compareKeys, type Upload } from './state.ts';
import { element, result, text } from './xml.ts';

export const uploadListingHandlers: Readonly<Record<string, S3Handler>> = {
  ListMultipartUploads: listMultipartUploads,
  ListParts: listParts,
};

interface ListedUpload {
  uploadId: string;
  upload: Upload;
}

function listMultipartUploads(call: S3Call): ServiceResponse {
  const { query } = call.request;
  const encode = keyEncoding(query);
  const limit = pageSize(query, 'max-uploads', LISTING_LIMIT);
  const prefix = query.get('prefix') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const uploadMarker = keyMarker === '' ? '' : (query.get('upload-id-marker') ?? '');
  const entries = [...callBucket(call).uploads]
    .map(([uploadId, upload]) => ({ key: upload.key, entry: { uploadId, upload } }))
    .toSorted((a, b) => compareKeys(a.key, b.key) || compareKeys(a.entry.uploadId, b.entry.uploadId))
    .filter(({ key, entry }) => {
      const order = compareKeys(key, keyMarker);
      return order > 0 || (order === 0 && uploadMarker !== '' && compareKeys(entry.uploadId, uploadMarker) > 0);
    });
  const page = pageOf(entries, { prefix, delimiter: query.get('delimiter') ?? '', after: '', limit });
  const last = page.truncated ? page.lines.at(-1) : undefined;
  return xmlResponse(
    result(
      'ListMultipartUploadsResult',
      text('Bucket', call.bucketName),
      text('KeyMarker', encode(keyMarker)),
      text('UploadIdMarker', uploadMarker),
      last === undefined ? '' : text('NextKeyMarker', encode(last.key)),
      last === undefined || 'prefix' in last ? '' : text('NextUploadIdMarker', last.entry.uploadId),
      text('Prefix', encode(prefix)),
      text('MaxUploads', limit),
      ...delimiterAndEncoding(query, encode),
      text('IsTruncated', page.truncated),
      ...pageElements(page, encode, (entry) => uploadElement(entry, call)),
    ),
  );
}

function uploadElement({ uploadId, upload }: ListedUpload, call: S3Call): { name: string; rest: string } {
  const rest = [
    text('UploadId', uploadId),
    ownerElement('Initiator', call),
    ownerElement('Owner', call),
    text('StorageClass', storageClassOf(upload)),
    text('Initiated', upload.initiatedAt),
    upload.algorithmChosen ? text('ChecksumAlgorithm', upload.algorithm) + text('ChecksumType', upload.type) : '',
  ].join('');
  return { name: 'Upload', rest };
}

function listParts(call: S3Call): ServiceResponse {
  const { query } = call.request;
  const { uploadId, upload } = callUpload(call);
  const limit = pageSize(query, 'max-parts', LISTING_LIMIT);
  const marker = pageSize(query, 'part-number-marker', 10_000);
  const after = query.has('part-number-marker') ? marker : 0;
  const remaining = [...upload.parts].filter(([number]) => number > after).toSorted(([a], [b]) => a - b);
  const page = remaining.slice(0, limit);
  const truncated = page.length > 0 && page.length < remaining.length;
  const parts = page.map(([number, part]) =>
    element(
      'Part',
      text('PartNumber', number),
      text('LastModified', part.lastModified),
      text('ETag', `"${part.etag}"`),
      text('Size', part.size),
      upload.algorithmChosen ? text(`Checksum${upload.algorithm}`, part.checksum) : '',
    ),
  );
  return xmlResponse(
    result(
      'ListPartsResult',
      text('Bucket', call.bucketName),
      text('Key', call.key),
      text('UploadId', uploadId),
      ownerElement('Initiator', call),
      ownerElement('Owner', call),
      text('StorageClass', storageClassOf(upload)),
      text('PartNumberMarker', after),
      truncated ? text('NextPartNumberMarker', page.at(-1)?.[0]) : '',
      text('MaxParts', limit),
      text('IsTruncated', truncated),
      upload.algorithmChosen ? text('ChecksumAlgorithm', upload.algorithm) + text('ChecksumType', upload.type) : '',
      ...parts,
    ),
  );
}
