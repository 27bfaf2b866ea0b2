import { ENVIRONMENT } from './executor-shapes.ts';
import { ANY, FLAG, INTEGER, mapShape, TEXT, TEXTS, type MapShape, type Shape } from './shape.ts';

export const STEP: Shape = { step: true };
export const STEPS: Shape = { list: STEP };

/** Every step may have these; the JSON schema knows them for some steps only. */
const COMMON = { name: TEXT, when: TEXT };

const RUN = options(
  {
    ...COMMON,
    command: TEXT,
    shell: TEXTS,
    environment: ENVIRONMENT,
    background: FLAG,
    working_directory: TEXT,
    no_output_timeout: TEXT,
    max_auto_reruns: INTEGER,
    auto_rerun_delay: TEXT,
  },
  { required: ['command'] },
);

/** One step need not be in a list here: gotestyourself/gotestsum was built and released so for years. */
const CONDITIONAL: Shape = {
  map: mapShape({ condition: ANY, steps: { ...STEPS, orOne: true } }, { required: ['condition', 'steps'] }),
};

/**
 * The steps that CircleCI runs itself, with their options. It doesn't refuse options that it doesn't know, but drops them
 * (openSteps in jsonschema.go of its language server); in `when` and `unless` it does refuse them
 * (CircleCI-Public/docker-orb#68).
 */
export const BUILT_IN_STEPS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['run', { scalar: 'String', ...RUN }],
  ['deploy', { scalar: 'String', ...RUN }],
  ['checkout', { scalar: 'String', ...options({ ...COMMON, path: TEXT, method: TEXT, depth: INTEGER }) }],
  [
    'setup_remote_docker',
    {
      scalar: 'String',
      ...options({ ...COMMON, version: TEXT, docker_layer_caching: FLAG, prefer_same_region: FLAG }),
    },
  ],
  ['save_cache', options({ ...COMMON, key: TEXT, paths: TEXTS }, { required: ['key', 'paths'] })],
  ['restore_cache', options({ ...COMMON, key: TEXT, keys: TEXTS }, { oneRequired: [['key', 'keys']] })],
  ['store_artifacts', options({ ...COMMON, path: TEXT, destination: TEXT }, { required: ['path'] })],
  ['store_test_results', options({ ...COMMON, path: TEXT }, { required: ['path'] })],
  [
    'persist_to_workspace',
    options(
      { ...COMMON, root: TEXT, paths: TEXTS, path: TEXTS },
      { required: ['root'], oneRequired: [['paths', 'path']] },
    ),
  ],
  ['attach_workspace', options({ ...COMMON, at: TEXT }, { required: ['at'] })],
  ['add_ssh_keys', { scalar: 'String', ...options({ ...COMMON, fingerprints: TEXTS }) }],
  ['when', CONDITIONAL],
  ['unless', CONDITIONAL],
  ['with_tool_cache', { map: mapShape({ steps: STEPS }, { others: ANY }) }],
  ['steps', STEPS],
]);

/** The built-in steps that may stand without options. */
export const NEEDS_NOTHING: ReadonlySet<string> = new Set(['checkout', 'setup_remote_docker', 'add_ssh_keys']);

function options(
  keys: Readonly<Record<string, Shape>>,
  rest: Omit<MapShape, 'keys' | 'unknown'> = {},
): { map: MapShape } {
  return { map: mapShape(keys, { ...rest, unknown: 'dropped' }) };
}
