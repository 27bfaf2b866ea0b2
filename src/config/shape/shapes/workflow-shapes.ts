import { ANY, INTEGER, mapOf, mapShape, TEXT, TEXTS, type Shape } from './shape.ts';
import { STEPS } from './step-shapes.ts';

const NAMES: Shape = { map: mapShape({ only: TEXTS, ignore: TEXTS }) };

/** A map, or an expression. */
const FILTERS: Shape = { scalar: 'String', map: mapShape({ branches: NAMES, tags: NAMES }, { unknown: 'dropped' }) };

const REQUIREMENT: Shape = { scalar: 'String', map: { keys: new Map(), most: 1, others: TEXTS } };

/** What a workflow says of a job; all other keys are arguments of the job. */
export const INVOCATION_KEYS = {
  name: TEXT,
  type: TEXT,
  requires: { scalar: 'String', list: REQUIREMENT },
  upstream: ANY,
  context: TEXTS,
  filters: FILTERS,
  matrix: {
    map: mapShape({ parameters: mapOf(ANY), exclude: { list: mapOf(ANY) }, alias: TEXT }, { unknown: 'dropped' }),
  },
  'pre-steps': STEPS,
  'post-steps': STEPS,
  'serial-group': TEXT,
  'override-with': TEXT,
} satisfies Record<string, Shape>;

const INVOCATION: Shape = {
  scalar: 'String',
  map: { keys: new Map(), most: 1, others: { map: mapShape(INVOCATION_KEYS, { others: ANY }) } },
};

const JOBS: Shape = { list: INVOCATION };

/** That a schedule without filters is refused: CircleCI-Public/circleci-cli#492. */
const SCHEDULE = mapShape(
  { cron: TEXT, filters: { map: mapShape({ branches: NAMES }, { unknown: 'dropped' }) } },
  { required: ['cron', 'filters'] },
);

export const WORKFLOW: Shape = {
  map: mapShape(
    {
      jobs: JOBS,
      when: ANY,
      unless: ANY,
      triggers: { list: { map: mapShape({ schedule: { map: SCHEDULE } }, { required: ['schedule'] }) } },
      max_auto_reruns: INTEGER,
    },
    { required: ['jobs'], unknown: 'dropped' },
  ),
};

export const WORKFLOWS: Shape = { map: mapShape({ version: TEXT }, { others: WORKFLOW }) };

export const JOB_GROUPS: Shape = mapOf({
  map: mapShape({ jobs: JOBS }, { required: ['jobs'], unknown: 'dropped' }),
});
