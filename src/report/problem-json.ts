import type { JsonObject } from '../core/json.ts';
import type { Problem } from '../config/problem.ts';
import type { Place } from '../config/source.ts';
import { userPlace } from './problem-text.ts';

/** Whether a config is valid, and all that is to be said about it, for programs. */
export function problemsJson(problems: readonly Problem[]): JsonObject {
  const valid = !problems.some(({ severity }) => severity === 'error');
  return { valid, problems: problems.map(problemJson) };
}

/** A problem for programs. `file`, `line` and `column` are in the user's own file; `orb` says where inside an orb. */
function problemJson(problem: Problem): JsonObject {
  const { severity, code, message, hints = [], scopes, at } = problem;
  const shown = userPlace(problem);
  return {
    severity,
    code,
    message,
    ...placeJson(shown),
    ...(shown === at ? {} : { orb: placeJson(at) }),
    scopes: scopes.map((scope) => ({ text: scope.text, ...placeJson(scope.at) })),
    hints: [...hints],
  };
}

function placeJson({ source, line, column }: Place): JsonObject {
  return { file: source.name, line, column };
}
