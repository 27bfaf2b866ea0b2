import { readFileSync } from 'node:fs';

import { invalidFile } from '../core/errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { iamProblems } from './access.ts';
import type { Service } from './service.ts';

/** How this AWS behaves other than a plain one: a part per service, by its name, and `iam`. */
export type Scenario = JsonObject;

/** Everything that is wrong with a scenario, a sentence each. */
export function scenarioProblems(scenario: unknown, services: readonly Service[]): string[] {
  if (!isJsonObject(scenario)) return ['A scenario must be a JSON object with a part per service.'];
  const names = ['iam', ...services.map(({ name }) => name)];
  return Object.entries(scenario).flatMap(([name, part]) => {
    if (!names.includes(name)) return [`A scenario has no part "${name}", only ${names.join(', ')}.`];
    if (!isJsonObject(part)) return [`The part "${name}" must be an object.`];
    if (name === 'iam') return iamProblems(part);
    return services.find((service) => service.name === name)?.scenarioProblems?.(part) ?? [];
  });
}

/** Reads a scenario file. Throws an invalid-file error. Its parts are checked by the server. */
export function readScenarioFile(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw invalidScenario(
      file,
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'There is no such file.' : String(error),
    );
  }
  let scenario: unknown;
  try {
    scenario = JSON.parse(text);
  } catch (error) {
    throw invalidScenario(file, (error as Error).message);
  }
  if (!isJsonObject(scenario)) throw invalidScenario(file, 'A scenario must be a JSON object with a part per service.');
  return scenario;
}

/** `from` is the file, or how else the scenario came. */
export function invalidScenario(from: string, why: string): Error {
  return invalidFile('The scenario of the local AWS cannot be used', `${from}: ${why}`, [
    'docs/local-aws.md describes what a scenario can say.',
  ]);
}
