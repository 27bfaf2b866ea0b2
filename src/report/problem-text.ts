import type { Problem } from '../config/problem.ts';
import { placeText, type Place, type Source } from '../config/source.ts';

/**
 * The problems of a config as people read them; the indented lines are CircleCI's own words:
 *
 *     error: .circleci/config.yml:12:9
 *       Error calling workflow: 'release'
 *       Error calling job: 'build'
 *       Cannot find a definition for command named instal
 *
 *       12 |       - instal
 *          |         ^
 *       Did you mean install?
 */
export function problemsText(problems: readonly Problem[]): string {
  return problems.map((problem) => `${problemLines(problem).join('\n')}\n`).join('\n');
}

function problemLines(problem: Problem): string[] {
  const { severity, at, message, hints = [], scopes } = problem;
  const shown = userPlace(problem);
  const lines = snippet(shown);
  const words = [...scopes.map(({ text }) => text), ...message.split('\n')];
  return [
    `${severity}: ${placeText(shown)}`,
    ...words.map((line) => indented(line)),
    ...(lines.length === 0 ? [] : ['', ...lines]),
    ...(shown === at ? [] : ['', indented(`in orb ${placeText(at)}`), ...snippet(at)]),
    ...(hints.length === 0 ? [] : ['']),
    ...hints.map((hint) => indented(hint)),
  ];
}

/** Where the user can change something: the place itself, or the innermost call in a file of theirs that leads into an orb. */
export function userPlace({ at, scopes }: Problem): Place {
  if (at.source.orb === undefined) return at;
  return scopes.findLast((scope) => scope.at.source.orb === undefined)?.at ?? at;
}

const LONGEST = 160;

const known = new WeakMap<Source, readonly string[]>();

/** A source with a thousand problems is cut into lines once. */
function linesOf(source: Source): readonly string[] {
  const lines = known.get(source) ?? source.text.split(/\r\n|[\n\r]/);
  known.set(source, lines);
  return lines;
}

/** The line of a place with a caret under it, cut around the place when it is long. */
function snippet({ source, line, column }: Place): string[] {
  const text = linesOf(source)[line - 1] ?? '';
  if (text.trim() === '') return [];
  const from = column > LONGEST / 2 ? column - LONGEST / 2 : 0;
  const part = text.slice(from, from + LONGEST).replaceAll(/\p{Cc}/gu, ' ');
  const number = String(line);
  const margin = ' '.repeat(number.length);
  return [indented(`${number} | ${part}`), indented(`${margin} | ${' '.repeat(column - 1 - from)}^`)];
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
