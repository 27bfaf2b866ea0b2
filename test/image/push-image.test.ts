import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildEmbedded, type BuiltImage } from '../../src/image/embedded-builder.ts';
import { pushImage } from '../../src/image/push-image.ts';
import type { RegistryClient } from '../../src/image/registry-client.ts';
import { lookAt } from './built-files.ts';
import { folderOf, removeFolder, startLocalRegistry, type LocalRegistry } from './local-registry.ts';

let registry: LocalRegistry;
const images: BuiltImage[] = [];
const folders: string[] = [];

beforeAll(async () => {
  registry = await startLocalRegistry();
});
beforeEach(async () => {
  registry.aws.control.reset();
  await registry.createRepository('crawl');
  await registry.createRepository('fixed', 'IMMUTABLE');
  registry.aws.control.clearRequests();
});
afterEach(async () => {
  for (const image of images.splice(0)) await image.dispose();
  folders.splice(0).forEach(removeFolder);
});
afterAll(() => registry.close());

async function imageOf(
  dockerfile: string,
  files: Parameters<typeof folderOf>[0] = {},
  bases: () => RegistryClient = () => registry.client(),
): Promise<BuiltImage> {
  const contextDir = folderOf({ ...files, Dockerfile: dockerfile });
  folders.push(contextDir);
  const image = await buildEmbedded({ contextDir, bases });
  images.push(image);
  return image;
}

const count = (operation: string): number =>
  registry.operations().filter((name) => name === `registry:${operation}`).length;
const push = (image: BuiltImage, repository = 'crawl', tags = ['1']): ReturnType<typeof pushImage> =>
  pushImage({ image, client: registry.client(), repository, tags });

describe('pushImage', () => {
  it('sends layers and configuration, names the image by every tag, and gives the digest of the registry', async () => {
    const image = await imageOf('FROM scratch\nCOPY a /\nCOPY b /\n', { a: 'a', b: 'b' });
    const result = await push(image, 'crawl', ['1', 'two']);
    expect(result).toEqual({
      digest: image.manifest.digest,
      sent: 3,
      mounted: 0,
      skipped: 0,
      tags: [
        { tag: '1', result: 'tagged' },
        { tag: 'two', result: 'tagged' },
      ],
    });
    expect(await registry.client().findDigest('crawl', 'two')).toBe(image.manifest.digest);
  });

  it('sends nothing twice', async () => {
    const image = await imageOf('FROM scratch\nCOPY a /\n', { a: 'a' });
    await push(image);
    registry.aws.control.clearRequests();
    expect(await push(image)).toMatchObject({ sent: 0, skipped: 2, tags: [{ result: 'unchanged' }] });
    expect(count('PatchBlobUpload')).toBe(0);
  });

  it('moves a tag that may move', async () => {
    await push(await imageOf('FROM scratch\nCOPY a /\n', { a: 'one' }));
    const second = await imageOf('FROM scratch\nCOPY a /\n', { a: 'two' });
    await push(second);
    expect(await registry.client().findDigest('crawl', '1')).toBe(second.manifest.digest);
  });

  it('takes an immutable tag that names the same image for done', async () => {
    const image = await imageOf('FROM scratch\nCOPY a /\n', { a: 'a' });
    await push(image, 'fixed');
    expect(await push(image, 'fixed')).toMatchObject({ tags: [{ tag: '1', result: 'unchanged' }] });
  });

  it('fails with both digests when an immutable tag names another image', async () => {
    const first = await imageOf('FROM scratch\nCOPY a /\n', { a: 'one' });
    const second = await imageOf('FROM scratch\nCOPY a /\n', { a: 'two' });
    await push(first, 'fixed');
    const failure = await push(second, 'fixed').catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: 'registry.tag_immutable' });
    expect((failure as Error).message).toContain(first.manifest.digest);
    expect((failure as Error).message).toContain(second.manifest.digest);
  });

  it.each(['reset-before', 'reset-after-apply', '500', 'throttle'] as const)(
    'survives a %s in every kind of request',
    async (kind) => {
      const image = await imageOf('FROM scratch\nCOPY a /\n', { a: 'a' });
      for (const operation of [
        'HeadBlob',
        'StartBlobUpload',
        'PatchBlobUpload',
        'PutBlobUpload',
        'PutManifest',
        'HeadManifest',
      ]) {
        registry.aws.control.addFault({ operation: `registry:${operation}`, kind });
      }
      expect(await push(image)).toMatchObject({ digest: image.manifest.digest });
      const { digest } = await registry.client().getManifest('crawl', '1');
      expect(digest).toBe(image.manifest.digest);
    },
  );

  it('goes on where an upload was cut: what is there is not sent again', async () => {
    const contextDir = folderOf({ Dockerfile: 'FROM scratch\nCOPY big /\n' });
    folders.push(contextDir);
    writeFileSync(join(contextDir, 'big'), randomBytes(300_000));
    const image = await buildEmbedded({ contextDir, bases: () => registry.client() });
    images.push(image);
    registry.aws.control.addFault({ operation: 'registry:PatchBlobUpload', kind: 'reset-after-apply', times: 2 });
    await push(image);
    expect({ status: count('GetBlobUpload'), starts: count('StartBlobUpload') }).toEqual({ status: 2, starts: 2 });
  });

  it('gives up after a bounded number of attempts, and says what was sent and how far', async () => {
    const image = await imageOf('FROM scratch\nCOPY a /\n', { a: 'a' });
    registry.aws.control.addFault({ operation: 'registry:PatchBlobUpload', kind: 'reset-before', times: 1000 });
    const failure = await push(image).catch((error: unknown) => error as Error);
    expect(failure).toMatchObject({ code: 'registry.upload_failed', exitCode: 4 });
    expect((failure as Error).message).toMatch(
      /uploading sha256:[0-9a-f]{64} \(\d+ bytes\) to .*\/crawl: gave up after 4 attempts, with 0 of \d+ bytes there/,
    );
  });

  it('says that a repository does not exist', async () => {
    const image = await imageOf('FROM scratch\nCOPY a /\n', { a: 'a' });
    await expect(push(image, 'nowhere')).rejects.toMatchObject({ code: 'registry.repository_not_found', exitCode: 5 });
  });

  it('ends with exit code 6 when it is canceled', async () => {
    const image = await imageOf('FROM scratch\nCOPY a /\n', { a: 'a' });
    const client = registry.client(AbortSignal.abort());
    await expect(pushImage({ image, client, repository: 'crawl', tags: ['1'] })).rejects.toMatchObject({ exitCode: 6 });
  });
});

