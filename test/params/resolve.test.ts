import { describe, expect, it } from '@jest/globals';
import type { Params } from '../../src/params/declaration.ts';
import { resolveInputs } from '../../src/params/resolve.ts';
import { failureOf } from '../support/failures.ts';

const PARAMS = {
  name: { type: 'string', default: 'from the default', description: 'A name.' },
  keep: { type: 'integer', min: 1, max: 10, default: 5, description: 'How many.' },
  dryRun: { type: 'boolean', default: false, description: 'Plan only.' },
  wait: { type: 'duration', default: '15m', description: 'How long.' },
  labels: { type: 'list', description: 'Labels.' },
  environment: { type: 'map', description: 'Variables.' },
  file: { type: 'path', description: 'A file.' },
  token: { type: 'secret', default: 'SLACK_ACCESS_TOKEN', description: 'A token.' },
} as const satisfies Params;

function resolve(flags: Record<string, string[]>, env: Record<string, string> = {}) {
  return resolveInputs(PARAMS, { flags, env });
}

const inOrb = (env: Record<string, string>): Record<string, string> => ({ AWS_DEPLOY_ORB: '1', ...env });

describe('precedence', () => {
  it('a flag wins over the orb and the default', () => {
    expect(resolve({ name: ['flag'] }, inOrb({ ORB_NAME: 'orb' })).inputs.name).toBe('flag');
  });

  it('the orb wins over the default', () => {
    expect(resolve({}, inOrb({ ORB_NAME: 'orb' })).inputs.name).toBe('orb');
  });

  it('the default is typed', () => {
    expect(resolve({}).inputs).toMatchObject({ name: 'from the default', keep: 5, dryRun: false, wait: 900_000 });
  });

  it('what has no default is undefined', () => {
    expect(resolve({}).inputs).toMatchObject({ labels: undefined, environment: undefined, file: undefined });
  });

  it.each([undefined, '', '0', 'true'])('ORB_* is not read where AWS_DEPLOY_ORB is %j', (marker) => {
    const env = { ORB_NAME: 'orb', ...(marker === undefined ? {} : { AWS_DEPLOY_ORB: marker }) };
    expect(resolve({}, env).inputs.name).toBe('from the default');
  });

  it('of a flag that stands twice, the last wins', () => {
    expect(resolve({ name: ['first', 'second'] }).inputs.name).toBe('second');
  });
});

describe('empty is not given', () => {
  it('as a flag', () => {
    expect(resolve({ name: [''] }, inOrb({ ORB_NAME: 'orb' })).inputs.name).toBe('orb');
  });

  it('from the orb', () => {
    expect(resolve({}, inOrb({ ORB_NAME: '', ORB_KEEP: '' })).inputs).toMatchObject({
      name: 'from the default',
      keep: 5,
    });
  });

  it('from the orb as 0, for an integer that has no default', () => {
    const params = { retry: { type: 'integer', min: 1, description: 'Attempts.' } } as const;
    expect(resolveInputs(params, { flags: {}, env: inOrb({ ORB_RETRY: '0' }) }).inputs).toEqual({ retry: undefined });
    expect(resolveInputs(params, { flags: {}, env: inOrb({ ORB_RETRY: '3' }) }).inputs).toEqual({ retry: 3 });
  });

  it('when a variable that is put in turns out empty', () => {
    expect(resolve({}, inOrb({ ORB_NAME: '$BLANK', BLANK: '' })).inputs.name).toBe('from the default');
  });
});

describe('flags that stand several times', () => {
  it('add up to a list, a line or a JSON array each', () => {
    expect(resolve({ labels: ['a', 'b\nc', '["d"]'] }).inputs.labels).toEqual(['a', 'b', 'c', 'd']);
  });

  it('add up to a map, the last one winning for a key', () => {
    expect(resolve({ environment: ['A=1', 'B=2', '{"A": "3"}'] }).inputs.environment).toEqual({ A: '3', B: '2' });
  });
});

