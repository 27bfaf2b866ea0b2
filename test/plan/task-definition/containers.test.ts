import { describe, expect, it } from '@jest/globals';
import { chooseContainerName, imagesByContainer } from '../../../src/plan/task-definition/containers.ts';
import { familyAndRevision } from '../../../src/plan/task-definition/described.ts';
import { recordedImagesFor, type RecordedImage } from '../../../src/plan/task-definition/images.ts';
import { DIGEST } from '../../support/definitions.ts';
import { failureOf } from '../../support/failures.ts';
import { ON_EC2, ON_FARGATE } from '../../support/task-definitions.ts';

it('images are known by the name of their container', () => {
  expect(imagesByContainer(ON_FARGATE)).toEqual({ web: `ghcr.io/acme/web@${DIGEST}`, proxy: 'ghcr.io/acme/proxy:1' });
});

describe('which container is meant', () => {
  it('the named one, or the only one', () => {
    expect([chooseContainerName(ON_FARGATE, 'proxy'), chooseContainerName(ON_EC2, undefined)]).toEqual([
      'proxy',
      'web',
    ]);
  });

  it('a name that is not there: the nearest one and all are named', () => {
    expect(failureOf(() => chooseContainerName(ON_FARGATE, 'wbe'))).toMatchObject({
      exitCode: 2,
      title: 'the task definition has no container called "wbe"',
      hints: ['Did you mean web?', 'Containers of the task definition: web, proxy.'],
    });
  });

  it('no name, and several containers: they are named', () => {
    expect(() => chooseContainerName(ON_FARGATE, undefined)).toThrow('the task definition has 2 containers');
  });
});

describe('which container gets which recorded image', () => {
  const repositoryOf = (image: string): string | undefined => /^([\w./-]+)[:@]/.exec(image)?.[1];
  const image = (repository: string, letter = 'e'): RecordedImage => ({
    repository,
    image: `${repository}@sha256:${letter.repeat(64)}`,
  });
  const choose = (recorded: readonly RecordedImage[], taken: readonly string[] = [], definition = ON_FARGATE) =>
    recordedImagesFor(definition, recorded, taken, repositoryOf);

  it('the one that runs an image of the same repository', () => {
    expect(choose([image('ghcr.io/acme/proxy')])).toEqual({ proxy: image('ghcr.io/acme/proxy').image });
  });

  it('each its own', () => {
    const images = [image('ghcr.io/acme/proxy'), image('ghcr.io/acme/web')];
    expect(Object.keys(choose(images)).toSorted()).toEqual(['proxy', 'web']);
  });

  it('the newest of a repository', () => {
    const images = [image('ghcr.io/acme/web', 'a'), image('ghcr.io/acme/web', 'b')];
    expect(choose(images)).toEqual({ web: images[1]?.image });
  });

  it('a container that is named gets a single image of another repository', () => {
    const images = [image('ghcr.io/other/name')];
    expect(recordedImagesFor(ON_FARGATE, images, [], repositoryOf, 'proxy')).toEqual({ proxy: images[0]?.image });
  });

  it('a single container gets a single image, whatever it runs', () => {
    expect(choose([image('ghcr.io/other/name')], [], ON_EC2)).toEqual({ web: image('ghcr.io/other/name').image });
  });

  it('none where the record has none', () => {
    expect(choose([])).toEqual({});
  });

  it('none to a container whose image is given otherwise', () => {
    expect(choose([image('ghcr.io/acme/web')], ['web'])).toEqual({});
  });

  it('none fits: all images and containers are named', () => {
    expect(failureOf(() => choose([image('ghcr.io/other/name')]))).toMatchObject({
      exitCode: 2,
      hints: [
        `Images of this workflow: ${image('ghcr.io/other/name').image}.`,
        `Containers: web (ghcr.io/acme/web@${DIGEST}), proxy (ghcr.io/acme/proxy:1).`,
        'Give image, as CONTAINER=IMAGE.',
      ],
    });
  });
});

it.each([
  ['arn:aws:ecs:eu-west-1:123456789012:task-definition/web:8', 'web', 8],
  ['web:8', 'web', 8],
  ['web', 'web', undefined],
])('%s is of family %s, revision %p', (reference, family, revision) => {
  expect(familyAndRevision(reference)).toEqual({ family, revision });
});
