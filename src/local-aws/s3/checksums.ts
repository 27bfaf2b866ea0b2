import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums that S3 keeps with an object, in the order in which it looks for them. */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
/** What S3 can keep too, and the local AWS cannot. */
export const MISSING_ALGORITHMS = ['MD5', 'SHA512', 'XXHASH3', 'XXHASH64', 'XXHASH128'];

export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** Base64 of the big-endian digest; of a composite with `-<parts>` at its end. */
  value: string;
  type: 'FULL_OBJECT' | 'COMPOSITE';
}

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

export const checksumHeader = (algorithm: ChecksumAlgorithm): string => `x-amz-checksum-${algorithm.toLowerCase()}`;

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return (CHECKSUM_ALGORITHMS as readonly string[]).includes(name);
}

/** Whether the value has the form of a digest of the algorithm: base64 of the right length. */
export function isChecksumValue(algorithm: ChecksumAlgorithm, value: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) && Buffer.from(value, 'base64').length === DIGEST_BYTES[algorithm];
}

/** The digest in base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Buffer): string {
  switch (algorithm) {
    case 'CRC32':
      return base64Of(crc32(bytes));
    case 'CRC32C':
      return base64Of(crc32c(bytes));
    case 'CRC64NVME':
      return crc64nvme(bytes).toString('base64');
    case 'SHA1':
    case 'SHA256':
      return createHash(algorithm.toLowerCase()).update(bytes).digest('base64');
  }
}

/** The checksum of a multipart object by its parts': the digest of the joined digests, and how many there are. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const digests = Buffer.concat(parts.map((value) => Buffer.from(value, 'base64')));
  return `${checksumOf(algorithm, digests)}-${parts.length}`;
}

function base64Of(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString('base64');
}

// Castagnoli, RFC 3720 appendix B.4, bits reflected.
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff;
  // Counted, because an iterator takes many times as long.
  for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ CRC32C_TABLE[(crc ^ bytes[at]!) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}

// CRC-64/NVME: polynomial 0xad93d23594c93659, bits reflected. Two halves, because BigInt is far too slow here.
const CRC64_LOW = new Uint32Array(256);
const CRC64_HIGH = new Uint32Array(256);
for (let index = 0; index < 256; index++) {
  let crc = BigInt(index);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n;
  CRC64_LOW[index] = Number(crc & 0xffffffffn);
  CRC64_HIGH[index] = Number(crc >> 32n);
}

function crc64nvme(bytes: Buffer): Buffer {
  let low = 0xffffffff;
  let high = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) {
    const index = (low ^ bytes[at]!) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ CRC64_LOW[index]!;
    high = (high >>> 8) ^ CRC64_HIGH[index]!;
  }
  const digest = Buffer.alloc(8);
  digest.writeUInt32BE(~high >>> 0, 0);
  digest.writeUInt32BE(~low >>> 0, 4);
  return digest;
}
