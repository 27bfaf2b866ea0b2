import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ListImagesCommand,
  PutImageCommand,
  type ECRClient,
  type ImageIdentifier,
  type PutImageCommandInput,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { ecrClient, OCI_INDEX, OCI_MANIFEST, refusal, RegistryClient, testImage, testIndex } from './ecr-client.ts';

let aws: LocalAws;
let ecr: ECRClient;
let registry: RegistryClient;
const repositoryName = 'app';

beforeAll(async () => {
  aws = await startLocalAws();
  ecr = ecrClient(aws.endpoint);
});

beforeEach(async () => {
  aws.control.reset();
  aws.control.setRate(0);
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  registry = await RegistryClient.login(aws.endpoint, ecr);
});

afterAll(async () => {
  ecr.destroy();
  await aws.close();
});

const describeImages = async (imageIds?: ImageIdentifier[]) =>
  (await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }))).imageDetails ?? [];
const putImage = (imageManifest: string, more: Partial<PutImageCommandInput> = {}) =>
  ecr.send(new PutImageCommand({ repositoryName, imageManifest, ...more }));

const remove = (imageIds: ImageIdentifier[]) => ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));

async function pushLayers(text: string): Promise<ReturnType<typeof testImage>> {
  const image = testImage(text);
  await registry.pushBlob(repositoryName, image.config);
  await registry.pushBlob(repositoryName, image.layer);
  return image;
}

describe('what the registry was given', () => {
  it('shows in DescribeImages: digest of the manifest, size of the layers, time of the clock', async () => {
    const { digest } = await registry.pushImage(repositoryName, 'hello', 'v1');
    expect(await describeImages([{ imageTag: 'v1' }])).toEqual([
      {
        registryId: '123456789012',
        repositoryName,
        imageDigest: digest,
        imageTags: ['v1'],
        imageSizeInBytes: 'hello'.length,
        imagePushedAt: new Date(Math.floor(aws.control.now().getTime() / 1000) * 1000),
        imageManifestMediaType: OCI_MANIFEST,
        artifactMediaType: 'application/vnd.oci.image.config.v1+json',
        imageStatus: 'ACTIVE',
      },
    ]);
  });

  it('has one digest per manifest, even for images that differ in their configuration only', async () => {
    const { layer, manifest } = await pushLayers('same');
    const config = Buffer.from('{"other":"config"}');
    await registry.pushBlob(repositoryName, config);
    const other = JSON.parse(manifest.bytes.toString()) as { config: object };
    const digest = await registry.pushBlob(repositoryName, config);
    const bytes = JSON.stringify({ ...other, config: { ...other.config, digest, size: config.length } });
    await putImage(manifest.bytes.toString());
    await putImage(bytes);
    expect((await describeImages()).map(({ imageSizeInBytes }) => imageSizeInBytes)).toEqual([
      layer.length,
      layer.length,
    ]);
  });

  it('keeps the time of its first push when it is tagged again', async () => {
    await registry.pushImage(repositoryName, 'hello', 'v1');
    const [before] = await describeImages();
    await aws.control.advance(3600_000);
    await registry.pushImage(repositoryName, 'hello', 'v2');
    const [after] = await describeImages();
    expect(after?.imageTags).toEqual(['v1', 'v2']);
    expect(after?.imagePushedAt).toEqual(before?.imagePushedAt);
  });

  it('loses a tag to another image', async () => {
    const first = await registry.pushImage(repositoryName, 'one', 'latest');
    const second = await registry.pushImage(repositoryName, 'two', 'latest');
    expect((await describeImages([{ imageTag: 'latest' }]))[0]?.imageDigest).toBe(second.digest);
    expect((await describeImages([{ imageDigest: first.digest }]))[0]).not.toHaveProperty('imageTags');
  });
});

