import { createHash } from 'node:crypto';
import type { ServiceRequest } from '../service.ts';
import {
  CHECKSUM_ALGORITHMS,
  checksumHeader,
  checksumOf,
  isChecksumAlgorithm,
  isChecksumValue,
  MISSING_ALGORITHMS,
  type ChecksumAlgorithm,
} from './checksums.ts';
import { invalidRequest, malformedXml, notImplemented, S3Error } from './errors.ts';
import { parseXml, type XmlNode } from './xml.ts';

/** The bytes that a request carries, after every hash that came along was found right. */
export interface Payload {
  bytes: Buffer;
  /** MD5 in base64. */
  md5: string;
  /** The checksum that the client sent with it, as a header or as a trailer. */
  checksum?: { algorithm: ChecksumAlgorithm; value: string };
}

/**
 * Unwraps aws-chunked bodies and checks x-amz-content-sha256, Content-MD5 and the x-amz-checksum-* of a request.
 * @throws S3Error BadDigest, XAmzContentSHA256Mismatch, IncompleteBody and their like
 */
export function readPayload(request: ServiceRequest): Payload {
  const sha256 = request.headers['x-amz-content-sha256'];
  const chunked = sha256?.startsWith('STREAMING-') === true || isAwsChunked(request.headers['content-encoding']);
  const { bytes, trailers } = chunked ? decodeChunks(request) : { bytes: request.body, trailers: {} };
  if (sha256 !== undefined && /^[0-9a-f]{64}$/i.test(sha256)) checkSha256(sha256, request.body);
  const md5 = createHash('md5').update(bytes).digest('base64');
  checkMd5(request.headers['content-md5'], md5);
  const checksum = checkedChecksum({ ...request.headers, ...trailers }, bytes);
  return checksum === undefined ? { bytes, md5 } : { bytes, md5, checksum };
}

/** The body as XML with the root element that is expected. */
export function readXml(request: ServiceRequest, root: string): XmlNode {
  const node = parseXml(readPayload(request).bytes.toString('utf8'));
  if (node === undefined || node.name !== root) throw malformedXml();
  return node;
}

/** The content encoding without the wrapping that only concerns the transport; undefined when nothing is left. */
export function storedContentEncoding(header: string | undefined): string | undefined {
  const left = header?.split(',').filter((part) => part.trim() !== '' && part.trim() !== 'aws-chunked');
  return left === undefined || left.length === 0 ? undefined : left.join(',').trim();
}

function isAwsChunked(contentEncoding: string | undefined): boolean {
  return contentEncoding?.split(',').some((part) => part.trim() === 'aws-chunked') === true;
}

/** `<hex size>[;chunk-signature=…]\r\n<data>\r\n`, a chunk of size 0, then trailer lines. Signatures are not checked. */
function decodeChunks(request: ServiceRequest): { bytes: Buffer; trailers: Record<string, string> } {
  const { body } = request;
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', offset);
    if (lineEnd < 0) throw incompleteBody();
    const sizeText = /^([0-9a-f]+)(?:;.*)?$/i.exec(body.toString('latin1', offset, lineEnd))?.[1];
    if (sizeText === undefined) throw incompleteBody();
    const size = Number.parseInt(sizeText, 16);
    offset = lineEnd + 2;
    if (size === 0) break;
    if (body.toString('latin1', offset + size, offset + size + 2) !== '\r\n') throw incompleteBody();
    chunks.push(body.subarray(offset, offset + size));
    offset += size + 2;
  }
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  const expected = request.headers['x-amz-decoded-content-length'];
  if (expected !== undefined && Number(expected) !== bytes.length) throw incompleteBody();
  return { bytes, trailers: readTrailers(body.toString('utf8', offset), request.headers['x-amz-trailer']) };
}

function readTrailers(source: string, announced: string | undefined): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (const line of source.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  for (const name of announced?.split(',') ?? []) {
    if (trailers[name.trim().toLowerCase()] === undefined) {
      throw new S3Error(400, 'MalformedTrailerError', 'The request contained trailing data that was not well-formed');
    }
  }
  return trailers;
}

function incompleteBody(): S3Error {
  return new S3Error(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}

function checkSha256(claimed: string, body: Buffer): void {
  const computed = createHash('sha256').update(body).digest('hex');
  if (computed === claimed.toLowerCase()) return;
  throw new S3Error(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: computed },
  );
}

function checkMd5(claimed: string | undefined, computed: string): void {
  if (claimed === undefined || claimed === computed) return;
  if (Buffer.from(claimed, 'base64').length !== 16) {
    throw new S3Error(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': claimed });
  }
  throw new S3Error(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: claimed,
    CalculatedDigest: computed,
  });
}

/** Headers that start like a checksum but say something about it. */
const ABOUT_CHECKSUMS = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-checksum-mode']);

function checkedChecksum(
  headers: Readonly<Record<string, string | undefined>>,
  bytes: Buffer,
): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const names = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-checksum-') && !ABOUT_CHECKSUMS.has(name) && headers[name] !== undefined,
  );
  if (names.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const name = names[0];
  if (name === undefined) return undefined;
  const value = headers[name] ?? '';
  const algorithm = CHECKSUM_ALGORITHMS.find((candidate) => checksumHeader(candidate) === name);
  if (algorithm === undefined) throw notImplemented(`the checksum header ${name}`);
  if (!isChecksumValue(algorithm, value)) throw invalidRequest(`Value for ${name} header is invalid.`);
  if (checksumOf(algorithm, bytes) !== value) {
    throw new S3Error(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value };
}

/** The algorithm that a header names. */
export function checksumAlgorithmFrom(header: string | undefined): ChecksumAlgorithm | undefined {
  if (header === undefined) return undefined;
  const name = header.toUpperCase();
  if (MISSING_ALGORITHMS.includes(name)) throw notImplemented(`the checksum algorithm ${name}`);
  if (!isChecksumAlgorithm(name)) {
    throw invalidRequest(
      'Checksum algorithm provided is unsupported. Please try again with any of the valid types: ' +
        `[${CHECKSUM_ALGORITHMS.join(', ')}]`,
    );
  }
  return name;
}
