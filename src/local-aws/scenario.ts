import { readDataFile } from '../core/data-file.ts';
import { DeployError, invalidFile } from '../core/errors.ts';
import { isJsonObject, type JsonObject } from '../core/json.ts';
import { iamProblems } from './access.ts';
import type { Service } from './service.ts';
import { setupProblems } from './setup/setup-calls.ts';

/**
 * How this AWS behaves other than a plain one, a part per service, by its name, and `iam`; and what is there from the
 * start: `setup`, `images` and the `region` of both.
 */
export type Scenario = JsonObject;

/** A scenario and where it came from. */
export interface ScenarioFile {
  scenario: Scenario;
  /** The file, or how else it came. */
  from: string;
  /** `file:line:column` of the part at a path. */
  locate(path: readonly (string | number)[]): string;
}

/** What counts at the start only. */
const AT_START = ['region', 'setup', 'images'];

/** Everything that is wrong with a scenario at the start, a sentence each. */
export function scenarioProblems(scenario: unknown, services: readonly Service[]): string[] {
  if (!isJsonObject(scenario)) return ['A scenario must be an object with a part per service.'];
  const names = [...AT_START, 'iam', ...services.map(({ name }) => name)];
  const problems = Object.entries(scenario).flatMap(([name, part]) => {
    if (AT_START.includes(name)) return [];
    if (!names.includes(name)) return [`A scenario has no part "${name}", only ${names.join(', ')}.`];
    if (!isJsonObject(part)) return [`The part "${name}" must be an object.`];
    if (name === 'iam') return iamProblems(part);
    return services.find((service) => service.name === name)?.scenarioProblems?.(part) ?? [];
  });
  return [...problems, ...setupProblems(scenario, services)];
}

/** Everything that is wrong with a scenario that takes the place of another while the local AWS runs. */
export function laterScenarioProblems(scenario: unknown, services: readonly Service[]): string[] {
  const late = isJsonObject(scenario) ? AT_START.filter((name) => Object.hasOwn(scenario, name)) : [];
  return late.length > 0
    ? late.map((name) => `"${name}" counts in the scenario of the start only.`)
    : scenarioProblems(scenario, services);
}

/** A scenario without what counts at the start only. */
export function behaviourOf(scenario: Scenario): Scenario {
  return Object.fromEntries(Object.entries(scenario).filter(([name]) => !AT_START.includes(name)));
}

/** A scenario from a JSON or YAML file, or as it is. Throws an invalid-file error. Its parts are checked by the stack. */
export async function readScenario(given: Scenario | string): Promise<ScenarioFile> {
  if (typeof given !== 'string') return { scenario: given, from: 'scenario', locate: () => 'scenario' };
  const { value, locate } = await readDataFile(given, given).catch((error: unknown) => {
    if (!(error instanceof DeployError)) throw error;
    throw unusable(error.code === 'file.not_found' ? `${given}: There is no such file.` : error.message);
  });
  if (!isJsonObject(value)) throw invalidScenario(given, 'A scenario must be an object with a part per service.');
  return { scenario: value, from: given, locate };
}

/** `from` is the file, or how else the scenario came. */
export function invalidScenario(from: string, why: string): Error {
  return unusable(`${from}: ${why}`);
}

function unusable(message: string): Error {
  return invalidFile('The scenario of the local AWS cannot be used', message, [
    'docs/local-aws.md describes what a scenario can say.',
  ]);
}
