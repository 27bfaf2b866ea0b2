import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/core/json.ts';

/** What is there before the first release of a sample: calls of .circleci/local-aws.yml, by operation. */
export function setupInput(sample: string, call: string): JsonObject {
  const { setup } = parse(readFileSync(join(sample, '.circleci/local-aws.yml'), 'utf8')) as {
    setup: { call: string; input: JsonObject }[];
  };
  const [input, ...others] = setup.filter((made) => made.call === call).map((made) => made.input);
  if (input === undefined || others.length > 0) throw new Error(`${sample} makes ${call} not just once`);
  return input;
}

export function readJson(path: string): JsonObject {
  return JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
}

/** Names of images that a scenario has stand-ins for. */
export function standInNames(sample: string): string[] {
  const { images } = parse(readFileSync(join(sample, '.circleci/local-aws.yml'), 'utf8')) as {
    images: { name: string }[];
  };
  return images.map(({ name }) => name);
}
