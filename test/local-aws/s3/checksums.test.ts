import { describe, expect, it } from '@jest/globals';
import { checksumOf, compositeChecksum, isChecksumValue } from '../../../src/local-aws/s3/checksums.ts';

describe('checksumOf', () => {
  // The check values of the CRC catalogue: the checksum of the nine digits "123456789".
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
  ] as const)('%s of 123456789', (algorithm, hex) => {
    expect(checksumOf(algorithm, Buffer.from('123456789'))).toBe(Buffer.from(hex, 'hex').toString('base64'));
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME'] as const)('%s of nothing is zero', (algorithm) => {
    expect(Number(`0x${Buffer.from(checksumOf(algorithm, Buffer.alloc(0)), 'base64').toString('hex')}`)).toBe(0);
  });
});

it('makes a composite of the parts’ digests, not of their bytes', () => {
  const parts = ['ab', 'cd'].map((text) => checksumOf('CRC32', Buffer.from(text)));
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  expect(compositeChecksum('CRC32', parts)).toBe(`${checksumOf('CRC32', joined)}-2`);
});

it.each([
  ['CRC32', 'AAAAAA==', true],
  ['CRC32', 'AAAA', false],
  ['SHA1', 'AAAAAA==', false],
  ['CRC32', 'not base64', false],
] as const)('%s %j is a digest: %s', (algorithm, value, expected) => {
  expect(isChecksumValue(algorithm, value)).toBe(expected);
});
