import type { ServiceResponse } from '../service.ts';
import { ownerElement } from './buckets.ts';
import { callBucket, keyEncoding, pageSize, xmlResponse, type S3Call, type S3Handler } from './call.ts';
import { invalidArgument } from './errors.ts';
import { delimiterAndEncoding, describeObject, LISTING_LIMIT, pageElements, pageOf } from './listing.ts';
import { compareKeys, isObject, type Bucket, type StoredVersion } from './state.ts';
import { result, text } from './xml.ts';

export const versionListingHandlers: Readonly<Record<string, S3Handler>> = { ListObjectVersions: listObjectVersions };

interface ListedVersion {
  version: StoredVersion;
  isLatest: boolean;
}

function listObjectVersions(call: S3Call): ServiceResponse {
  const { query } = call.request;
  const encode = keyEncoding(query);
  const limit = pageSize(query, 'max-keys', LISTING_LIMIT);
  const prefix = query.get('prefix') ?? '';
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker');
  if (versionMarker !== null && keyMarker === '') {
    throw invalidArgument(
      'version-id-marker',
      versionMarker,
      'A version-id marker cannot be specified without a key marker.',
    );
  }
  const delimiter = query.get('delimiter') ?? '';
  const entries = versionsAfter(callBucket(call), keyMarker, versionMarker, delimiter);
  const page = pageOf(entries, { prefix, delimiter, after: '', limit });
  const owner = ownerElement('Owner', call);
  const last = page.truncated ? page.lines.at(-1) : undefined;
  return xmlResponse(
    result(
      'ListVersionsResult',
      text('Name', call.bucketName),
      text('Prefix', encode(prefix)),
      text('KeyMarker', encode(keyMarker)),
      text('VersionIdMarker', versionMarker ?? ''),
      last === undefined ? '' : text('NextKeyMarker', encode(last.key)),
      last === undefined || 'prefix' in last ? '' : text('NextVersionIdMarker', last.entry.version.versionId),
      text('MaxKeys', limit),
      ...delimiterAndEncoding(query, encode),
      text('IsTruncated', page.truncated),
      ...pageElements(page, encode, (entry) => versionElement(entry, owner)),
    ),
  );
}

/** All versions after a marker, by key and then newest first. A marker that is a common prefix passes all under it. */
function versionsAfter(
  bucket: Bucket,
  keyMarker: string,
  versionMarker: string | null,
  delimiter: string,
): { key: string; entry: ListedVersion }[] {
  return [...bucket.objects]
    .toSorted(([a], [b]) => compareKeys(a, b))
    .flatMap(([key, versions]) => {
      const listed = versions.map((version, index) => ({
        key,
        entry: { version, isLatest: index === versions.length - 1 },
      }));
      const newestFirst = listed.toReversed();
      if (keyMarker === '') return newestFirst;
      if (key === keyMarker && versionMarker !== null && versionMarker !== '') {
        const index = newestFirst.findIndex(({ entry }) => entry.version.versionId === versionMarker);
        return newestFirst.slice(index + 1);
      }
      const passed =
        compareKeys(key, keyMarker) <= 0 ||
        (delimiter !== '' && keyMarker.endsWith(delimiter) && key.startsWith(keyMarker));
      return passed ? [] : newestFirst;
    });
}

function versionElement({ version, isLatest }: ListedVersion, owner: string): { name: string; rest: string } {
  const about = text('VersionId', version.versionId) + text('IsLatest', isLatest);
  if (isObject(version)) return { name: 'Version', rest: about + describeObject(version, owner) };
  return { name: 'DeleteMarker', rest: about + text('LastModified', version.lastModified) + owner };
}
