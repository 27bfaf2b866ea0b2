import { nearestName } from '../../../core/nearest-name.ts';
import type { Fact } from '../../problem.ts';

/*
 * What the schema check of CircleCI says. The real message is a tree of all the alternatives that didn't match; these are
 * its innermost lines (captured in filecoin-project/venus#2275 and CircleCI-Public/circleci-cli#326, #1202).
 */

/** Where in the config something is, as JSON pointers have it: `#/jobs/build/steps/0`. */
export type SchemaPath = string;

export const EXTRANEOUS_KEY = 'extraneous-key';

export function extraneousKey(path: SchemaPath, key: string, permitted: readonly string[]): Fact {
  const near = nearestName(key, permitted);
  return {
    code: EXTRANEOUS_KEY,
    message: inConfigFile(path, `extraneous key [${key}] is not permitted`, 'Permitted keys:', permitted),
    hints: near === undefined ? [] : [`Did you mean ${near}?`],
  };
}

/** The same where CircleCI goes on in spite of it. */
export function onlyWarned(fact: Fact): Fact {
  return { ...fact, message: fact.message.replace(ERROR, 'Your config file has errors and may not run correctly:') };
}

export function requiredKey(path: SchemaPath, key: string, hints: readonly string[] = []): Fact {
  return { code: 'required-key', message: inConfigFile(path, `required key [${key}] not found`), hints };
}

export type SchemaType = 'Mapping' | 'Sequence' | 'String' | 'Integer' | 'Number' | 'Boolean' | 'Null';

export function wrongType(path: SchemaPath, expected: string, found: SchemaType, hints: readonly string[] = []): Fact {
  return { code: 'wrong-type', message: inConfigFile(path, `expected type: ${expected}, found: ${found}`), hints };
}

export function notInEnum(path: SchemaPath, value: string, permitted: readonly string[]): Fact {
  const near = nearestName(value, permitted);
  return {
    code: 'invalid-value',
    message: inConfigFile(path, 'Input not a valid enum value', 'enum:', permitted),
    hints: near === undefined ? [] : [`Did you mean ${near}?`],
  };
}

/** CircleCI-Public/circleci-cli#326: what a wrong indentation makes of a step. */
export function tooManyKeys(path: SchemaPath, most: number, found: number, hints: readonly string[] = []): Fact {
  return { code: 'too-many-keys', message: inConfigFile(path, `maximum size: [${most}], found: [${found}]`), hints };
}

/** A problem for which the words of CircleCI are not known. */
export function invalidAt(path: SchemaPath, text: string, hints: readonly string[] = []): Fact {
  return { code: 'invalid-value', message: inConfigFile(path, text), hints };
}

const ERROR = 'ERROR IN CONFIG FILE:';

function inConfigFile(path: SchemaPath, text: string, title?: string, list: readonly string[] = []): string {
  const lines = [ERROR, `[${path}] ${text}`];
  if (title !== undefined) lines.push(title, ...list.map((item) => `  - ${item}`));
  return lines.join('\n');
}
