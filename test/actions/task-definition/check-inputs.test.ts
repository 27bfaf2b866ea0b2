import { describe, expect, it } from '@jest/globals';
import {
  asksForChanges,
  checkTaskDefinitionInputs,
  type CheckedTaskDefinition,
} from '../../../src/actions/task-definition/check-inputs.ts';
import { DIGEST } from '../../support/definitions.ts';
import { NOTHING, quietContext } from './task-definition-world.ts';

type Inputs = Parameters<typeof checkTaskDefinitionInputs>[0];

const IMAGE = `ghcr.io/acme/web@${DIGEST}`;

function checked(inputs: Partial<Inputs>, recorded: readonly string[] = []): Promise<CheckedTaskDefinition> {
  const record = recorded.map((image) => ({
    action: 'build-and-push-image',
    component: 'web',
    outputs: { image },
    finishedAt: '2026-11-20T12:00:00Z',
  }));
  const { context } = quietContext({ readRecord: () => Promise.resolve(record) });
  return checkTaskDefinitionInputs({ ...NOTHING, ...inputs }, context);
}

describe('whether anything was said about the task definition', () => {
  it.each<[string, Partial<Inputs>, readonly string[], boolean]>([
    ['nothing', {}, [], false],
    ['only which container is meant', { container: 'web' }, [], false],
    [
      'maps and lists without anything in them',
      { environment: {}, tags: {}, image: [], removeEnvironment: [] },
      [],
      false,
    ],
    ['containers without changes', { containers: { web: {} } }, [], false],
    ['an image', { image: [IMAGE] }, [], true],
    ['an image of an earlier job', {}, [IMAGE], true],
    ['a variable', { environment: { A: '' } }, [], true],
    ['a secret', { secrets: { A: 'arn:x' } }, [], true],
    ['a variable that is to go', { removeEnvironment: ['A'] }, [], true],
    ['a change in containers', { containers: { web: { cpu: 0 } } }, [], true],
    ['an empty command', { containers: { web: { command: [] } } }, [], true],
    ['a size', { cpu: '256' }, [], true],
    ['another size', { memory: '1 GB' }, [], true],
    ['a tag', { tags: { team: '' } }, [], true],
  ])('%s', async (_what, inputs, recorded, expected) => {
    expect(asksForChanges(await checked(inputs, recorded))).toBe(expected);
  });
});

it('edits are by the name of their container; what names none is for the only one', async () => {
  const { edits } = await checked({
    image: [`web=${IMAGE}`],
    environment: { A: '1' },
    containers: { web: { environment: { B: '2' } } },
  });
  expect(edits.containers).toEqual({ web: { image: IMAGE, environment: { B: '2' } }, '': { environment: { A: '1' } } });
});

it('what is given in two places for one container is together', async () => {
  const { edits } = await checked({
    container: 'web',
    image: [IMAGE],
    environment: { A: '1' },
    removeEnvironment: ['X'],
    containers: { web: { environment: { B: '2' }, removeEnvironment: ['Y', 'X'] } },
  });
  expect(edits.containers).toEqual({
    web: {
      image: IMAGE,
      environment: { A: '1', B: '2' },
      removeEnvironment: ['X', 'Y'],
      removeSecrets: ['X', 'Y'],
    },
  });
});

it('images of the record are the newest of their repository', async () => {
  const newer = `ghcr.io/acme/web@sha256:${'f'.repeat(64)}`;
  expect((await checked({}, [IMAGE, newer])).recorded).toEqual([{ repository: 'ghcr.io/acme/web', image: newer }]);
});
