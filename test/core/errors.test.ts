import { describe, expect, it } from '@jest/globals';
import { badArgument, DeployError, invalidFile } from '../../src/core/errors.ts';

describe('DeployError', () => {
  it('is exit code 1 without hints when nothing else is said, and its title is its message', () => {
    const { exitCode, hints, title, message, cause } = new DeployError({ code: 'x', title: 'it broke' });
    expect({ exitCode, hints, title, message, cause }).toEqual({
      exitCode: 1,
      hints: [],
      title: 'it broke',
      message: 'it broke',
      cause: undefined,
    });
  });

  it('keeps what it was caused by', () => {
    const cause = new Error('below');
    const error = new DeployError({ code: 'x', title: 'it broke', message: 'why', cause });
    expect([error.title, error.message, error.cause]).toEqual(['it broke', 'why', cause]);
  });
});

it('a bad argument is exit code 2', () => {
  const { code, exitCode, hints } = badArgument('--keep is wrong', ['Do better.']);
  expect({ code, exitCode, hints }).toEqual({ code: 'arguments.invalid', exitCode: 2, hints: ['Do better.'] });
});

it('an invalid file is exit code 7', () => {
  const { code, exitCode, message } = invalidFile('x.json can not be parsed', 'x.json:1:2: why');
  expect({ code, exitCode, message }).toEqual({ code: 'file.invalid', exitCode: 7, message: 'x.json:1:2: why' });
});
