import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { buildOrb } from '../../src/orb/build-orb.ts';
import { packedOrb } from '../../src/orb/orb-files.ts';
import { sources } from './orb-sources.ts';

/** The schema of CircleCI's language server; it is not part of this repository. */
const FILE = '../shared/data/circleci-config-schema.json';
const REASON = existsSync(FILE) ? '' : ` (skipped: ${FILE} is not there)`;

const orb = buildOrb(sources);
const documents: [string, unknown][] = [
  ['the orb', parse(packedOrb(orb))],
  ...orb.examples.map(({ name, usage }): [string, unknown] => [`usage example ${name}`, usage]),
  ['the config of this project', parse(readFileSync('.circleci/config.yml', 'utf8'))],
];

(REASON === '' ? describe : describe.skip)(`the schema of CircleCI configs${REASON}`, () => {
  it.each(documents)('accepts %s', (_name, document) => {
    const validate = relaxedSchema();
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('still refuses a wrong shape', () => {
    expect(relaxedSchema()({ version: 2.1, jobs: { work: { steps: 'checkout' } } })).toBe(false);
  });
});

function relaxedSchema() {
  const ajv = new Ajv({ strict: false, formats: { uri: true } });
  return ajv.compile(relaxed(JSON.parse(readFileSync(FILE, 'utf8'))) as object);
}

/** Each property also takes a string with a parameter in it: the schema describes configs after their expansion. */
function relaxed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(relaxed);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'properties' ? relaxedProperties(value) : relaxed(value),
    ]),
  );
}

function relaxedProperties(properties: object): object {
  const withParameter = { type: 'string', pattern: '<<' };
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, { anyOf: [relaxed(schema), withParameter] }]),
  );
}