describe('PutImage', () => {
  it('puts what the registry then gives', async () => {
    const { manifest } = await pushLayers('hello');
    await putImage(manifest.bytes.toString(), { imageTag: 'v1', imageDigest: manifest.digest });
    const answer = await registry.send('GET', `/v2/${repositoryName}/manifests/v1`);
    expect(answer.body.equals(manifest.bytes)).toBe(true);
  });

  it('refuses a digest that is not the manifest’s', async () => {
    const { manifest } = await pushLayers('hello');
    const call = putImage(manifest.bytes.toString(), { imageDigest: testImage('other').manifest.digest });
    expect(await refusal(call)).toBe('ImageDigestDoesNotMatchException');
  });

  it('refuses an image whose layers are not there', async () => {
    expect(await refusal(putImage(testImage('hello').manifest.bytes.toString()))).toBe('LayersNotFoundException');
  });

  it('refuses an index whose images are not there', async () => {
    const index = testIndex([testImage('hello').manifest]);
    expect(await refusal(putImage(index.bytes.toString()))).toBe('ReferencedImagesNotFoundException');
  });

  it('refuses the same image under the same tag, and takes it under another', async () => {
    const { manifest } = await pushLayers('hello');
    const text = manifest.bytes.toString();
    await putImage(text, { imageTag: 'v1' });
    expect(await refusal(putImage(text, { imageTag: 'v1' }))).toBe('ImageAlreadyExistsException');
    expect(await refusal(putImage(text))).toBe('ImageAlreadyExistsException');
    expect((await putImage(text, { imageTag: 'v2' })).image?.imageId).toEqual({
      imageTag: 'v2',
      imageDigest: manifest.digest,
    });
  });

  it.each([
    ['IMMUTABLE', [], 'v1', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['dev-*'], 'v1', true],
    ['IMMUTABLE_WITH_EXCLUSION', ['dev-*'], 'dev-1', false],
    ['MUTABLE_WITH_EXCLUSION', ['v*'], 'v1', true],
    ['MUTABLE_WITH_EXCLUSION', ['v*'], 'latest', false],
    ['MUTABLE', [], 'v1', false],
  ] as const)('moves a tag or not: %s %j, tag %s, refused: %s', async (imageTagMutability, filters, tag, refused) => {
    const exclusions = filters.map((filter) => ({ filter, filterType: 'WILDCARD' as const }));
    await ecr.send(
      new CreateRepositoryCommand({
        repositoryName: 'guarded',
        imageTagMutability,
        imageTagMutabilityExclusionFilters: exclusions,
      }),
    );
    await registry.pushImage('guarded', 'one', tag);
    await registry.pushImage('guarded', 'two');
    const imageManifest = testImage('two').manifest.bytes.toString();
    const move = ecr.send(new PutImageCommand({ repositoryName: 'guarded', imageManifest, imageTag: tag }));
    const outcome = await move.then(
      () => 'moved',
      (error: Error) => error.name,
    );
    expect(outcome).toBe(refused ? 'ImageTagAlreadyExistsException' : 'moved');
  });

  it.each([
    ['no JSON', 'hello'],
    ['schema 1', '{"schemaVersion":1}'],
    ['no layers', '{"schemaVersion":2,"config":{"digest":"sha256:00"}}'],
  ])('refuses a manifest that is none: %s', async (_name, manifest) => {
    expect(await refusal(putImage(manifest))).toBe('InvalidParameterException');
  });
});

