import { describe, expect, it } from '@jest/globals';
import { badArgument, DeployError, invalidFile, retold, textOf } from '../../src/core/errors.ts';

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

describe('an error that is told again', () => {
  const cause = new Error('below');
  const fields = { code: 'x', title: 'it broke', hints: ['Repair it.'], exitCode: 4, cause } as const;
  const told = ({ code, title, message, hints, exitCode, cause: below }: DeployError): object => {
    return { code, title, message, hints, exitCode, cause: below };
  };

  it('is the same but for what is changed', () => {
    const error = new DeployError({ ...fields, message: 'why' });
    expect(told(retold(error, { hints: [] }))).toEqual({ ...told(error), hints: [] });
  });

  it('says nothing of its former title', () => {
    expect(retold(new DeployError(fields), { title: 'all broke' }).message).toBe('all broke');
    expect(retold(new DeployError({ ...fields, message: 'why' }), { title: 'all broke' }).message).toBe('why');
  });
});

it.each([
  [undefined, 'it broke'],
  ['why', 'it broke\nwhy'],
])('all that an error with the message %p says: %p', (message, text) => {
  expect(textOf(new DeployError({ code: 'x', title: 'it broke', ...(message && { message }) }))).toBe(text);
});

it('a bad argument is exit code 2', () => {
  const { code, exitCode, hints } = badArgument('--keep is wrong', ['Do better.']);
  expect({ code, exitCode, hints }).toEqual({ code: 'arguments.invalid', exitCode: 2, hints: ['Do better.'] });
});

it('an invalid file is exit code 7', () => {
  const { code, exitCode, message } = invalidFile('x.json can not be parsed', 'x.json:1:2: why');
  expect({ code, exitCode, message }).toEqual({ code: 'file.invalid', exitCode: 7, message: 'x.json:1:2: why' });
});
