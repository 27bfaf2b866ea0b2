import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { containersOf } from '../../../src/plan/task-definition/containers.ts';
import { editTaskDefinition, type ContainerEdits } from '../../../src/plan/task-definition/edit.ts';
import { DIGEST } from '../../support/definitions.ts';
import { ON_FARGATE, withTaskContainer } from '../../support/task-definitions.ts';

/** The container `web` after an edit of it. */
function web(edits: ContainerEdits, definition = ON_FARGATE): JsonObject {
  return containersOf(editTaskDefinition(definition, { containers: { web: edits } }))[0] ?? {};
}

describe('E7: values go in as they are', () => {
  it.each([
    'a,b,c',
    'name=value=more',
    '"quoted" and \'quoted\'',
    '',
    ' spaces ',
    'two\nlines',
    '$(touch injected) `id` $HOME ${HOME} <<name>>',
    '{"json": [1, "two"]}',
    'ünï 🚀 \u0007',
  ])('%j', (value) => {
    expect(web({ environment: { A: value } })['environment']).toEqual([{ name: 'A', value }]);
  });
});

describe('E7: images are taken whole', () => {
  it.each([
    `ghcr.io/acme/web@${DIGEST}`,
    'localhost:5000/app:1',
    `localhost:5000/app:1@${DIGEST}`,
    `123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app@${DIGEST}`,
  ])('%s', (image) => {
    expect(web({ image })['image']).toBe(image);
  });
});

describe('variables', () => {
  const several = withTaskContainer(ON_FARGATE, {
    environment: [
      { name: 'Z', value: '1' },
      { name: 'A', value: '2' },
      { name: 'M', value: '3' },
    ],
  });

  it('that are there keep their place, new ones come last', () => {
    expect(web({ environment: { NEW: 'n', A: 'a' } }, several)['environment']).toEqual([
      { name: 'Z', value: '1' },
      { name: 'A', value: 'a' },
      { name: 'M', value: '3' },
      { name: 'NEW', value: 'n' },
    ]);
  });

  it('can be removed; one that is not there is no mistake', () => {
    expect(web({ removeEnvironment: ['A', 'NOT_THERE'] }, several)['environment']).toEqual([
      { name: 'Z', value: '1' },
      { name: 'M', value: '3' },
    ]);
  });

  it('that are set and removed are set', () => {
    expect(web({ environment: { A: '9' }, removeEnvironment: ['A'] })['environment']).toEqual([
      { name: 'A', value: '9' },
    ]);
  });

  it('that become secrets are no plain variables any more, and the other way round', () => {
    const { environment, secrets } = web({ environment: { DB_PASSWORD: 'x' }, secrets: { A: 'arn:a' } });
    expect(environment).toEqual([{ name: 'DB_PASSWORD', value: 'x' }]);
    expect(secrets).toEqual([{ name: 'A', valueFrom: 'arn:a' }]);
  });

  it('that are called like members of objects are variables', () => {
    expect(
      web({ environment: JSON.parse('{"__proto__": "x"}') as Record<string, string> })['environment'],
    ).toContainEqual({
      name: '__proto__',
      value: 'x',
    });
  });
});

it('sizes, command and logging of a container are set', () => {
  const logging = { logDriver: 'awslogs', options: { 'awslogs-group': 'web' } };
  const edits = { cpu: 128, memory: 256, memoryReservation: 64, command: ['serve', '--port', '80'], logging };
  expect(web(edits)).toMatchObject({
    cpu: 128,
    memory: 256,
    memoryReservation: 64,
    command: edits.command,
    logConfiguration: logging,
  });
});

it('sizes and tags of the task are set; other tags stay', () => {
  const tagged = {
    ...ON_FARGATE,
    tags: [
      { key: 'team', value: 'a' },
      { key: 'env', value: 'b' },
    ],
  };
  expect(editTaskDefinition(tagged, { cpu: '512', memory: '1 GB', tags: { env: 'c', new: 'd' } })).toMatchObject({
    cpu: '512',
    memory: '1 GB',
    tags: [
      { key: 'team', value: 'a' },
      { key: 'env', value: 'c' },
      { key: 'new', value: 'd' },
    ],
  });
});

it('E9: everything else survives, in the container, beside it and in other containers, known or not', () => {
  const strange = {
    ...withTaskContainer(withTaskContainer(ON_FARGATE, { brandNew: { a: [null] } }), { other: 1 }, 1),
    alsoNew: [{}],
  };
  const edited = editTaskDefinition(strange, { containers: { web: { image: 'x:2' } } });
  expect(edited).toEqual(withTaskContainer(strange, { image: 'x:2' }));
});

it('no edits change nothing, and the given definition is left alone', () => {
  const before = JSON.stringify(ON_FARGATE);
  expect(editTaskDefinition(ON_FARGATE, {})).toEqual(ON_FARGATE);
  editTaskDefinition(ON_FARGATE, { containers: { web: { image: 'x', environment: { A: '2' } } }, tags: { a: 'b' } });
  expect(JSON.stringify(ON_FARGATE)).toBe(before);
});
