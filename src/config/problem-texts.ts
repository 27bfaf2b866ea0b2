import type { Fact } from './problem.ts';
import type { ElementKind } from './library.ts';

/*
 * What CircleCI says, as captured from its API, its CLI's test data and public issues. One function per text; every one of
 * them is produced by a case in test/config/errors.
 */

export function noDefinition(kind: ElementKind, name: string, hints: readonly string[] = []): Fact {
  return { code: `unknown-${kind}`, message: `Cannot find a definition for ${kind} named ${name}`, hints };
}

export function noOrbForElement(orb: string, kind: ElementKind, name: string, hints: readonly string[] = []): Fact {
  return { code: 'orb-not-imported', message: `Cannot find orb '${orb}' looking for ${kind} named '${name}'`, hints };
}

export function missingArguments(names: readonly string[], hints: readonly string[] = []): Fact {
  return { code: 'missing-arguments', message: `Missing required argument(s): ${names.join(', ')}`, hints };
}

export function unexpectedArguments(names: readonly string[], hints: readonly string[] = []): Fact {
  return { code: 'unexpected-arguments', message: `Unexpected argument(s): ${names.join(', ')}`, hints };
}

/** @param actual as CircleCI describes a value: `"1" (type string)` */
export function argumentType(name: string, expected: string, actual: string, hints: readonly string[] = []): Fact {
  const message = `Type error for argument ${name}: expected type: ${expected}, actual value: ${actual}`;
  return { code: 'argument-type', message, hints };
}

export function undeclaredParameters(names: readonly string[], hints: readonly string[] = []): Fact {
  const message = `Arguments referenced without declared parameters: ${names.join(', ')}`;
  return { code: 'undeclared-parameters', message, hints };
}

export function unknownVariables(names: readonly string[], hints: readonly string[] = []): Fact {
  return { code: 'unknown-variables', message: `Unknown variable(s): ${names.join(', ')}`, hints };
}

export function tooLarge(): Fact {
  return {
    code: 'too-large',
    message: 'Your compiled config is too large to be processed. Please contact support.',
    hints: [
      'CircleCI accepts at most 8 MB of compiled config: use fewer matrix values, or commands that do more at run time.',
    ],
  };
}

/** CircleCI has no such limit that is known. */
export function tooManyErrors(most: number): Fact {
  return {
    code: 'too-many-errors',
    message: `There are more errors than these ${most}`,
    hints: ['Repair the first ones: others may go with them.'],
  };
}
