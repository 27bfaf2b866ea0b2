import type { Fact, Report } from '../problem.ts';
import { undeclaredParameters, unknownVariables } from '../problem-texts.ts';
import { nearestVariable, type Variables } from '../variables.ts';
import type { ReferencedName } from './read-template.ts';

/** Looking for the nearest name takes time; who has made so many mistakes is helped with the first ones. */
const MOST_SUGGESTIONS = 500;

/** No value has a longer name, and comparing takes time with the square of the length. */
const LONGEST_NAME = 100;

/** Reports a name in a template that means nothing, in CircleCI's words, which tell parameters from all others. */
export function reportUnknownName(unknown: ReferencedName, variables: Variables, report: Report): void {
  const hints = [...suggestions(unknown, variables, report), ...unknown.hints];
  report.error(unknownName(unknown.name, hints), unknown.at);
}

function unknownName(name: string, hints: readonly string[]): Fact {
  return name.startsWith('parameters.') ? undeclaredParameters([name], hints) : unknownVariables([name], hints);
}

function suggestions({ name, hints }: ReferencedName, variables: Variables, report: Report): string[] {
  if (report.problems.length > MOST_SUGGESTIONS || name.length > LONGEST_NAME) return [];
  const names = variables.names();
  const known = variables.hintFor?.(name);
  if (known !== undefined) return [known];
  const meant = ['parameters.', 'pipeline.parameters.', 'pipeline.', 'matrix.']
    .map((prefix) => prefix + name)
    .find((candidate) => names.includes(candidate));
  const near = meant ?? nearestVariable(name, names);
  if (near !== undefined) return [`Did you mean ${near}?`];
  if (name.startsWith('pipeline.parameters.')) {
    return ['Declare it under `parameters` at the top of the config.'];
  }
  if (!name.includes('.') && hints.length === 0) {
    return ['Values have names such as parameters.x and pipeline.git.branch; a `<<` that is text is written `\\<<`.'];
  }
  if (!name.startsWith('parameters.')) return [];
  const declared = names.filter((candidate) => candidate.startsWith('parameters.'));
  return [
    declared.length === 0
      ? 'Nothing declares parameters here: a command, job or executor sees its own only, not those of its caller.'
      : `What is declared here: ${declared.slice(0, 20).join(', ')}.`,
  ];
}
