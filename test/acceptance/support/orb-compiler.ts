import { stringify } from 'yaml';
import { compile } from '../../../src/config/compile.ts';
import { member, type MapNode, type Node } from '../../../src/config/node.ts';
import type { Source } from '../../../src/config/source.ts';
import type { JsonObject, JsonValue } from '../../../src/core/json.ts';
import { readJob } from '../../../src/runner/pipeline/read-job.ts';
import type { Job } from '../../../src/runner/pipeline/pipeline.ts';

export interface CompilerOptions {
  /** The orb, as its YAML says. */
  orb: JsonObject;
  /** The name under which a config imports the orb. */
  prefix: string;
  pipelineNumber: number;
  /** How a boolean looks in the environment of a step: CircleCI documents that it may be either. */
  booleans: 'words' | 'digits';
}

const orbTexts = new WeakMap<JsonObject, Source>();

/** A job of the orb, called with these arguments, as CircleCI would run it: no templates and no calls any more. */
export function compileJob(options: CompilerOptions, name: string, given: Readonly<Record<string, JsonValue>>): Job {
  const called = `${options.prefix}/${name}`;
  const call = Object.keys(given).length === 0 ? called : { [called]: { ...given } };
  return compileConfig(options, called, { workflows: { main: { jobs: [call] } } });
}

/** A job of a user's own. */
export function compileOwnJob(options: CompilerOptions, steps: readonly JsonValue[]): Job {
  const own = { docker: [{ image: 'cimg/base:current' }], steps: [...steps] };
  return compileConfig(options, 'own', { jobs: { own }, workflows: { main: { jobs: ['own'] } } });
}

/** Throws with what CircleCI would say of the config. */
function compileConfig(options: CompilerOptions, job: string, config: JsonObject): Job {
  const { prefix, pipelineNumber, booleans } = options;
  const text = yamlText({ version: 2.1, orbs: { [prefix]: 'aws-deploy/aws-deploy@0.1.0' }, ...config });
  const { config: compiled, problems } = compile(
    { name: 'config.yml', text },
    { orbs: { [prefix]: orbSource(options.orb) }, pipelineValues: { number: pipelineNumber } },
  );
  const body = member(member(compiled?.document, 'jobs'), job);
  if (body?.kind !== 'map') throw new Error(problems.map(({ message }) => message).join('\n'));
  const environments = booleans === 'digits' ? withDigits(body) : body;
  return readJob(environments);
}

function orbSource(orb: JsonObject): Source {
  const known = orbTexts.get(orb);
  if (known) return known;
  const source = { name: 'aws-deploy', text: yamlText(orb) };
  orbTexts.set(orb, source);
  return source;
}

/** YAML as 1.1 reads it, too. */
function yamlText(value: JsonObject): string {
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}

/** Booleans that are nothing but a tag, as they reach the environment of a step where they become digits. */
function withDigits<T extends Node>(node: T): T;
function withDigits(node: MapNode | Node): Node {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'boolean' ? { ...node, value: node.value ? '1' : '0' } : node;
    case 'list':
      return { ...node, items: node.items.map((item) => withDigits(item)) };
    case 'map': {
      const entries = [...node.entries].map(
        ([key, entry]) => [key, { ...entry, value: withDigits(entry.value) }] as const,
      );
      return { ...node, entries: new Map(entries) };
    }
  }
}
