import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { chooseContainer, containerAt, containerSlots } from '../../../src/plan/job-definition/containers.ts';
import { editDefinition, type DefinitionEdits } from '../../../src/plan/job-definition/edit.ts';
import { CONTAINER, ECS, EKS, MULTINODE, withContainer } from '../../support/definitions.ts';

function edited(definition: JsonObject, wanted: string | undefined, edits: DefinitionEdits): JsonObject {
  return editDefinition(definition, chooseContainer(containerSlots(definition), wanted), edits);
}

function container(definition: JsonObject, wanted: string | undefined): JsonObject {
  return containerAt(definition, chooseContainer(containerSlots(definition), wanted));
}

describe('an edit changes what it names and nothing else', () => {
  it.each([
    ['containerProperties', CONTAINER, undefined],
    ['ecsProperties', ECS, 'proxy'],
    ['eksProperties', EKS, 'proxy'],
    ['an init container', EKS, 'prepare'],
    ['a node range', MULTINODE, '0'],
    ['a container of a node range', MULTINODE, '1:2/proxy'],
  ])('the image of one container: %s', (_what, definition, wanted) => {
    const before = container(definition, wanted)['image'] as string;
    const after = edited(definition, wanted, { image: 'new:1' });
    expect(container(after, wanted)['image']).toBe('new:1');
    expect(edited(after, wanted, { image: before })).toEqual(definition);
  });

  it('the given definition is left alone', () => {
    const copy = structuredClone(ECS);
    edited(ECS, 'main', { image: 'new:1', environment: { A: '2' }, tags: { team: 'x' } });
    expect(ECS).toEqual(copy);
  });

  it('fields that this code has never heard of stay', () => {
    const definition = { ...withContainer(CONTAINER, { brandNew: { deep: [1] } }), alsoNew: true };
    expect(edited(definition, undefined, { image: 'new:1' })).toEqual({
      ...withContainer(definition, { image: 'new:1' }),
    });
  });

  it('nothing named, nothing changed', () => {
    expect(edited(CONTAINER, undefined, {})).toEqual(CONTAINER);
  });
});

describe('environment', () => {
  const definition = withContainer(CONTAINER, {
    environment: [
      { name: 'B', value: '1' },
      { name: 'A', value: '2' },
    ],
  });
  const environment = (edits: DefinitionEdits): unknown =>
    container(edited(definition, undefined, edits), undefined)['environment'];

  it('replaces where the variable stands, and appends what is new', () => {
    expect(environment({ environment: { C: '4', A: '3' } })).toEqual([
      { name: 'B', value: '1' },
      { name: 'A', value: '3' },
      { name: 'C', value: '4' },
    ]);
  });

  it('removes', () => {
    expect(environment({ removeEnvironment: ['B', 'NOT_THERE'] })).toEqual([{ name: 'A', value: '2' }]);
  });

  it('what is both set and removed is removed', () => {
    expect(environment({ environment: { A: '3', C: '4' }, removeEnvironment: ['A', 'C'] })).toEqual([
      { name: 'B', value: '1' },
    ]);
  });

  it('begins a list where there is none', () => {
    expect(container(edited(CONTAINER, undefined, { environment: { A: '1' } }), undefined)['environment']).toEqual([
      { name: 'A', value: '1' },
    ]);
  });

  it('is env on EKS, in its order', () => {
    const { env } = container(edited(EKS, 'main', { environment: { HOST: 'example.com', NEW: '$(BASE)x' } }), 'main');
    expect(env).toEqual([
      { name: 'HOST', value: 'example.com' },
      { name: 'BASE', value: 'https://$(HOST)/' },
      { name: 'NEW', value: '$(BASE)x' },
    ]);
  });

  it('a value that came from elsewhere is replaced whole', () => {
    const pod = { containers: [{ name: 'main', image: 'a', env: [{ name: 'A', valueFrom: { fieldRef: {} } }] }] };
    const after = edited({ eksProperties: { podProperties: pod } }, undefined, { environment: { A: '1' } });
    expect(container(after, undefined)['env']).toEqual([{ name: 'A', value: '1' }]);
  });

  it('names and values that mean something to objects are data', () => {
    const { environment: list } = container(
      edited(CONTAINER, undefined, { environment: JSON.parse('{"__proto__":"x","constructor":"y"}') }),
      undefined,
    );
    expect(list).toEqual([
      { name: '__proto__', value: 'x' },
      { name: 'constructor', value: 'y' },
    ]);
  });

  it('a variable called constructor keeps its value when others are set', () => {
    const before = withContainer(CONTAINER, { environment: [{ name: 'constructor', value: 'kept' }] });
    expect(container(edited(before, undefined, { environment: { A: '1' } }), undefined)['environment']).toEqual([
      { name: 'constructor', value: 'kept' },
      { name: 'A', value: '1' },
    ]);
  });
});

describe('members of the definition itself', () => {
  it('parameters and tags are merged', () => {
    const definition = { ...CONTAINER, parameters: { a: '1', b: '2' }, tags: { team: 'data' } };
    expect(editDefinition(definition, undefined, { parameters: { b: '3' }, tags: { env: 'prod' } })).toEqual({
      ...CONTAINER,
      parameters: { a: '1', b: '3' },
      tags: { team: 'data', env: 'prod' },
    });
  });

  it('a timeout keeps what else stands beside it', () => {
    const definition = { ...CONTAINER, timeout: { attemptDurationSeconds: 60, brandNew: 1 } };
    expect(editDefinition(definition, undefined, { timeoutSeconds: 120 })['timeout']).toEqual({
      attemptDurationSeconds: 120,
      brandNew: 1,
    });
  });

  it('attempts keep evaluateOnExit', () => {
    const evaluateOnExit = [{ action: 'EXIT', onExitCode: '1' }];
    const definition = { ...CONTAINER, retryStrategy: { attempts: 1, evaluateOnExit } };
    expect(editDefinition(definition, undefined, { retryAttempts: 3 })['retryStrategy']).toEqual({
      attempts: 3,
      evaluateOnExit,
    });
  });

  it('empty maps add no member', () => {
    expect(editDefinition(CONTAINER, undefined, { parameters: {}, tags: {} })).toEqual(CONTAINER);
  });
});
