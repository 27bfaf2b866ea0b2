import { describe, expect, it } from '@jest/globals';
import type { Action } from '../../src/actions/define-action.ts';
import { actionCommand, actionJob } from '../../src/orb/action-elements.ts';
import { actionEnvironment, actionParameters } from '../../src/orb/action-parameters.ts';
import type { Param, Params } from '../../src/params/declaration.ts';

const d = { description: 'What it is.' };

function action(params: Params, more: Partial<Action> = {}): Action {
  return {
    name: 'do-something',
    summary: 'Do something.',
    params,
    outputs: {},
    surfaces: ['orb-job', 'orb-command', 'cli'],
    awsCalls: [],
    run: () => Promise.reject(new Error('not run')),
    ...more,
  };
}

describe('actionParameters', () => {
  it.each<[string, Param, object]>([
    ['string', { ...d, type: 'string' }, { type: 'string', default: '' }],
    ['string with default', { ...d, type: 'string', default: 'x' }, { type: 'string', default: 'x' }],
    ['required string', { ...d, type: 'string', required: true }, { type: 'string' }],
    ['path', { ...d, type: 'path', default: '.' }, { type: 'string', default: '.' }],
    ['duration', { ...d, type: 'duration', default: '15m' }, { type: 'string', default: '15m' }],
    ['list', { ...d, type: 'list' }, { type: 'string', default: '' }],
    ['required list', { ...d, type: 'list', required: true }, { type: 'string' }],
    ['map', { ...d, type: 'map' }, { type: 'string', default: '' }],
    ['json', { ...d, type: 'json' }, { type: 'string', default: '' }],
    ['integer with default', { ...d, type: 'integer', default: 0 }, { type: 'integer', default: 0 }],
    ['required integer', { ...d, type: 'integer', required: true }, { type: 'integer' }],
    [
      'integer without default',
      { ...d, type: 'integer', min: 1 },
      { type: 'integer', default: 0, description: 'What it is. 0: not given.' },
    ],
    ['boolean', { ...d, type: 'boolean', default: false }, { type: 'boolean', default: false }],
    ['required boolean', { ...d, type: 'boolean', required: true }, { type: 'boolean' }],
    [
      'enum with default',
      { ...d, type: 'enum', values: ['a', 'b'], default: 'b' },
      { type: 'enum', values: ['a', 'b'], default: 'b' },
    ],
    ['required enum', { ...d, type: 'enum', values: ['a'], required: true }, { type: 'enum', values: ['a'] }],
    ['enum without default', { ...d, type: 'enum', values: ['a'] }, { type: 'enum', values: ['', 'a'], default: '' }],
    ['secret', { ...d, type: 'secret', default: 'TOKEN' }, { type: 'env_var_name', default: 'TOKEN' }],
    ['required secret', { ...d, type: 'secret', required: true }, { type: 'env_var_name' }],
  ])('maps a %s', (_what, param, expected) => {
    expect(actionParameters(action({ someName: param }))).toEqual([{ name: 'some_name', ...d, ...expected }]);
  });

  it.each<[string, Param]>([
    ['boolean', { ...d, type: 'boolean' }],
    ['secret', { ...d, type: 'secret' }],
  ])('refuses a %s that can be left out and has no default', (_what, param) => {
    expect(() => actionParameters(action({ someName: param }))).toThrow('do-something: someName');
  });

  it('refuses an integer without a default that can be 0, because 0 means not given', () => {
    const counted = action({ count: { ...d, type: 'integer', min: 0 } });
    expect(() => actionParameters(counted)).toThrow(
      'do-something: count: an integer without a default needs a min above 0',
    );
  });

  it('leaves out what only the CLI offers', () => {
    const only = action({ a: { ...d, type: 'string', only: 'cli' }, b: { ...d, type: 'string', only: 'orb' } });
    expect(actionParameters(only).map(({ name }) => name)).toEqual(['b']);
    expect(actionEnvironment(only)).toEqual({ ORB_B: '<< parameters.b >>' });
  });
});

describe('actionCommand', () => {
  it('hands values over in the environment of a constant command', () => {
    const { steps } = actionCommand(action({ someName: { ...d, type: 'string' } }));
    expect(steps).toEqual([
      {
        kind: 'run',
        name: 'Do something',
        environment: {
          AWS_DEPLOY_ORB: '1',
          AWS_DEPLOY_PIPELINE_NUMBER: '<< pipeline.number >>',
          ORB_SOME_NAME: '<< parameters.some_name >>',
        },
        noOutputTimeout: '<< parameters.no_output_timeout >>',
        command: 'aws-deploy do-something',
      },
    ]);
  });
});

describe('actionJob', () => {
  const kinds = (job: ReturnType<typeof actionJob>): string[] =>
    job.steps.map((step) =>
      step.kind === 'when' ? `when ${step.steps[0]?.kind}` : step.kind === 'call' ? step.command : step.kind,
    );

  it('has its steps in the order in which each needs those before it', () => {
    expect(kinds(actionJob(action({}, { builds: true })))).toEqual([
      'when checkout',
      'when attach_workspace',
      'install',
      'parameter',
      'when setup_remote_docker',
      'do_something',
      'persist_to_workspace',
    ]);
  });

  it('has no Docker engine when it builds nothing', () => {
    const job = actionJob(action({}));
    expect(kinds(job)).not.toContain('when setup_remote_docker');
    expect(job.parameters.map(({ name }) => name)).not.toContain('remote_docker');
  });

  it.each([
    [
      'attaches the workspace where the action reads the record',
      { record: { ...d, type: 'boolean', only: 'cli' } },
      true,
    ],
    ['does not attach it by default elsewhere', {}, false],
  ] as const)('%s', (_what, params, expected) => {
    const parameters = actionJob(action(params)).parameters;
    expect(parameters.find(({ name }) => name === 'attach_workspace')?.default).toBe(expected);
  });
});
