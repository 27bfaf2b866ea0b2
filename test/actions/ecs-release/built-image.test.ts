import { describe, expect, it } from '@jest/globals';
import { containerOfBuild } from '../../../src/actions/ecs-release/built-image.ts';
import type { DeployError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';

const URI = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web';

function definition(images: Readonly<Record<string, string>>): JsonObject {
  return {
    family: 'web',
    containerDefinitions: Object.entries(images).map(([name, image]) => ({ name, image })),
  };
}

function errorOf(work: () => unknown): DeployError {
  try {
    work();
  } catch (error) {
    return error as DeployError;
  }
  throw new Error('nothing was thrown');
}

describe('the container that gets the image that is built', () => {
  it.each<[string, JsonObject, string | undefined, string]>([
    ['is the named one', definition({ web: `${URI}:1`, proxy: 'ghcr.io/acme/proxy:1' }), 'proxy', 'proxy'],
    ['is the only one, whatever it runs', definition({ web: 'set-by-the-release' }), undefined, 'web'],
    ['runs an image of the repository', definition({ proxy: 'nginx', web: `${URI}:1` }), undefined, 'web'],
    [
      'runs an image of the repository by digest',
      definition({ proxy: 'nginx', web: `${URI}:1@sha256:${'a'.repeat(64)}` }),
      undefined,
      'web',
    ],
  ])('%s', (_what, from, wanted, expected) => {
    expect(containerOfBuild(from, wanted, URI)).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    [
      'no container runs an image of the repository',
      definition({ web: 'set by the release', proxy: `${URI}-proxy:1` }),
      `no container runs an image of ${URI} yet`,
    ],
    [
      'several containers run images of the repository',
      definition({ web: `${URI}:1`, worker: `${URI}:1`, proxy: 'nginx' }),
      `2 containers run images of ${URI}`,
    ],
  ])('is not guessed when %s: exit code 2, with the candidates', (_when, from, told) => {
    const { exitCode, title, hints } = errorOf(() => containerOfBuild(from, undefined, URI));
    expect(exitCode).toBe(2);
    expect(title).toContain(told);
    expect(hints).toContain('Give container.');
    expect(hints.join('\n')).toContain('web (');
  });

  it('has a name that is there: exit code 2, with the one that is likely meant', () => {
    const { exitCode, hints } = errorOf(() => containerOfBuild(definition({ web: 'a', proxy: 'b' }), 'wbe', URI));
    expect(exitCode).toBe(2);
    expect(hints).toContain('Did you mean web?');
  });
});