describe('a base image from the registry', () => {
  const base = 'FROM scratch\nCOPY etc /etc\nCOPY a /opt/a\nENV A=1\nWORKDIR /opt\nCMD ["/opt/a"]\nLABEL l=1\n';
  const baseFiles = { 'etc/passwd': 'app:x:5:6::/:\n', a: 'a' };

  it('keeps its layers and settings, and mounts the layers', async () => {
    const first = await imageOf(base, baseFiles);
    await push(first);
    await registry.createRepository('derived');
    const second = await imageOf(`FROM ${registry.host}/crawl:1\nCOPY --chown=app b .\nENV B=$A\n`, { b: 'b' });
    const looked = await lookAt(second);
    expect(looked.layers).toEqual([['0755 0:0 opt/', '0644 5:6 opt/b']]);
    expect(looked.config.config).toMatchObject({
      Cmd: ['/opt/a'],
      Env: [expect.anything(), 'A=1', 'B=1'],
      WorkingDir: '/opt',
      Labels: { l: '1' },
    });
    expect(looked.config.rootfs.diff_ids).toHaveLength(3);
    expect(await push(second, 'derived')).toMatchObject({ mounted: 2, sent: 2 });
  });

  it('can be taken from by digest, without being a stage', async () => {
    const first = await imageOf(base, baseFiles);
    await push(first);
    const second = await imageOf(
      `FROM scratch\nCOPY --from=${registry.host}/crawl@${first.manifest.digest} /opt/a /x\n`,
    );
    expect((await lookAt(second)).layers).toEqual([['0644 0:0 x']]);
  });

  it('is copied layer by layer from another registry', async () => {
    const other = await startLocalRegistry();
    await other.createRepository('base');
    const first = await imageOf(base, baseFiles);
    await pushImage({ image: first, client: other.client(), repository: 'base', tags: ['1'] });
    const second = await imageOf(`FROM ${other.host}/base:1\nENV B=2\n`, {}, () => other.client());
    const result = await push(second);
    await other.close();
    expect(result).toMatchObject({ sent: 3, mounted: 0 });
  });

  it('that is not there is named', async () => {
    await expect(imageOf(`FROM ${registry.host}/crawl:none\n`)).rejects.toMatchObject({
      code: 'registry.image_not_found',
      exitCode: 5,
    });
  });

  it('for another platform is refused, with the platforms that there are', async () => {
    await push(await imageOf(base, baseFiles));
    const failure = imageOf(`FROM --platform=linux/arm64 ${registry.host}/crawl:1\n`);
    await expect(failure).rejects.toThrow('It is there for: linux/amd64.');
  });

  it('is read from an index', async () => {
    const first = await imageOf(base, baseFiles);
    await push(first);
    const entry = {
      mediaType: first.manifest.mediaType,
      digest: first.manifest.digest,
      size: first.manifest.bytes.length,
    };
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const index = {
      schemaVersion: 2,
      mediaType,
      manifests: [{ ...entry, platform: { os: 'linux', architecture: 'amd64' } }],
    };
    await registry.client().putManifest('crawl', 'index', { bytes: Buffer.from(JSON.stringify(index)), mediaType });
    const second = await imageOf(`FROM ${registry.host}/crawl:index\n`);
    expect(second.layers.map(({ descriptor }) => descriptor.digest)).toEqual(
      first.layers.map(({ descriptor }) => descriptor.digest),
    );
  });
});
