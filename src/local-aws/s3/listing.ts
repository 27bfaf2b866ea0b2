import type { ServiceResponse } from '../service.ts';
import { ownerElement } from './buckets.ts';
import { callBucket, keyEncoding, pageSize, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { invalidArgument } from './errors.ts';
import { storageClassOf } from './properties.ts';
import { compareKeys, currentObject, type StoredObject } from './state.ts';
import { element, result, text } from './xml.ts';

export const listingHandlers: Readonly<Record<string, S3Handler>> = {
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
};

export const LISTING_LIMIT = 1000;

/** One line of a listing: an entry, or a prefix that stands for all the keys that have it. */
type Line<Entry> = { key: string; entry: Entry } | { key: string; prefix: true };

export interface Page<Entry> {
  lines: Line<Entry>[];
  truncated: boolean;
}

/**
 * Rolls keys up at the delimiter after the prefix and cuts a page. Entries come in the order of their keys; those with the
 * same key stay together in their own order.
 * @param after leaves out the lines up to this key, and those under it when it is a common prefix
 */
export function pageOf<Entry>(
  entries: readonly { key: string; entry: Entry }[],
  options: { prefix: string; delimiter: string; after: string; limit: number },
): Page<Entry> {
  const { prefix, delimiter, after, limit } = options;
  const lines: Line<Entry>[] = [];
  for (const { key, entry } of entries) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    if (after !== '' && (compareKeys(key, after) <= 0 || common === after)) continue;
    if (common === undefined) lines.push({ key, entry });
    else if (lines.at(-1)?.key !== common) lines.push({ key: common, prefix: true });
    if (lines.length > limit) return { lines: lines.slice(0, limit), truncated: limit > 0 };
  }
  return { lines, truncated: false };
}

function listObjects(call: S3Call): ServiceResponse {
  const { query } = call.request;
  const encode = keyEncoding(query);
  const marker = query.get('marker') ?? '';
  const limit = pageSize(query, 'max-keys', LISTING_LIMIT);
  const page = objectPage(call, marker, limit);
  // Without a delimiter the last key is where to go on, and S3 does not repeat it.
  const next = page.truncated && query.get('delimiter') ? page.lines.at(-1)?.key : undefined;
  return xmlResponse(
    result(
      'ListBucketResult',
      text('Name', call.bucketName),
      text('Prefix', encode(query.get('prefix') ?? '')),
      text('Marker', encode(marker)),
      next === undefined ? '' : text('NextMarker', encode(next)),
      text('MaxKeys', limit),
      ...delimiterAndEncoding(query, encode),
      text('IsTruncated', page.truncated),
      ...pageElements(page, encode, (object) => objectElement(object, ownerElement('Owner', call))),
    ),
  );
}

function listObjectsV2(call: S3Call): ServiceResponse {
  const { query } = call.request;
  if (query.get('list-type') !== '2') {
    throw invalidArgument('list-type', query.get('list-type') ?? '', 'Invalid List Type specified in Request');
  }
  const encode = keyEncoding(query);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const limit = pageSize(query, 'max-keys', LISTING_LIMIT);
  const page = objectPage(call, token === null ? (startAfter ?? '') : readToken(token), limit);
  const last = page.lines.at(-1)?.key;
  const owner = query.get('fetch-owner') === 'true' ? ownerElement('Owner', call) : '';
  return xmlResponse(
    result(
      'ListBucketResult',
      text('Name', call.bucketName),
      text('Prefix', encode(query.get('prefix') ?? '')),
      token === null ? '' : text('ContinuationToken', token),
      page.truncated && last !== undefined ? text('NextContinuationToken', writeToken(last)) : '',
      startAfter === null ? '' : text('StartAfter', encode(startAfter)),
      text('KeyCount', page.lines.length),
      text('MaxKeys', limit),
      ...delimiterAndEncoding(query, encode),
      text('IsTruncated', page.truncated),
      ...pageElements(page, encode, (object) => objectElement(object, owner)),
    ),
  );
}

function objectPage(call: S3Call, after: string, limit: number): Page<StoredObject> {
  const bucket = callBucket(call);
  const { query } = call.request;
  const entries = [...bucket.objects.keys()].toSorted(compareKeys).flatMap((key) => {
    const entry = currentObject(bucket, key);
    return entry === undefined ? [] : [{ key, entry }];
  });
  return pageOf(entries, { prefix: query.get('prefix') ?? '', delimiter: query.get('delimiter') ?? '', after, limit });
}

export function delimiterAndEncoding(query: URLSearchParams, encode: (key: string) => string): string[] {
  const delimiter = query.get('delimiter');
  return [
    delimiter === null || delimiter === '' ? '' : text('Delimiter', encode(delimiter)),
    text('EncodingType', query.get('encoding-type') ?? undefined),
  ];
}

/** The entries, each around its encoded key, and after them the common prefixes. */
export function pageElements<Entry>(
  page: Page<Entry>,
  encode: (key: string) => string,
  write: (entry: Entry) => { name: string; rest: string },
): string[] {
  const entries = page.lines.map((line) => {
    if ('prefix' in line) return '';
    const { name, rest } = write(line.entry);
    return element(name, text('Key', encode(line.key)), rest);
  });
  const prefixes = page.lines.map((line) =>
    'prefix' in line ? element('CommonPrefixes', text('Prefix', encode(line.key))) : '',
  );
  return [...entries, ...prefixes];
}

function objectElement(object: StoredObject, owner: string): { name: string; rest: string } {
  return { name: 'Contents', rest: describeObject(object, owner) };
}

export function describeObject(object: StoredObject, owner: string): string {
  return [
    text('LastModified', object.lastModified),
    text('ETag', `"${object.etag}"`),
    text('ChecksumAlgorithm', object.checksum.algorithm),
    text('ChecksumType', object.checksum.type),
    text('Size', object.size),
    text('StorageClass', storageClassOf(object)),
    owner,
  ].join('');
}

const TOKEN_PREFIX = '1';

function writeToken(key: string): string {
  return TOKEN_PREFIX + Buffer.from(key).toString('base64url');
}

function readToken(token: string): string {
  if (!/^1[A-Za-z0-9_-]+$/.test(token)) {
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  }
  return Buffer.from(token.slice(1), 'base64url').toString();
}
