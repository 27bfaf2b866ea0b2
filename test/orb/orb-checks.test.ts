import { describe, expect, it } from '@jest/globals';
import { buildOrb } from '../../src/orb/build-orb.ts';
import { orbProblems } from '../../src/orb/orb-checks.ts';
import { packedOrb, unpackedOrb } from '../../src/orb/orb-files.ts';
import type { Command, Executor, Job, Orb, Parameter, Step } from '../../src/orb/orb-model.ts';
import { sources } from './orb-sources.ts';

const text = { type: 'string', name: 'text', description: 'A text.', default: '' } as const satisfies Parameter;
const command: Command = { name: 'greet', description: 'Greets.', parameters: [text], steps: [] };
const executor: Executor = {
  name: 'default',
  description: 'Runs.',
  parameters: [],
  image: 'i:1',
  resourceClass: 'small',
};
const job: Job = { name: 'work', description: 'Works.', executor: 'default', parameters: [], steps: [] };
const orb: Orb = {
  description: 'An orb.',
  display: { homeUrl: 'https://example.com', sourceUrl: 'https://example.com' },
  commands: [command],
  jobs: [job],
  executors: [executor],
  examples: [{ name: 'use_it', description: 'Uses it.', usage: {} }],
};

function withParameter(parameter: Parameter): Orb {
  return { ...orb, commands: [{ ...command, parameters: [parameter] }] };
}

function withStep(step: Step, parameters: readonly Parameter[] = [text]): Orb {
  return { ...orb, commands: [command, { ...command, name: 'other', parameters, steps: [step] }] };
}

const run = { kind: 'run', name: 'Run', command: 'true' } as const;

describe('orbProblems', () => {
  it('finds nothing in a valid orb', () => {
    expect(orbProblems(orb)).toEqual([]);
  });

  it('finds nothing in the orb of this project', () => {
    expect(orbProblems(buildOrb(sources))).toEqual([]);
  });

  it.each<[string, Orb]>([
    ['two commands are called greet', { ...orb, commands: [command, command] }],
    ['two jobs are called work', { ...orb, jobs: [job, job] }],
    ['two executors are called default', { ...orb, executors: [executor, executor] }],
    ['two parameters are called text', { ...orb, commands: [{ ...command, parameters: [text, text] }] }],
    ['command say-hi: a name is', { ...orb, commands: [{ ...command, name: 'say-hi' }] }],
    ['the orb: the description is missing', { ...orb, description: ' ' }],
    ['job work: the description contains <<', { ...orb, jobs: [{ ...job, description: 'a << b' }] }],
    ['parameter a-b: a name is', withParameter({ ...text, name: 'a-b' })],
    ['parameter text: the description is missing', withParameter({ ...text, description: '' })],
    ['a default can not contain <<', withParameter({ ...text, default: '<< x >>' })],
    ['the default "c" is not one of', withParameter({ ...text, type: 'enum', values: ['a', 'b'], default: 'c' })],
    ['the value "a" is there twice', withParameter({ ...text, type: 'enum', values: ['a', 'a'], default: 'a' })],
    ['the default is not a whole number', withParameter({ ...text, type: 'integer', default: 1.5 })],
    ['not the name of an environment', withParameter({ ...text, type: 'env_var_name', default: '' })],
    ['has type executor, which a command', withParameter({ ...text, type: 'executor', default: 'default' })],
    [
      'has type steps, which a executor',
      { ...orb, executors: [{ ...executor, parameters: [{ ...text, type: 'steps', default: [] }] }] },
    ],
    ['name requires is reserved', { ...orb, jobs: [{ ...job, parameters: [{ ...text, name: 'requires' }] }] }],
    ['job work, executor: other is not', { ...orb, jobs: [{ ...job, executor: 'other' }] }],
    ['a run step has no name', withStep({ ...run, name: '' })],
    ['a command can not contain <<', withStep({ ...run, command: 'echo << parameters.text >>' })],
    ['x.sh contains \\<<', withStep({ ...run, command: { fileName: 'x.sh', text: 'cat \\<<E' } })],
    ['<< parameters.nope >> refers to nothing', withStep({ ...run, environment: { A: '<< parameters.nope >>' } })],
    [
      '<< pipeline.parameters.x >> refers to nothing',
      withStep({ ...run, environment: { A: '<< pipeline.parameters.x >>' } }),
    ],
    ['<< parameters.text is never closed', withStep({ ...run, environment: { A: '<< parameters.text' } })],
    [
      '<< parameters.nope >> refers to nothing',
      withStep({ kind: 'when', condition: '<< parameters.nope >>', steps: [] }),
    ],
    [
      'a run step has no name',
      withStep({ kind: 'unless', condition: '<< parameters.text >>', steps: [{ ...run, name: '' }] }),
    ],
    [
      '<< parameters.text >> is not a declared parameter of type steps',
      withStep({ kind: 'parameter', parameter: 'text' }),
    ],
    ['there is no such command', withStep({ kind: 'call', command: 'nobody', arguments: {} })],
    ['there is no parameter volume', withStep({ kind: 'call', command: 'greet', arguments: { volume: 3 } })],
    [
      '<< parameters.nope >> refers',
      withStep({ kind: 'call', command: 'greet', arguments: { text: '<< parameters.nope >>' } }),
    ],
    [
      'a run step has no name',
      withStep({ kind: 'call', command: 'greet', arguments: { text: { steps: [{ ...run, name: '' }] } } }),
    ],
  ])('says: %s', (problem, broken) => {
    expect(orbProblems(broken)).toEqual([expect.stringContaining(problem)]);
  });

  it('says that a required argument is missing', () => {
    const { default: _default, ...required } = text;
    const caller = { ...command, name: 'caller', steps: [{ kind: 'call', command: 'greet', arguments: {} } as const] };
    const broken = { ...orb, commands: [{ ...command, parameters: [required] }, caller] };
    expect(orbProblems(broken)).toEqual([expect.stringContaining('the required argument text is missing')]);
  });

  it('lets the number of the pipeline through', () => {
    expect(orbProblems(withStep({ ...run, environment: { A: '<< pipeline.number >>' } }))).toEqual([]);
  });
});

describe('an orb with problems', () => {
  const broken = { ...orb, commands: [command, command], jobs: [job, job] };

  it.each([
    ['packed', packedOrb],
    ['unpacked', unpackedOrb],
  ])('is not %s, and all of them are named', (_how, write) => {
    expect(() => write(broken)).toThrow(/two commands are called greet\n.*two jobs are called work/);
  });
});
