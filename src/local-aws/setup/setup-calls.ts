import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import type { InternalCall } from '../internal-calls.ts';
import { DEFAULT_REGION } from '../request-region.ts';
import type { Scenario } from '../scenario.ts';
import type { Service } from '../service.ts';
import { IMAGE_NAME, type StandIn } from './stand-in-image.ts';

/** The calls of a scenario that `setupProblems` finds nothing wrong with, in their order. */
export function setupCalls(scenario: Scenario): InternalCall[] {
  return itemsOf(scenario['setup']).map(({ call, region, input }) => {
    const { service, operation } = namesIn(call)!;
    return { service, operation, region: regionOf(region, scenario), input: isJsonObject(input) ? input : {} };
  });
}

/** The images of such a scenario. */
export function standIns(scenario: Scenario): StandIn[] {
  return itemsOf(scenario['images']).map(({ name, region, files, environment }) => ({
    name: String(name),
    region: regionOf(region, scenario),
    ...(isJsonObject(files) && { files: files as Record<string, string> }),
    ...(isJsonObject(environment) && { environment: environment as Record<string, string> }),
  }));
}

/** The region of a scenario, for whoever names no other; undefined when it has none. */
export function scenarioRegion({ region }: Scenario): string | undefined {
  return typeof region === 'string' ? region : undefined;
}

/** Everything that is wrong with `region`, `setup` and `images`, a sentence each. */
export function setupProblems({ region, setup, images }: Scenario, services: readonly Service[]): string[] {
  return [
    ...(region === undefined || isRegion(region) ? [] : ['"region" must be the name of a region: "eu-central-1".']),
    ...listProblems(setup, 'setup', (item, at) => callProblems(item, at, services)),
    ...listProblems(images, 'images', imageProblems),
  ];
}

function callProblems(item: JsonObject, at: string, services: readonly Service[]): string[] {
  const { call, region, input = {}, ...unknown } = item;
  const problems = unknownProblems(unknown, at, 'call, region and input');
  if (region !== undefined && !isRegion(region)) problems.push(`${at}: "region" must be the name of a region.`);
  if (!isJsonObject(input)) problems.push(`${at}: "input" must be an object.`);
  const named = namesIn(call);
  if (named === undefined) return [...problems, `${at} needs "call", like "ecr:CreateRepository".`];
  const service = services.find(({ name }) => name === named.service);
  if (service?.inputProblems === undefined) {
    const known = services.filter(({ inputProblems }) => inputProblems !== undefined).map(({ name }) => name);
    return [...problems, `${at}: there is no service "${named.service}" to be set up, only ${known.join(', ')}.`];
  }
  const refused = service.inputProblems(named.operation, isJsonObject(input) ? input : {});
  return [...problems, ...refused.map((problem) => `${at} (${String(call)}): ${problem}`)];
}

function imageProblems(item: JsonObject, at: string): string[] {
  const { name, region, files, environment, ...unknown } = item;
  const problems = unknownProblems(unknown, at, 'name, region, files and environment');
  if (typeof name !== 'string' || !IMAGE_NAME.test(name)) {
    problems.push(
      `${at} needs "name": the whole name of an image with its registry and a tag, like "docker.io/library/alpine:3.22".`,
    );
  }
  if (region !== undefined && !isRegion(region)) problems.push(`${at}: "region" must be the name of a region.`);
  for (const [member, value] of Object.entries({ files, environment })) {
    const isTexts = isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
    if (value !== undefined && !isTexts) problems.push(`${at}: "${member}" must be an object of texts.`);
  }
  return problems;
}

function listProblems(
  list: JsonValue | undefined,
  name: string,
  problemsOf: (item: JsonObject, at: string) => string[],
): string[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) return [`"${name}" must be a list.`];
  return list.flatMap((item, index) => {
    const at = `${name}[${index}]`;
    return isJsonObject(item) ? problemsOf(item, at) : [`${at} must be an object.`];
  });
}

function unknownProblems(unknown: JsonObject, at: string, known: string): string[] {
  return Object.keys(unknown).map((member) => `${at} has no member "${member}", only ${known}.`);
}

function namesIn(call: JsonValue | undefined): { service: string; operation: string } | undefined {
  const [, service, operation] = (typeof call === 'string' && /^([a-z0-9-]+):([A-Za-z0-9]+)$/.exec(call)) || [];
  return service === undefined || operation === undefined ? undefined : { service, operation };
}

function regionOf(region: JsonValue | undefined, scenario: Scenario): string {
  return typeof region === 'string' ? region : (scenarioRegion(scenario) ?? DEFAULT_REGION);
}

function isRegion(region: JsonValue): boolean {
  return typeof region === 'string' && /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(region);
}

function itemsOf(list: JsonValue | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
