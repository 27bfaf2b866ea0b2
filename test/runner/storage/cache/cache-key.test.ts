import { describe, expect, it } from '@jest/globals';
import {
  cacheKey,
  KeyChecksumError,
  KeyTemplateError,
  type KeyValues,
} from '../../../../src/runner/storage/cache/cache-key.ts';

const VALUES: KeyValues = {
  branch: 'feature/x',
  buildNumber: '17',
  revision: 'abc123',
  checkoutKey: '',
  environment: { NAME: 'value', EMPTY: '' },
  arch: 'arch1-linux-amd64-6_85',
  epoch: 1_700_000_000,
  checksum: (file) =>
    file === 'missing'
      ? Promise.reject(new Error('open ~/project/missing: no such file or directory'))
      : Promise.resolve(`<${file}>`),
};

describe('a key', () => {
  it.each([
    ['v1-deps', 'v1-deps'],
    ['v1-{{ .Branch }}-{{ .BuildNum }}-{{ .Revision }}', 'v1-feature/x-17-abc123'],
    ['{{.Branch}}', 'feature/x'],
    ['{{ .Environment.NAME }}|{{ .Environment.EMPTY }}', 'value|'],
    ['{{ .Environment.NONE }}', '<no value>'],
    ['{{ .Environment.toString }}', '<no value>'],
    ['{{ .CheckoutKey }}', ''],
    ['{{ epoch }}-{{ arch }}', '1700000000-arch1-linux-amd64-6_85'],
    ['{{ checksum "package-lock.json" }}', '<package-lock.json>'],
    ['{{checksum `a b`}}', '<a b>'],
    ['{{ checksum "a\\"b}}c" }}', '<a"b}}c>'],
    ['a {{- arch -}} b', 'aarch1-linux-amd64-6_85b'],
    ['a{{/* a word */}}b', 'ab'],
    ['{{ "literal" }}', 'literal'],
    ['a { b } }} $X ${Y}', 'a { b } }} $X ${Y}'],
  ])('%s is %s', async (template, key) => {
    expect(await cacheKey(template, VALUES)).toBe(key);
  });

  it.each<[string, string, RegExp]>([
    [
      'an unknown function',
      'v1-{{ parameters.e }}',
      /^template: cacheKey:1: function "parameters.e" not defined; there are/,
    ],
    ['a variable of the shell', '{{ $NAME }}', /^template: cacheKey:1: undefined variable "\$NAME"$/],
    [
      'an unknown field',
      'v1-{{ .Tag }}',
      /^template: cacheKey:1:6: executing "cacheKey" at <\.Tag>: can't evaluate field Tag/,
    ],
    ['a name of every object', '{{ constructor }}', /function "constructor" not defined/],
    ['a field of every object', '{{ .constructor }}', /can't evaluate field constructor/],
    ['a missing brace', 'a\nv1-{{ arch }', /^template: cacheKey:2: unclosed action$/],
    ['nothing in the braces', '{{ }}', /^template: cacheKey:1: missing value for command$/],
    ['no file to sum up', '{{ checksum }}', /wrong number of args for checksum: want 1 got 0$/],
    ['two files to sum up', '{{ checksum "a" "b" }}', /wrong number of args for checksum: want 1 got 2$/],
    ['a file without quotes', '{{ checksum package.json }}', /checksum takes the name of a file in quotes$/],
    ['an argument too many', '{{ arch "x" }}', /<arch "x">: arch takes no argument$/],
    ['a condition', '{{ if .Branch }}x{{ end }}', /\{\{ if \.Branch \}\} is beyond what this runner reads in keys/],
    ['a pipeline', '{{ .Branch | printf "%s" }}', /is beyond what this runner reads in keys/],
  ])('with %s is refused', async (_, template, message) => {
    const failed = cacheKey(template, VALUES);
    await expect(failed).rejects.toBeInstanceOf(KeyTemplateError);
    await expect(failed).rejects.toThrow(message);
  });

  it('that needs a file which is not there says so as CircleCI does', async () => {
    const failed = cacheKey('node-v1-{{ checksum "missing" }}', VALUES);
    await expect(failed).rejects.toBeInstanceOf(KeyChecksumError);
    await expect(failed).rejects.toThrow(
      'template: cacheKey:1:11: executing "cacheKey" at <checksum "missing">: error calling checksum: open ~/project/missing: no such file or directory',
    );
  });
});
