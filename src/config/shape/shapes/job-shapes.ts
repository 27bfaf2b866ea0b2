import { stringOf, type MapNode } from '../../node.ts';
import { mayHoldTag } from '../../parameters/value-type.ts';
import { EXECUTION, JOB_SETTINGS } from './executor-shapes.ts';
import { ANY, mapShape, TEXT, type MapShape, type Shape } from './shape.ts';
import { STEPS } from './step-shapes.ts';

export const JOB_TYPES = ['build', 'release', 'lock', 'unlock', 'approval', 'no-op'] as const;

const TYPE: Shape = { scalar: 'String', values: JOB_TYPES };

export const BUILD_JOB: MapShape = mapShape(
  {
    ...EXECUTION,
    type: TYPE,
    executor: { scalar: 'String', map: mapShape({ name: TEXT }, { required: ['name'], others: ANY }) },
    steps: STEPS,
    ...JOB_SETTINGS,
    branches: ANY,
  },
  { required: ['steps'] },
);

/** Jobs that run no steps take whatever there is besides what they need. */
const OTHER_JOBS: ReadonlyMap<string, MapShape> = new Map([
  ['release', mapShape({ type: TYPE, plan_name: TEXT }, { required: ['plan_name'], others: ANY })],
  ['lock', mapShape({ type: TYPE, key: TEXT }, { required: ['key'], others: ANY })],
  ['unlock', mapShape({ type: TYPE, key: TEXT }, { required: ['key'], others: ANY })],
  ['approval', mapShape({ type: TYPE }, { others: ANY })],
  ['no-op', mapShape({ type: TYPE }, { others: ANY })],
]);

const UNKNOWN_TYPE: MapShape = mapShape({ type: TYPE }, { others: ANY });

/** A job; a text is the name of a job of an orb. */
export const JOB: Shape = { scalar: 'String', map: jobShape };

function jobShape(node: MapNode): MapShape {
  const type = node.entries.get('type')?.value;
  if (type === undefined) return BUILD_JOB;
  if (mayHoldTag(type)) return UNKNOWN_TYPE;
  const name = stringOf(type) ?? '';
  return name === 'build' ? BUILD_JOB : (OTHER_JOBS.get(name) ?? UNKNOWN_TYPE);
}

export const COMMAND: Shape = {
  scalar: 'String',
  map: mapShape({ description: TEXT, parameters: ANY, steps: STEPS }, { required: ['steps'] }),
};
