import { nearestName } from '../../core/nearest-name.ts';
import type { Fact } from '../problem.ts';
import { longestPattern } from './tokens.ts';
import type { InvalidPattern } from './pattern.ts';

/*
 * What is said about logic statements and patterns. The text of an invalid pattern is CircleCI's (captured from its API);
 * those of wrong shapes are ours, since CircleCI's are a tree of all schemas that did not match.
 */

export function invalidPattern(error: InvalidPattern): Fact {
  return { code: 'invalid-pattern', message: error.message, hints: [error.hint] };
}

export function patternTooLong(pattern: string): Fact {
  return {
    code: 'pattern-too-long',
    message: `Pattern length exceeded, limit is ${longestPattern} characters: this one has ${pattern.length}`,
    hints: ['Make several patterns of it: a list under `only` or `ignore`, or `or` with several `matches`.'],
  };
}

/** Seen with CircleCI's compiler in August 2026 (drevops/vortex#2893); its expression library has had 256 since. */
export function patternPerhapsTooLong(pattern: string): Fact {
  return {
    code: 'pattern-too-long',
    message: `A pattern of ${pattern.length} characters: CircleCI was seen to refuse more than 128`,
    hints: ['Make several patterns of it: a list under `only` or `ignore`, or `or` with several `matches`.'],
  };
}

export function literalLooksLikePattern(text: string): Fact {
  return {
    code: 'filter-without-slashes',
    message: `'${text}' is taken as a name, and no branch or tag can have that name`,
    hints: [`A pattern stands between slashes: /${text}/.`],
  };
}

export function listAsCondition(): Fact {
  return {
    code: 'condition',
    message: 'Expected a logic statement, found a list',
    hints: ['Put `and:` or `or:` before the list.'],
  };
}

export function unknownStatement(name: string, known: readonly string[]): Fact {
  const near = name.length > 100 ? undefined : nearestName(name, known);
  const hints = [`A logic statement is one of: ${known.join(', ')}.`];
  if (name === 'condition') hints.unshift('Leave out `condition`: only the steps `when` and `unless` have it.');
  else if (near !== undefined) hints.unshift(`Did you mean ${near}?`);
  return { code: 'condition', message: `Unknown logic statement: ${name}`, hints };
}

/** What CircleCI's support told of it: pachyderm/pachyderm#9324. */
export function conditionIsNotEvaluated(): Fact {
  return {
    code: 'always-true',
    message: 'CircleCI does not look into `condition` here: it counts as true, whatever it says',
    hints: ['Leave out `condition`: only the steps `when` and `unless` have it.'],
  };
}

export function severalStatements(names: readonly string[]): Fact {
  return {
    code: 'condition',
    message: `A logic statement has one key, this one has ${names.length}: ${names.slice(0, 10).join(', ')}`,
    hints: ['Put them into a list under `and:` or `or:`, each with a dash.'],
  };
}

export function argumentsNotAList(name: string, found: string): Fact {
  return {
    code: 'condition',
    message: `The arguments of '${name}' are a list, found a ${found}`,
    hints: [`Write \`${name}: [a, b]\`, or a line with a dash for each.`],
  };
}

export function noArguments(name: string): Fact {
  return {
    code: 'condition',
    message: `The list of arguments of '${name}' is empty`,
    hints: ['CircleCI refuses logic with an empty list: give it an argument, or leave the statement out.'],
  };
}

export function matchesShape(problem: string): Fact {
  return {
    code: 'condition',
    message: `A 'matches' statement has the keys 'pattern' and 'value': ${problem}`,
    hints: ['Write `matches: { pattern: "^v[0-9]+$", value: << pipeline.git.tag >> }`.'],
  };
}

export function nestedTooDeeply(deepest: number): Fact {
  return {
    code: 'condition',
    message: `Logic statements are nested more than ${deepest} levels deep`,
    hints: ['Split the condition up, or write it as an expression.'],
  };
}

/** @param direct whether an expression would be evaluated in this place if it stood alone */
export function textIsAlwaysTrue(text: string, direct: boolean): Fact {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return {
    code: 'always-true',
    message: `'${shown}' is a text here, and so always true`,
    hints: [
      direct
        ? 'Let the whole value be the expression, and leave out `<<` and `>>`.'
        : 'Put the whole expression between `<<` and `>>`.',
    ],
  };
}

export function alwaysIsNoValue(): Fact['hints'] {
  return ['Leave out `when`: a workflow without it always runs. `always` means something only in steps.'];
}
