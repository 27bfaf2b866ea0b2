import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { buildOrb } from '../../src/orb/build-orb.ts';
import { packedOrb } from '../../src/orb/orb-files.ts';
import type { Parameter } from '../../src/orb/orb-model.ts';
import { flagName, orbName } from '../../src/params/names.ts';
import { sources } from './orb-sources.ts';

const orb = buildOrb(sources);
const names = (parameters: readonly Parameter[]): string[] => parameters.map(({ name }) => name);

describe('the orb', () => {
  it('has a command and a job for each action that asks for one', () => {
    const wanted = (surface: 'orb-command' | 'orb-job'): string[] =>
      sources.catalog.filter(({ surfaces }) => surfaces.includes(surface)).map(({ name }) => orbName(name));
    expect(orb.commands.map(({ name }) => name)).toEqual(['install', ...wanted('orb-command')]);
    expect(orb.jobs.map(({ name }) => name)).toEqual(wanted('orb-job'));
  });

  it.each(orb.jobs.map((job) => [job.name, job] as const))(
    'job %s passes on every parameter of its command',
    (name, job) => {
      const command = orb.commands.find((candidate) => candidate.name === name);
      const call = job.steps.find((step) => step.kind === 'call' && step.command === name);
      expect(names(job.parameters)).toEqual(expect.arrayContaining(names(command?.parameters ?? [])));
      expect(call).toMatchObject({
        arguments: Object.fromEntries(names(command?.parameters ?? []).map((p) => [p, `<< parameters.${p} >>`])),
      });
    },
  );

  it.each(orb.jobs.map((job) => [job.name, job] as const))(
    'job %s describes and defaults as its command does',
    (name, job) => {
      const command = orb.commands.find((candidate) => candidate.name === name);
      expect(job.parameters).toEqual(expect.arrayContaining([...(command?.parameters ?? [])]));
    },
  );

  it.each(sources.catalog.map((action) => [action.name, action] as const))(
    'command of %s hands over what its CLI sub-command takes',
    (name, action) => {
      const command = orb.commands.find((candidate) => candidate.name === orbName(name));
      const handed = command?.steps.flatMap((step) => (step.kind === 'run' ? Object.keys(step.environment ?? {}) : []));
      const flags = Object.entries(action.params).filter(([, { only }]) => only !== 'cli');
      const expected = flags.map(([param]) => `ORB_${flagName(param).slice(2).replaceAll('-', '_').toUpperCase()}`);
      expect(handed?.filter((variable) => variable.startsWith('ORB_'))).toEqual(expected);
    },
  );

  it('has no value in any shell text', () => {
    const packed = parse(packedOrb(orb)) as { commands: Record<string, { steps: { run: { command: string } }[] }> };
    const texts = Object.values(packed.commands).flatMap(({ steps }) => steps.map(({ run }) => run.command));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text) => text.includes('<<'))).toEqual([]);
  });

  it('pins the archive that it installs', () => {
    const step = orb.commands.find(({ name }) => name === 'install')?.steps[0];
    expect(step).toMatchObject({
      environment: {
        AWS_DEPLOY_CLI_SHA256: sources.archive.sha256,
        AWS_DEPLOY_CLI_SUMS_SHA256: sources.archive.sumsSha256,
        AWS_DEPLOY_CLI_VERSION: sources.package.version,
      },
    });
  });

  it('is well below the size at which configs that use it get too large', () => {
    expect(Buffer.byteLength(packedOrb(orb))).toBeLessThan(250_000);
  });
});

describe('usage example', () => {
  const examples = orb.examples.map((example) => [example.name, example.usage as unknown as Usage] as const);

  it.each(examples)('%s calls only what the orb has, with arguments that it takes', (_name, usage) => {
    const calls = callsOf(usage);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.flatMap((call) => callProblems(call))).toEqual([]);
  });

  it.each(examples)('%s requires only jobs of its workflow', (_name, usage) => {
    for (const { jobs } of Object.values(usage.workflows)) {
      const known = jobs.flatMap(Object.entries<JobCall>).map(([job, { name }]) => name ?? job);
      const required = jobs.flatMap(Object.values<JobCall>).flatMap(({ requires }) => requires ?? []);
      expect(required.filter((job) => !known.includes(job))).toEqual([]);
    }
  });
});

interface JobCall {
  name?: string;
  requires?: string[];
  auth?: Record<string, Record<string, unknown>>[];
  [argument: string]: unknown;
}

interface Usage {
  jobs?: Record<string, { steps: (string | Record<string, Record<string, unknown>>)[] }>;
  workflows: Record<string, { jobs: Record<string, JobCall>[] }>;
}

interface Call {
  kind: 'jobs' | 'commands';
  name: string;
  given: Record<string, unknown>;
}

const ORB_PREFIX = 'aws-deploy/';
/** What a workflow may say of any job besides its parameters. */
const OF_THE_WORKFLOW = ['name', 'requires', 'context', 'filters', 'type'];

function callsOf(usage: Usage): Call[] {
  const jobs = Object.values(usage.workflows).flatMap((workflow) => workflow.jobs.flatMap(Object.entries<JobCall>));
  const inJobs = jobs
    .filter(([name]) => name.startsWith(ORB_PREFIX))
    .map(([name, given]) => ({ kind: 'jobs' as const, name, given }));
  const steps = [
    ...Object.values(usage.jobs ?? {}).flatMap((job) => job.steps),
    ...jobs.flatMap(([, { auth }]) => auth ?? []),
  ];
  const inSteps = steps
    .flatMap((step) => Object.entries(typeof step === 'string' ? { [step]: {} } : step))
    .filter(([name]) => name.startsWith(ORB_PREFIX))
    .map(([name, given]) => ({ kind: 'commands' as const, name, given }));
  return [...inJobs, ...inSteps];
}

function callProblems({ kind, name, given }: Call): string[] {
  const element = orb[kind].find((candidate) => `${ORB_PREFIX}${candidate.name}` === name);
  if (!element) return [`there is no ${name}`];
  const missing = element.parameters.filter(
    (parameter) => parameter.default === undefined && !(parameter.name in given),
  );
  const wrong = Object.entries(given)
    .filter(([argument]) => kind === 'commands' || !OF_THE_WORKFLOW.includes(argument))
    .filter(
      ([argument, value]) =>
        !takes(
          element.parameters.find((parameter) => parameter.name === argument),
          value,
        ),
    );
  return [
    ...missing.map((parameter) => `${name} needs ${parameter.name}`),
    ...wrong.map(([argument]) => `${name}: ${argument}`),
  ];
}

function takes(parameter: Parameter | undefined, value: unknown): boolean {
  switch (parameter?.type) {
    case undefined:
      return false;
    case 'steps':
      return Array.isArray(value);
    case 'enum':
      return parameter.values.includes(String(value));
    case 'boolean':
    case 'integer':
      return typeof value === (parameter.type === 'integer' ? 'number' : 'boolean');
    default:
      return typeof value === 'string';
  }
}
