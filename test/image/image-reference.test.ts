import { describe, expect, it } from '@jest/globals';
import {
  formatImageReference,
  mirroredReference,
  parseImageReference,
  registryAddress,
} from '../../src/image/image-reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImageReference', () => {
  it.each([
    ['busybox', { registry: 'docker.io', repository: 'library/busybox' }],
    ['busybox:1.36', { registry: 'docker.io', repository: 'library/busybox', tag: '1.36' }],
    ['acme/crawl', { registry: 'docker.io', repository: 'acme/crawl' }],
    ['docker.io/busybox', { registry: 'docker.io', repository: 'library/busybox' }],
    ['index.docker.io/acme/crawl', { registry: 'docker.io', repository: 'acme/crawl' }],
    ['localhost/app', { registry: 'localhost', repository: 'app' }],
    ['localhost:5000/app:1', { registry: 'localhost:5000', repository: 'app', tag: '1' }],
    ['127.0.0.1:5000/a/b/c', { registry: '127.0.0.1:5000', repository: 'a/b/c' }],
    ['[::1]:5000/app', { registry: '[::1]:5000', repository: 'app' }],
    ['ghcr.io/acme/crawl:v1_2.3-x', { registry: 'ghcr.io', repository: 'acme/crawl', tag: 'v1_2.3-x' }],
    [`repo:tag@${DIGEST}`, { registry: 'docker.io', repository: 'library/repo', tag: 'tag', digest: DIGEST }],
    [
      `123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/a__b/c-d@${DIGEST}`,
      { registry: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', repository: 'a__b/c-d', digest: DIGEST },
    ],
  ])('takes %s apart', (text, expected) => {
    expect(parseImageReference(text)).toEqual(expected);
  });

  it.each([
    ['', 'it is empty'],
    ['a b', 'white space'],
    ['https://ghcr.io/a', 'leave the scheme out'],
    ['ghcr.io/Acme/crawl', 'capital letters'],
    ['ghcr.io//crawl', 'an empty part'],
    ['crawl:', 'the tag ""'],
    ['crawl:-x', 'the tag "-x"'],
    ['crawl@sha256:abc', 'the digest "sha256:abc"'],
    [`crawl@sha512:${'0'.repeat(128)}`, 'the digest'],
    ['-x', '"-x" can not be a part of a name'],
    ['localhost:port/app', '"localhost:port" is not a host name'],
  ])('says what is wrong with "%s"', (text, why) => {
    expect(() => parseImageReference(text)).toThrow(why);
  });
});

describe('formatImageReference', () => {
  it.each([`ghcr.io/acme/crawl:1@${DIGEST}`, 'localhost:5000/app', 'docker.io/library/busybox:1'])(
    'writes %s as it was read',
    (text) => {
      expect(formatImageReference(parseImageReference(text))).toBe(text);
    },
  );
});

describe('registryAddress', () => {
  it.each([
    ['docker.io', 'https', 'registry-1.docker.io'],
    ['ghcr.io', 'https', 'ghcr.io'],
    ['localhost:5000', 'http', 'localhost:5000'],
    ['127.1.2.3:80', 'http', '127.1.2.3:80'],
    ['127.0.0.1.example.com', 'https', '127.0.0.1.example.com'],
  ] as const)('of %s is %s://%s', (registry, scheme, host) => {
    expect(registryAddress(registry)).toEqual({ scheme, host });
  });
});

describe('where a mirror has an image', () => {
  it.each([
    ['ghcr.io/acme/crawl:1', 'mirror.acme.io', `mirror.acme.io/ghcr.io/acme/crawl:1`],
    ['alpine', '127.0.0.1:4566', '127.0.0.1:4566/docker.io/library/alpine'],
    [`public.ecr.aws/a/b@${DIGEST}`, 'acme.jfrog.io/proxy', `acme.jfrog.io/proxy/public.ecr.aws/a/b@${DIGEST}`],
  ])('%s in %s is %s', (name, mirror, expected) => {
    const mirrored = mirroredReference(parseImageReference(name), mirror);
    expect(mirrored && formatImageReference(mirrored)).toBe(expected);
  });

  it('is nowhere for a registry with a port, as one on this machine', () => {
    expect(mirroredReference(parseImageReference('127.0.0.1:4566/base:1'), 'mirror.acme.io')).toBeUndefined();
  });

  it.each([
    ['https://mirror.acme.io', 'leave the scheme out'],
    ['mirror', 'AWS_DEPLOY_REGISTRY_MIRROR names no registry: mirror'],
  ])('is not said by %s', (mirror, why) => {
    expect(() => mirroredReference(parseImageReference('ghcr.io/a/b'), mirror)).toThrow(why);
  });
});
