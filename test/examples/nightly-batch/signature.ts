import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface Signature {
  /** What the request says. */
  claimed: string;
  /** What it must be, by the rules for S3 with the request as it came in. */
  expected: string;
  signedHeaders: string[];
  scope: string;
}

/**
 * Computes Signature Version 4 anew on the receiving side, for a GET without a query.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signatureOf(request: IncomingMessage, secret: string): Signature {
  const authorization = request.headers.authorization ?? '';
  const part = (name: string): string => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? '';
  const signedHeaders = part('SignedHeaders').split(';');
  const [, date = '', region = '', service = ''] = part('Credential').split('/');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const canonical = [
    request.method,
    canonicalPath(request.url ?? ''),
    '',
    ...signedHeaders.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    signedHeaders.join(';'),
    String(request.headers['x-amz-content-sha256']),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', String(request.headers['x-amz-date']), scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (previous, text) => hmac(previous, text),
    `AWS4${secret}`,
  );
  return { claimed: part('Signature'), expected: hmac(key, toSign).toString('hex'), signedHeaders, scope };
}

/** S3 decodes the path and encodes it in the one way that is signed. */
function canonicalPath(path: string): string {
  return decodeURIComponent(path)
    .split('/')
    .map((text) =>
      encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
