import { describe, expect, it } from '@jest/globals';
import { DeployError } from '../../src/core/errors.ts';
import { errorText, unexpectedError } from '../../src/report/error-text.ts';

describe('errorText', () => {
  it('has what went wrong, where and why, and what to do next', () => {
    const error = new DeployError({
      code: 'x',
      title: 'no such image in ECR: crawl:7',
      message: 'Repository crawl in eu-west-1.\nAccount 123456789012.',
      hints: ['Push it first.', 'Or correct the name.'],
    });
    expect(errorText(error)).toBe(
      [
        'error: no such image in ECR: crawl:7',
        '  Repository crawl in eu-west-1.',
        '  Account 123456789012.',
        '',
        'Suggestions:',
        '  Push it first.',
        '  Or correct the name.',
        '',
      ].join('\n'),
    );
  });

  it('is one line when there is only a title', () => {
    expect(errorText(new DeployError({ code: 'x', title: 'canceled' }))).toBe('error: canceled\n');
  });
});

describe('unexpectedError', () => {
  it('leaves an error that is meant for the user as it is', () => {
    const error = new DeployError({ code: 'x', title: 'canceled' });
    expect(unexpectedError(error, 'https://example.org/issues')).toBe(error);
  });

  it.each([
    ['ENOSPC', 'write', 'the machine has no space left on the disk'],
    ['EACCES', 'open', 'the machine does not let this user do that'],
    ['ENOENT', 'mkdtemp', 'a temporary folder can not be made'],
  ])('tells what the machine refuses as that: %s of %s', (code, syscall, title) => {
    const thrown = Object.assign(new Error(`${code}: at /somewhere`), { code, syscall });
    expect(unexpectedError(thrown, 'https://example.org/issues')).toMatchObject({ title, exitCode: 1, cause: thrown });
  });

  it.each([
    [new TypeError('x is not a function'), 'TypeError: x is not a function'],
    ['thrown text', 'thrown text'],
    [undefined, 'undefined'],
  ])('tells everything else as a bug, without a stack: %s', (thrown, message) => {
    const error = unexpectedError(thrown, 'https://example.org/issues');
    expect([error.code, error.exitCode, error.message]).toEqual(['internal', 1, message]);
    expect(errorText(error)).toContain('https://example.org/issues');
    expect(errorText(error)).not.toContain('    at ');
  });
});