describe('hostile values arrive as they are', () => {
  const HOSTILE = ['$(touch x)', '`id`', `'"\\`, 'two\nlines', '<< x >>', '<<EOF', '*', '-rf', '; exit 1', '__proto__'];

  it.each(HOSTILE)('by the orb: %j', (value) => {
    expect(resolve({}, inOrb({ ORB_NAME: value, ORB_ENVIRONMENT: JSON.stringify({ X: value }) })).inputs).toMatchObject(
      {
        name: value,
        environment: { X: value },
      },
    );
  });

  it.each([...HOSTILE, '$NAME', '${NAME}', String.raw`\$NAME`])('by a flag, which is literal: %j', (value) => {
    expect(resolve({ name: [value] }, inOrb({ NAME: 'expanded' })).inputs.name).toBe(value);
  });

  it('inside a variable that is put in: %j', () => {
    const value = HOSTILE.join(' ');
    expect(resolve({}, inOrb({ ORB_NAME: '$CIRCLE_BRANCH', CIRCLE_BRANCH: value })).inputs.name).toBe(value);
  });

  it('a line break in a variable adds no entry to a map or list', () => {
    const env = inOrb({ ORB_ENVIRONMENT: 'A=$X', ORB_LABELS: '$X', X: '1\nEVIL=2' });
    expect(resolve({}, env).inputs).toMatchObject({ environment: { A: '1\nEVIL=2' }, labels: ['1\nEVIL=2'] });
  });

  it('__proto__ as a key of a map is a key', () => {
    const { environment } = resolve({ environment: ['__proto__=x'] }).inputs;
    expect(Object.entries(environment ?? {})).toEqual([['__proto__', 'x']]);
  });
});

describe('secrets', () => {
  it('are read from the variable that the orb names', () => {
    expect(resolve({}, inOrb({ ORB_TOKEN: 'MY_TOKEN', MY_TOKEN: 'value' })).inputs.token).toBe('value');
  });

  it('are read from the variable that the flag names', () => {
    expect(resolve({ token: ['MY_TOKEN'] }, { MY_TOKEN: 'value' }).inputs.token).toBe('value');
  });

  it('are read from the declared variable when none is named', () => {
    expect(resolve({}, { SLACK_ACCESS_TOKEN: 'value' }).inputs.token).toBe('value');
  });

  it('an optional one that is not there is undefined', () => {
    expect(resolve({}).inputs.token).toBeUndefined();
  });

  it('a named variable must be set', () => {
    expect(failureOf(() => resolve({ token: ['MY_TOKEN'] })).title).toBe(
      '--token names the environment variable "MY_TOKEN", which is not set',
    );
  });

  it('a variable whose name says secret stays out of ordinary parameters, with a warning', () => {
    const { inputs, warnings } = resolve({}, inOrb({ ORB_NAME: 'on-$SLACK_TOKEN', SLACK_TOKEN: 'xoxb-hidden' }));
    expect(inputs.name).toBe('on-$SLACK_TOKEN');
    expect(warnings).toEqual(['name: $SLACK_TOKEN was left as it is written, because its name says that it is secret']);
  });
});

describe('errors', () => {
  const REQUIRED = { image: { type: 'string', required: true, description: 'The image to run.' } } as const;

  it('a required parameter is named as the flag, with its description', () => {
    expect(failureOf(() => resolveInputs(REQUIRED, { flags: {}, env: {} }))).toMatchObject({
      exitCode: 2,
      code: 'arguments.invalid',
      title: '--image is required',
      hints: ['The image to run.'],
    });
  });

  it('and in the orb as the parameter', () => {
    expect(failureOf(() => resolveInputs(REQUIRED, { flags: {}, env: inOrb({}) })).title).toBe('image is required');
  });

  it('a wrong flag is named as the flag, also in the orb', () => {
    expect(failureOf(() => resolve({ dryRun: ['yes'] }, inOrb({}))).title).toBe(
      '--dry-run must be true or false (got: "yes")',
    );
  });

  it('a wrong value of the orb is named as the parameter', () => {
    expect(failureOf(() => resolve({}, inOrb({ ORB_DRY_RUN: 'yes' }))).title).toBe(
      'dry_run must be true or false (got: "yes")',
    );
  });

  it('an unset variable is told with the parameter', () => {
    expect(failureOf(() => resolve({}, inOrb({ ORB_ENVIRONMENT: 'A=$MISSING' }))).title).toBe(
      'environment: the environment variable MISSING is not set',
    );
  });

  it('several are told at once', () => {
    const failure = failureOf(() => resolve({ keep: ['0'], dryRun: ['yes'], environment: ['A'] }));
    expect(failure).toMatchObject({
      exitCode: 2,
      title: '3 arguments are wrong',
      message: [
        '--keep must be a whole number of at least 1 and at most 10 (got: "0")',
        '--dry-run must be true or false (got: "yes")',
        '--environment must be KEY=VALUE, one a line (got: "A")',
      ].join('\n'),
    });
  });
});
