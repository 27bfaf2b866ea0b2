import { describe, expect, it } from '@jest/globals';
import {
  chooseContainer,
  containerAt,
  containerSlots,
  imageOf,
  valueAt,
} from '../../../src/plan/job-definition/containers.ts';
import { CONTAINER, ECS, EKS, MULTINODE } from '../../support/definitions.ts';
import { failureOf } from '../../support/failures.ts';

describe('containerSlots finds every container, and how users name it', () => {
  it.each([
    ['containerProperties', CONTAINER, ['']],
    ['ecsProperties', ECS, ['main', 'proxy']],
    ['eksProperties, init containers last', EKS, ['main', 'proxy', 'prepare']],
    ['nodeProperties: the range, with the name where it has one', MULTINODE, ['0', '1:2/main', '1:2/proxy']],
    ['none', { jobDefinitionName: 'crawl' }, []],
  ])('%s', (_what, definition, labels) => {
    expect(containerSlots(definition).map(({ label }) => label)).toEqual(labels);
  });

  it.each([
    ['containerProperties', CONTAINER],
    ['ecsProperties', ECS],
    ['eksProperties', EKS],
    ['nodeProperties', MULTINODE],
  ])('the path leads to the container: %s', (_what, definition) => {
    for (const slot of containerSlots(definition)) {
      expect(valueAt(definition, [...slot.path, 'image'])).toMatch(/^ghcr\.io\/acme\//);
    }
  });

  it('a container without a name goes by its number', () => {
    const definition = { ecsProperties: { taskProperties: [{ containers: [{ image: 'a' }, { image: 'b' }] }] } };
    expect(containerSlots(definition).map(({ label }) => label)).toEqual(['0', '1']);
  });

  it('the environment is called env on EKS', () => {
    expect(containerSlots(EKS).map(({ environmentKey }) => environmentKey)).toEqual(['env', 'env', 'env']);
    expect(containerSlots(ECS).map(({ environmentKey }) => environmentKey)).toEqual(['environment', 'environment']);
  });

  it('marks init containers', () => {
    expect(containerSlots(EKS).map(({ init }) => init)).toEqual([false, false, true]);
  });
});

describe('chooseContainer', () => {
  it.each([
    ['the only one', CONTAINER, undefined, ''],
    ['by name', ECS, 'proxy', 'proxy'],
    ['an init container by name', EKS, 'prepare', 'prepare'],
    ['by node range', MULTINODE, '0', '0'],
    ['by node range and name', MULTINODE, '1:2/proxy', '1:2/proxy'],
    ['by a name that only one range has', MULTINODE, 'proxy', '1:2/proxy'],
  ])('%s', (_what, definition, wanted, label) => {
    expect(chooseContainer(containerSlots(definition), wanted).label).toBe(label);
  });

  it('never means an init container that is not named', () => {
    const pod = { containers: [{ name: 'main', image: 'a' }], initContainers: [{ name: 'prepare', image: 'b' }] };
    expect(chooseContainer(containerSlots({ eksProperties: { podProperties: pod } }), undefined).label).toBe('main');
  });

  it.each([
    [
      'several, none named',
      ECS,
      undefined,
      'the job definition has 2 containers: say which one is meant',
      'Give container, one of: main, proxy.',
    ],
    [
      'an unknown name',
      ECS,
      'worker',
      'no container of the job definition is called "worker"',
      'Give container, one of: main, proxy.',
    ],
    [
      'a range with several',
      MULTINODE,
      '1:2',
      'more than one container of the job definition is called "1:2"',
      'Give container, one of: 1:2/main, 1:2/proxy.',
    ],
    [
      'a name where there is only one without',
      CONTAINER,
      'main',
      'no container of the job definition is called "main"',
      'Give container, one of: (the only one, without a name).',
    ],
    [
      'no container at all',
      {},
      undefined,
      'the job definition has 0 containers: say which one is meant',
      'Give container, one of: none; the definition has no container.',
    ],
  ])('refuses with the candidates: %s', (_what, definition, wanted, title, hint) => {
    expect(failureOf(() => chooseContainer(containerSlots(definition), wanted))).toMatchObject({
      exitCode: 2,
      title,
      hints: [hint],
    });
  });
});

describe('reading at a slot', () => {
  it('the container and its image', () => {
    const [slot] = containerSlots(CONTAINER);
    expect(imageOf(CONTAINER, slot!)).toBe('ghcr.io/acme/crawl:1');
    expect(containerAt(CONTAINER, slot!)).toBe(CONTAINER['containerProperties']);
  });

  it('in a definition that lacks it: nothing', () => {
    const [slot] = containerSlots(CONTAINER);
    expect(imageOf({}, slot!)).toBeUndefined();
    expect(containerAt({}, slot!)).toEqual({});
  });

  it('valueAt leaves the definition quietly', () => {
    expect(valueAt({ a: [1] }, ['a', 'b', 'c'])).toBeUndefined();
    expect(valueAt({ a: 1 }, ['a', 0])).toBeUndefined();
  });
});
