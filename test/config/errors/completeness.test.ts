import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { calledFunctions } from '../support/called-functions.ts';
import { caseNames } from '../support/case-file.ts';
import { toldByCase } from '../support/checked-case.ts';
import { largeCases, toldOfLarge } from '../support/large-cases.ts';
import { packingCases, toldByPacking } from '../support/packing-case.ts';
import { CAPTURED } from '../support/captured-texts.ts';

const cases = import.meta.dirname;
const packing = join(cases, 'packing');
const sources = join(import.meta.dirname, '../../../src/config');

/** What no whole config can produce; tested where it is. */
const NOT_FROM_A_CONFIG: ReadonlyMap<string, string> = new Map([
  ['nestedTooDeeply', 'YAML ends at a hundred levels'],
  ['commandWithoutSteps', 'the check of the shape tells it first'],
  ['notInvocation', 'the check of the shape tells it first'],
]);
const CODES_NOT_FROM_A_CONFIG = ['command-without-steps', 'workflow-job-shape'];

const modules = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const told: string[] = [];
let called: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  called = await calledFunctions(() => {
    for (const name of caseNames(cases)) told.push(toldByCase(cases, name));
    for (const name of packingCases(packing)) told.push(toldByPacking(packing, name));
    for (const each of largeCases) told.push(toldOfLarge(each));
  });
});

describe('each code is produced by a case', () => {
  const codes = modules.flatMap((path) => {
    const text = readFileSync(join(sources, path), 'utf8');
    return [...text.matchAll(/\bcode: (.*)/g)].flatMap(([, rest = '']) =>
      [...rest.matchAll(/(?<!message: .*)'([a-z][a-z0-9-]*)'/g)].map(([, code = '']) => code),
    );
  });

  it.each([...new Set(codes)].filter((code) => !CODES_NOT_FROM_A_CONFIG.includes(code)).toSorted())('%s', (code) => {
    const produced = told.some((each) => new RegExp(`^# (?:error|warning) \\S+ ${code}$`, 'm').test(each));
    expect({ produced }).toEqual({ produced: true });
  });
});

describe('each text is produced by a case', () => {
  const texts = modules.filter((path) => path.endsWith('-texts.ts'));

  it.each(texts)('of %s', async (path) => {
    const url = pathToFileURL(join(sources, path)).href;
    const functions = Object.entries((await import(url)) as Record<string, unknown>)
      .filter(([, value]) => typeof value === 'function')
      .map(([name]) => name);
    const unused = functions.filter((name) => !called.get(url)?.has(name) && !NOT_FROM_A_CONFIG.has(name));
    expect(unused).toEqual([]);
  });
});

describe('each text that CircleCI was seen to print is produced by a case', () => {
  it.each(CAPTURED)('%s', (text) => {
    const produced = told.some((each) => each.includes(`#   ${text}`));
    expect({ produced }).toEqual({ produced: true });
  });
});
