import { describe, expect, it } from '@jest/globals';
import { isExactVersion, parseOrbReference } from '../../../src/config/orbs/orb-reference.ts';

describe('references that CircleCI takes', () => {
  it.each([
    ['circleci/node@5.2.0', 'circleci', 'node', '5.2.0'],
    ['circleci/node@5.2', 'circleci', 'node', '5.2'],
    ['circleci/node@5', 'circleci', 'node', '5'],
    ['circleci/node@volatile', 'circleci', 'node', 'volatile'],
    ['acme/my_orb@dev:first', 'acme', 'my_orb', 'dev:first'],
    ['acme/orb@dev:feature/a@b', 'acme', 'orb', 'dev:feature/a@b'],
    ['18f/orb@1.0.0', '18f', 'orb', '1.0.0'],
  ])('%s', (text, namespace, orb, version) => {
    expect(parseOrbReference(text)).toEqual({ kind: 'registry', text, namespace, orb, version });
  });

  it.each([
    'https://raw.githubusercontent.com/acme/orbs/main/tools.yml',
    'https://example.com/orb.yml?ref=1.0#fragment',
    'HTTPS://example.com/orb.yml',
  ])('%s', (text) => {
    expect(parseOrbReference(text)).toEqual({ kind: 'url', text });
  });
});

describe('malformed references', () => {
  it.each([
    ['circleci/continuation:0.1.2', /@ before the version: circleci\/continuation@0\.1\.2/],
    ['circleci/node', /Add a version: circleci\/node@1\.2\.3/],
    ['circleci/node@latest', /circleci\/node@volatile/],
    ['circleci/node@v5.2.0', /Perhaps circleci\/node@5\.2\.0/],
    ['circleci/node@5.x', /Perhaps circleci\/node@5\./],
    ['circleci/node@^5.2.0', /Perhaps circleci\/node@5\.2\.0/],
    ['circleci/node@', /The version is one of/],
    ['circleci/node@dev:', /The version is one of/],
    ['circleci/node@1.2.3.4', /The version is one of/],
    ['http://example.com/orb.yml', /begins with https:/],
    ['https://', /https:\/\/HOST\/PATH/],
    ['https://example.com/my orb.yml', /without blanks/],
    ['./orbs/node.yml', /--orb NAME=PATH/],
    ['orbs/node.yml', /--orb NAME=PATH/],
    ['node@5.2.0', /namespace\/orb@version/],
    ['a/b/c@1', /namespace\/orb@version/],
    ['', /namespace\/orb@version/],
    ['../../etc/passwd@1', /--orb NAME=PATH/],
  ])("are told in CircleCI's words, with what to do: %s", (text, hint) => {
    const reference = parseOrbReference(text);
    expect(reference).toMatchObject({ kind: 'malformed', fact: { message: `Invalid orb reference: '${text}'` } });
    expect(reference).toHaveProperty('fact.hints', [expect.stringMatching(hint)]);
  });
});

describe('a version that can only be itself', () => {
  it.each([
    ['1.2.3', true],
    ['1.2', false],
    ['1', false],
    ['volatile', false],
    ['dev:1.2.3', false],
  ])('%s: %s', (version, exact) => {
    expect(isExactVersion(version)).toBe(exact);
  });
});
