import type { ServiceRequest } from '../service.ts';
import { noSuchKey, notImplemented, preconditionFailed, S3Error } from './errors.ts';
import type { StoredObject } from './state.ts';

/**
 * Conditions of a write: `If-None-Match: *` wants no object there, `If-Match` one with that ETag.
 * @throws S3Error PreconditionFailed, NoSuchKey
 */
export function checkWriteConditions(request: ServiceRequest, key: string, current: StoredObject | undefined): void {
  const noneMatch = request.headers['if-none-match'];
  if (noneMatch !== undefined && noneMatch !== '*') throw notImplemented('If-None-Match with an ETag on a write');
  if (noneMatch === '*' && current !== undefined) throw preconditionFailed('If-None-Match');
  const match = request.headers['if-match'];
  if (match === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (!etagMatches(match, current)) throw preconditionFailed('If-Match');
}

interface ReadConditions {
  match: string | undefined;
  noneMatch: string | undefined;
  modifiedSince: string | undefined;
  unmodifiedSince: string | undefined;
}

/**
 * Conditions of a read, in the order of RFC 9110 13.2.2: ETags win over dates.
 * @throws S3Error 412 PreconditionFailed, 304 NotModified
 */
export function checkReadConditions(request: ServiceRequest, object: StoredObject): void {
  const conditions: ReadConditions = {
    match: request.headers['if-match'],
    noneMatch: request.headers['if-none-match'],
    modifiedSince: request.headers['if-modified-since'],
    unmodifiedSince: request.headers['if-unmodified-since'],
  };
  const failed = failedCondition(conditions, object);
  if (failed === 'If-None-Match' || failed === 'If-Modified-Since') {
    throw new S3Error(304, 'NotModified', 'Not Modified', {}, { etag: `"${object.etag}"` });
  }
  if (failed !== undefined) throw preconditionFailed(failed);
}

/** The same conditions on the source of a copy, where a failed one of any kind is a 412. */
export function checkCopyConditions(request: ServiceRequest, source: StoredObject): void {
  const header = (name: string): string | undefined => request.headers[`x-amz-copy-source-${name}`];
  const failed = failedCondition(
    {
      match: header('if-match'),
      noneMatch: header('if-none-match'),
      modifiedSince: header('if-modified-since'),
      unmodifiedSince: header('if-unmodified-since'),
    },
    source,
  );
  if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

function failedCondition(conditions: ReadConditions, object: StoredObject): string | undefined {
  const { match, noneMatch, modifiedSince, unmodifiedSince } = conditions;
  const modified = Date.parse(object.lastModified);
  if (match !== undefined) {
    if (!etagMatches(match, object)) return 'If-Match';
  } else if (unmodifiedSince !== undefined && modified > Date.parse(unmodifiedSince)) {
    return 'If-Unmodified-Since';
  }
  if (noneMatch !== undefined) {
    if (etagMatches(noneMatch, object)) return 'If-None-Match';
  } else if (modifiedSince !== undefined && modified <= Date.parse(modifiedSince)) {
    return 'If-Modified-Since';
  }
  return undefined;
}

/** A list of ETags, with or without quotes, or `*`. */
export function etagMatches(header: string, object: { etag: string }): boolean {
  return header.split(',').some((part) => {
    const tag = part.trim().replace(/^"|"$/g, '');
    return tag === '*' || tag === object.etag;
  });
}
