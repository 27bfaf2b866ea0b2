import { ANY, FLAG, INTEGER, mapOf, mapShape, TEXT, TEXTS, type Shape } from './shape.ts';

/** A map, or a list of maps or of texts NAME=value. */
export const ENVIRONMENT: Shape = { ...mapOf(TEXT), scalar: 'String', list: { ...mapOf(TEXT), scalar: 'String' } };

/** What a registry is signed in to with. */
const LOGINS = {
  auth: { map: mapShape({ username: TEXT, password: TEXT }, { required: ['username', 'password'] }) },
  aws_auth: {
    map: mapShape(
      { aws_access_key_id: TEXT, aws_secret_access_key: TEXT, oidc_role_arn: TEXT },
      { oneRequired: [['aws_access_key_id', 'oidc_role_arn']] },
    ),
  },
  gcp_auth: {
    map: mapShape(
      { oidc_service_account: TEXT, workload_identity_pool: TEXT, workload_identity_provider: TEXT },
      { unknown: 'dropped' },
    ),
  },
} satisfies Record<string, Shape>;

const DOCKER: Shape = {
  list: {
    map: mapShape(
      { image: TEXT, name: TEXT, entrypoint: TEXTS, command: TEXTS, user: TEXT, environment: ENVIRONMENT, ...LOGINS },
      { required: ['image'] },
    ),
  },
};

const MACHINE: Shape = {
  scalar: 'Boolean',
  map: mapShape({
    enabled: FLAG,
    image: TEXT,
    docker_layer_caching: FLAG,
    resource_class: TEXT,
    shell: TEXTS,
    code_signing: TEXTS,
  }),
};

const MACOS: Shape = {
  map: mapShape({ xcode: TEXT, resource_class: TEXT, shell: TEXTS, code_signing: TEXTS }, { required: ['xcode'] }),
};

/** What executors and jobs have in common. */
export const EXECUTION = {
  description: TEXT,
  docker: DOCKER,
  machine: MACHINE,
  macos: MACOS,
  parameters: ANY,
  environment: ENVIRONMENT,
  working_directory: TEXT,
  shell: TEXTS,
  resource_class: TEXT,
} satisfies Record<string, Shape>;

export const EXECUTOR: Shape = { scalar: 'String', map: mapShape(EXECUTION) };

/** The settings of a job that an executor can't have. */
export const JOB_SETTINGS = {
  parallelism: INTEGER,
  circleci_ip_ranges: FLAG,
  retention: { map: mapShape({ caches: TEXT }) },
} satisfies Record<string, Shape>;
