import { afterEach, describe, expect, it } from '@jest/globals';
import { BaseRegistries } from '../../src/image/base-registries.ts';
import { parseImageReference } from '../../src/image/image-reference.ts';
import { RegistryClient } from '../../src/image/registry-client.ts';

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

function registries(known: RegistryClient[] = []): BaseRegistries {
  const made = new BaseRegistries({ known, env: { DOCKER_CONFIG: '/nowhere' } });
  closers.push(() => void made.close());
  return made;
}

describe('BaseRegistries', () => {
  it.each([
    ['busybox', 'https', 'registry-1.docker.io'],
    ['ghcr.io/acme/base:1', 'https', 'ghcr.io'],
    ['localhost:5000/base', 'http', 'localhost:5000'],
  ])('finds the registry of %s', async (name, scheme, host) => {
    expect(await registries().clientOf(parseImageReference(name))).toMatchObject({ scheme, host });
  });

  it('has one client for a registry', async () => {
    const made = registries();
    expect(await made.clientOf(parseImageReference('ghcr.io/a/b'))).toBe(
      await made.clientOf(parseImageReference('ghcr.io/c/d')),
    );
  });

  it('takes a client that is logged in already', async () => {
    const known = new RegistryClient({ scheme: 'https', host: 'ghcr.io' });
    expect(await registries([known]).clientOf(parseImageReference('ghcr.io/a/b'))).toBe(known);
  });
});
