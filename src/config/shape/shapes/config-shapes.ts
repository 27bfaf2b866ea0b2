import { EXECUTOR } from './executor-shapes.ts';
import { COMMAND, JOB } from './job-shapes.ts';
import { ANY, FLAG, mapOf, mapShape, TEXT, type MapShape, type Shape } from './shape.ts';
import { JOB_GROUPS, WORKFLOWS } from './workflow-shapes.ts';

/** What a config and an orb both declare. */
const ELEMENTS = {
  version: ANY,
  description: TEXT,
  orbs: mapOf({ scalar: 'String', map: { keys: new Map(), others: ANY } }),
  commands: mapOf(COMMAND),
  jobs: mapOf(JOB),
  executors: mapOf(EXECUTOR),
} satisfies Record<string, Shape>;

export const CONFIG: MapShape = mapShape({
  ...ELEMENTS,
  setup: FLAG,
  parameters: ANY,
  workflows: WORKFLOWS,
  'job-groups': JOB_GROUPS,
  functions: ANY,
  experimental: ANY,
});

export const ORB: MapShape = mapShape({
  ...ELEMENTS,
  display: { map: mapShape({ home_url: TEXT, source_url: TEXT }, { unknown: 'dropped' }) },
  examples: mapOf({ map: mapShape({ description: TEXT, usage: ANY, result: ANY }, { required: ['usage'] }) }),
});
