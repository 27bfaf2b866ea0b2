import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/json.ts';
import { CONFIG, ORB } from '../../../src/config/shape/shapes/config-shapes.ts';
import { EXECUTOR } from '../../../src/config/shape/shapes/executor-shapes.ts';
import { BUILD_JOB, COMMAND } from '../../../src/config/shape/shapes/job-shapes.ts';
import type { MapShape, Shape } from '../../../src/config/shape/shapes/shape.ts';
import { BUILT_IN_STEPS } from '../../../src/config/shape/shapes/step-shapes.ts';
import { INVOCATION_KEYS, JOB_GROUPS, WORKFLOW } from '../../../src/config/shape/shapes/workflow-shapes.ts';

/*
 * Our table of what is permitted against the JSON schema of CircleCI's language server. The schema is no part of this
 * repository: without it, the test is skipped.
 */
const file = join(import.meta.dirname, '../../../../shared/data/circleci-config-schema.json');
const there = existsSync(file);
const schema = there ? (JSON.parse(readFileSync(file, 'utf8')) as JsonObject) : {};

const everyStep = ['name', 'when'];

/** What we permit and the schema doesn't, and why. */
const deviations: Readonly<Record<string, readonly string[]>> = {
  // The documentation has both; functions are newer than the schema.
  config: ['description', 'setup', 'functions'],
  orb: ['version', 'description', 'display', 'examples'],
  // Deprecated, and still in the documentation.
  job: ['branches'],
  // Acceptance tests of the language server: code_signing and gcp_auth compile.
  'executor.machine': ['code_signing'],
  'executor.macos': ['code_signing'],
  'executor.docker': ['gcp_auth'],
  'job.machine': ['code_signing'],
  'job.macos': ['code_signing'],
  'job.docker': ['gcp_auth'],
  // Each step may have a name and a when: the schema knows them for some steps only.
  'step.checkout': everyStep,
  'step.setup_remote_docker': [...everyStep, 'prefer_same_region'],
  'step.restore_cache': ['when'],
  'step.store_artifacts': ['when'],
  'step.store_test_results': ['when'],
  'step.persist_to_workspace': ['when', 'path'],
  'step.attach_workspace': ['when'],
  'step.add_ssh_keys': everyStep,
  // The schema leaves jobs of workflows open; names and upstream are documented, or printed by CircleCI itself.
  invocation: ['name', 'upstream'],
};

/** What the schema permits and we don't name, and why. */
const left: Readonly<Record<string, readonly string[]>> = {
  // Parts of an orb that the schema permits in every file: in a config CircleCI drops them.
  config: ['examples', 'display'],
};

describe.each<[string, MapShape | undefined, JsonValue[]]>([
  ['config', CONFIG, [schema]],
  ['orb', ORB, at('definitions.orb.oneOf.1')],
  ['command', mapOf(COMMAND), at('properties.commands.additionalProperties.oneOf.0')],
  ['executor', mapOf(EXECUTOR), at('properties.executors.additionalProperties.oneOf.0')],
  ['executor.docker', dockerOf(mapOf(EXECUTOR)), executorPart('docker.items')],
  ['executor.machine', mapOf(mapOf(EXECUTOR)?.keys.get('machine')), executorPart('machine.oneOf.1')],
  ['executor.macos', mapOf(mapOf(EXECUTOR)?.keys.get('macos')), executorPart('macos')],
  ['job', BUILD_JOB, job()],
  ['job.docker', dockerOf(BUILD_JOB), jobPart('docker.items')],
  ['job.machine', mapOf(BUILD_JOB.keys.get('machine')), jobPart('machine.oneOf.1')],
  ['job.macos', mapOf(BUILD_JOB.keys.get('macos')), jobPart('macos')],
  ['job.retention', mapOf(BUILD_JOB.keys.get('retention')), jobPart('retention')],
  ['example', mapOf(othersOf(ORB.keys.get('examples'))), at('properties.examples.additionalProperties')],
  ['workflow', mapOf(WORKFLOW), at('properties.workflows.additionalProperties')],
  ['job group', mapOf(othersOf(JOB_GROUPS)), at('properties.job-groups.additionalProperties')],
  [
    'invocation',
    { keys: new Map(Object.entries(INVOCATION_KEYS)) },
    at('definitions.workflowJobInvocation.oneOf.1.additionalProperties'),
  ],
  ...steps(),
])('%s', (name, shape, schemas) => {
  const run = there ? it : it.skip;

  run('permits the keys of the JSON schema, and besides them only what is listed with a reason', () => {
    const theirs = new Set(schemas.flatMap((one) => propertiesOf(one)));
    const ours = [...(shape?.keys.keys() ?? [])];
    expect(theirs.size).toBeGreaterThan(0);
    expect(ours.filter((key) => !theirs.has(key)).toSorted()).toEqual([...(deviations[name] ?? [])].toSorted());
    expect([...theirs].filter((key) => !ours.includes(key)).toSorted()).toEqual([...(left[name] ?? [])].toSorted());
  });
});

function steps(): [string, MapShape | undefined, JsonValue[]][] {
  return [...BUILT_IN_STEPS].flatMap(([name, shape]): [string, MapShape | undefined, JsonValue[]][] => {
    // The schema doesn't know these three; all but `deploy`, which is an old name of run, hold steps only.
    if (['deploy', 'with_tool_cache', 'steps'].includes(name)) return [];
    const index = name === 'when' || name === 'unless' ? 2 : 1;
    return [[`step.${name}`, mapOf(shape), at(`definitions.step.oneOf.${index}.properties.${name}`)]];
  });
}

function job(): JsonValue[] {
  return at('definitions.jobInvocation.oneOf.1.else.else.else.then');
}

function jobPart(path: string): JsonValue[] {
  return at(`definitions.jobInvocation.oneOf.1.else.else.else.then.properties.${path}`);
}

function executorPart(path: string): JsonValue[] {
  return at(`properties.executors.additionalProperties.oneOf.0.properties.${path}`);
}

function mapOf(shape: Shape | undefined): MapShape | undefined {
  return typeof shape?.map === 'function' ? undefined : shape?.map;
}

function othersOf(shape: Shape | undefined): Shape | undefined {
  return mapOf(shape)?.others;
}

function dockerOf(shape: MapShape | undefined): MapShape | undefined {
  return mapOf(shape?.keys.get('docker')?.list);
}

/** The part of the schema at a dotted path; nothing when the schema isn't there. */
function at(path: string): JsonValue[] {
  let part: JsonValue | undefined = schema;
  for (const key of path.split('.')) {
    part = Array.isArray(part) ? part[Number(key)] : isJsonObject(part) ? part[key] : undefined;
  }
  return part === undefined ? [] : [part];
}

/** The names of the properties, of all alternatives too. */
function propertiesOf(part: JsonValue): string[] {
  if (!isJsonObject(part)) return [];
  const { properties, oneOf } = part;
  const alternatives = Array.isArray(oneOf) ? oneOf.flatMap((one) => propertiesOf(one)) : [];
  return [...(isJsonObject(properties) ? Object.keys(properties) : []), ...alternatives];
}
