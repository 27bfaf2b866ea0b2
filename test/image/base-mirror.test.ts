import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildEmbedded } from '../../src/image/embedded-builder.ts';
import { formatImageReference, type ImageReference } from '../../src/image/image-reference.ts';
import { pushImage } from '../../src/image/push-image.ts';
import { folderOf, removeFolder, startLocalRegistry, type LocalRegistry } from './local-registry.ts';

const BASE = 'public.ecr.aws/amazonlinux/amazonlinux';

let mirror: LocalRegistry;
const folders: string[] = [];
beforeEach(async () => {
  mirror = await startLocalRegistry();
});
afterEach(async () => {
  folders.splice(0).forEach(removeFolder);
  await mirror.close();
});

/** What a build on a base says, which registries it asks for images, and how many layers it comes to. */
async function build(name: string) {
  const contextDir = folderOf({ Dockerfile: `FROM ${name}\n` });
  folders.push(contextDir);
  const said: string[] = [];
  const asked: string[] = [];
  const say = (text: string): void => void said.push(text);
  const bases = (reference: ImageReference) => {
    asked.push(formatImageReference(reference));
    return mirror.client();
  };
  const progress = { step: say, info: say, warn: say };
  const built = await buildEmbedded({ contextDir, mirror: mirror.host, bases, progress }).catch(() => undefined);
  await built?.dispose();
  return { layers: built?.layers.length, said, asked };
}

async function pushBase(repository: string): Promise<string> {
  const contextDir = folderOf({ Dockerfile: 'FROM scratch\nCOPY f /\n', f: 'x' });
  folders.push(contextDir);
  const image = await buildEmbedded({ contextDir, bases: () => mirror.client() });
  await mirror.createRepository(repository);
  const { digest } = await pushImage({ image, client: mirror.client(), repository, tags: ['2023'] });
  await image.dispose();
  return digest;
}

describe('a mirror of base images', () => {
  it('is asked first, and what it has is taken and said', async () => {
    const digest = await pushBase(BASE);
    const { layers, said, asked } = await build(`${BASE}:2023`);
    expect(layers).toBe(1);
    expect(asked).toEqual([`${mirror.host}/${BASE}:2023`]);
    expect(said).toEqual([`Base image ${BASE}:2023`, `Asked the mirror ${mirror.host}, which has it: ${digest}`]);
  });

  it('may not have an image, and then its own registry is asked', async () => {
    await mirror.createRepository(BASE);
    const { said, asked } = await build(`${BASE}:other`);
    expect(asked).toEqual([`${mirror.host}/${BASE}:other`, `${BASE}:other`]);
    expect(said[1]).toBe(`Asked the mirror ${mirror.host}, which has no such image`);
  });

  it('may not have a repository, and then its own registry is asked', async () => {
    const { asked } = await build(`${BASE}:2023`);
    expect(asked).toEqual([`${mirror.host}/${BASE}:2023`, `${BASE}:2023`]);
  });

  it('is not asked for its own images', async () => {
    await pushBase('base');
    const { layers, asked } = await build(`${mirror.host}/base:2023`);
    expect(layers).toBe(1);
    expect(asked).toEqual([`${mirror.host}/base:2023`]);
  });
});