describe('an index', () => {
  it('has the digest of its own bytes and the size of its largest image', async () => {
    const images = [
      await registry.pushImage(repositoryName, 'small'),
      await registry.pushImage(repositoryName, 'larger'),
    ];
    const index = testIndex(images);
    await registry.putManifest(repositoryName, 'all', index);
    expect((await describeImages([{ imageTag: 'all' }]))[0]).toMatchObject({
      imageDigest: index.digest,
      imageManifestMediaType: OCI_INDEX,
      imageSizeInBytes: 'larger'.length,
    });
  });

  it('keeps its images from being deleted', async () => {
    const image = await registry.pushImage(repositoryName, 'part');
    await registry.putManifest(repositoryName, 'all', testIndex([image]));
    const { failures } = await remove([{ imageDigest: image.digest }]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual(['ImageReferencedByManifestList']);
  });
});

describe('reading images', () => {
  it('lists one ID for each tag, in pages, and filters by having one', async () => {
    await registry.pushImage(repositoryName, 'one', 'v1');
    await registry.pushImage(repositoryName, 'one', 'v2');
    const untagged = await registry.pushImage(repositoryName, 'two');
    const all: ImageIdentifier[] = [];
    let nextToken: string | undefined;
    do {
      const page = await ecr.send(new ListImagesCommand({ repositoryName, maxResults: 1, nextToken }));
      expect(page.imageIds).toHaveLength(1);
      all.push(...(page.imageIds ?? []));
      ({ nextToken } = page);
    } while (nextToken !== undefined);
    expect(all.map(({ imageTag }) => imageTag ?? '').toSorted()).toEqual(['', 'v1', 'v2']);
    const filter = { tagStatus: 'UNTAGGED' as const };
    const { imageIds } = await ecr.send(new ListImagesCommand({ repositoryName, filter }));
    expect(imageIds).toEqual([{ imageDigest: untagged.digest }]);
  });

  it('describes images in pages', async () => {
    for (const text of ['one', 'two', 'three']) await registry.pushImage(repositoryName, text);
    const first = await ecr.send(new DescribeImagesCommand({ repositoryName, maxResults: 2 }));
    const { nextToken } = first;
    const second = await ecr.send(new DescribeImagesCommand({ repositoryName, maxResults: 2, nextToken }));
    expect([first.imageDetails?.length, second.imageDetails?.length]).toEqual([2, 1]);
    expect(second.nextToken).toBeUndefined();
  });

  it('gets the manifest under the very tag that was asked for', async () => {
    const manifest = await registry.pushImage(repositoryName, 'one', 'v1');
    await registry.pushImage(repositoryName, 'one', 'prod');
    const imageIds = [{ imageTag: 'v1' }, { imageTag: 'gone' }, {}];
    const { images, failures } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    expect(images).toEqual([
      {
        registryId: '123456789012',
        repositoryName,
        imageId: { imageTag: 'v1', imageDigest: manifest.digest },
        imageManifest: manifest.bytes.toString(),
        imageManifestMediaType: OCI_MANIFEST,
      },
    ]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual(['ImageNotFound', 'MissingDigestAndTag']);
  });

  it('of a tag that is not there is an error', async () => {
    expect(await refusal(describeImages([{ imageTag: 'gone' }]))).toBe('ImageNotFoundException');
  });
});

describe('BatchDeleteImage', () => {
  it('by tag takes the tag, and with the last one the image', async () => {
    await registry.pushImage(repositoryName, 'one', 'v1');
    await registry.pushImage(repositoryName, 'one', 'v2');
    await remove([{ imageTag: 'v1' }]);
    expect((await describeImages())[0]?.imageTags).toEqual(['v2']);
    await remove([{ imageTag: 'v2' }]);
    expect(await describeImages()).toEqual([]);
  });

  it('by digest takes the image with all its tags', async () => {
    const { digest } = await registry.pushImage(repositoryName, 'one', 'v1');
    await registry.pushImage(repositoryName, 'one', 'v2');
    const { imageIds } = await remove([{ imageDigest: digest }]);
    expect(imageIds?.map(({ imageTag }) => imageTag)).toEqual(['v1', 'v2']);
    expect(await describeImages()).toEqual([]);
  });

  it('tells what it could not delete and deletes the rest', async () => {
    const { digest } = await registry.pushImage(repositoryName, 'one', 'v1');
    await registry.pushImage(repositoryName, 'two', 'v2');
    const { failures } = await remove([
      { imageTag: 'gone' },
      { imageTag: 'v2', imageDigest: digest },
      { imageTag: 'v1' },
    ]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual(['ImageNotFound', 'ImageTagDoesNotMatchDigest']);
    expect((await describeImages()).map(({ imageTags }) => imageTags)).toEqual([['v2']]);
  });
});
