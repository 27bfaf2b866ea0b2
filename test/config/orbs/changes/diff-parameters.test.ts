import { describe, expect, it } from '@jest/globals';
import { diff, withParameter, without } from './support/diff.ts';

describe('a parameter', () => {
  const at = 'jobs.release.parameters.pin';

  it.each([
    ['that is gone', withParameter('{type: string}'), without, `${at} removed`, 'major'],
    ['that is new and required', without, withParameter('{type: string}'), `${at} added: {"type":"string"}`, 'major'],
    [
      'that is new, with null for a default',
      without,
      withParameter('{type: string, default: null}'),
      `${at} added: {"type":"string","default":null}`,
      'major',
    ],
    [
      'that is new, with a default',
      without,
      withParameter('{type: string, default: ""}'),
      `${at} added: {"type":"string","default":""}`,
      'minor',
    ],
    [
      'of another type',
      withParameter('{type: string}'),
      withParameter('{type: integer}'),
      `${at}.type changed: "string" -> "integer"`,
      'major',
    ],
    [
      'that is an enum no longer',
      withParameter('{type: enum, enum: [a]}'),
      withParameter('{type: string}'),
      `${at}.type changed: "enum" -> "string"`,
      'minor',
    ],
    [
      'that is an enum now',
      withParameter('{type: string}'),
      withParameter('{type: enum, enum: [a]}'),
      `${at}.type changed: "string" -> "enum"`,
      'major',
    ],
    [
      'that takes any text instead of a variable',
      withParameter('{type: env_var_name}'),
      withParameter('{type: string}'),
      `${at}.type changed: "env_var_name" -> "string"`,
      'minor',
    ],
    [
      'with another default',
      withParameter('{type: boolean, default: true}'),
      withParameter('{type: boolean, default: false}'),
      `${at}.default changed: true -> false`,
      'minor',
    ],
    [
      'that became required',
      withParameter('{type: string, default: x}'),
      withParameter('{type: string}'),
      `${at}.default removed`,
      'major',
    ],
    [
      'that became required by null',
      withParameter('{type: string, default: x}'),
      withParameter('{type: string, default: null}'),
      `${at}.default removed`,
      'major',
    ],
    [
      'that became optional',
      withParameter('{type: string}'),
      withParameter('{type: string, default: x}'),
      `${at}.default added: "x"`,
      'minor',
    ],
    [
      'with one value less',
      withParameter('{type: enum, enum: [a, b]}'),
      withParameter('{type: enum, enum: [a]}'),
      `${at}.enum.b removed`,
      'major',
    ],
    [
      'with one value more',
      withParameter('{type: enum, enum: [a]}'),
      withParameter('{type: enum, enum: [b, a]}'),
      `${at}.enum.b added: "b"`,
      'minor',
    ],
    [
      'with another description',
      withParameter('{type: string, description: a}'),
      withParameter('{type: string, description: b}'),
      `${at}.description changed: "a" -> "b"`,
      'patch',
    ],
    [
      'with another executor by default',
      withParameter('{type: executor, default: a}'),
      withParameter('{type: executor, default: {name: a, tag: "1"}}'),
      `${at}.default changed: "a" -> {"name":"a","tag":"1"}`,
      'minor',
    ],
  ])('%s', (_, older, newer, text, version) => {
    expect(diff(older, newer)).toMatchObject([{ text, version }]);
  });

  it('that only stands elsewhere is no change', () => {
    const [a, b] = ['a: {type: string, default: x}', 'b: {default: y, type: string}'];
    const older = `commands: {c: {parameters: {${a}, ${b}}, steps: [x]}}`;
    const newer = `commands: {c: {steps: [x], parameters: {b: {type: string, default: y}, ${a}}}}`;
    expect(diff(older, newer)).toEqual([]);
  });

  it('change says where, what, and why it asks for that version', () => {
    expect(diff(withParameter('{type: string, default: a}'), withParameter('{type: string, default: b}'))).toEqual([
      {
        where: 'jobs.release.parameters.pin.default',
        kind: 'changed',
        older: 'a',
        newer: 'b',
        version: 'minor',
        why: 'Calls that do not give it do something else.',
        text: 'jobs.release.parameters.pin.default changed: "a" -> "b"',
      },
    ]);
  });
});
