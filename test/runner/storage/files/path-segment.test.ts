import { describe, expect, it } from '@jest/globals';
import { pathSegment } from '../../../../src/runner/storage/files/path-segment.ts';

describe('a name as one part of a path', () => {
  it.each([
    ['build', 'build'],
    ['build-1.2 (x)', 'build-1.2 %28x%29'],
    ['größe', 'größe'],
    ['a/b', 'a%2Fb'],
    ['..', '%2E%2E'],
    ['.hidden', '%2Ehidden'],
    ['ends.', 'ends%2E'],
    ['-rf', '%2Drf'],
    ['50%', '50%25'],
    ['\u{1F680}', '%F0%9F%9A%80'],
    ['', '%'],
  ])('%j is %j', (name, segment) => {
    expect(pathSegment(name)).toBe(segment);
  });

  it.each(['x'.repeat(300), 'é'.repeat(300), '/'.repeat(300)])(
    'of great length is short enough for any file system',
    (name) => {
      expect(Buffer.byteLength(pathSegment(name))).toBeLessThanOrEqual(120);
    },
  );

  it('of great length differs from others that begin alike', () => {
    const start = 'x'.repeat(200);
    expect(pathSegment(`${start}1`)).not.toBe(pathSegment(`${start}2`));
  });
});
