import type { BooleanParameter, ExecutorParameter, StepsParameter, StringParameter } from './orb-model.ts';

/** Parameters that belong to CircleCI's side of a step or job and never reach the CLI. */

export const noOutputTimeout: StringParameter = {
  name: 'no_output_timeout',
  type: 'string',
  default: '30m',
  description: 'How long the step may print nothing before CircleCI ends it, such as 90s, 30m or 1h.',
};

export const executor: ExecutorParameter = {
  name: 'executor',
  type: 'executor',
  default: 'default',
  description:
    'Where the job runs. Another executor needs Node, curl and tar, and for Docker builds the docker command.',
};

export const auth: StepsParameter = {
  name: 'auth',
  type: 'steps',
  default: [],
  description:
    'Steps that give the job its AWS identity, such as assume_role. When empty, the keys or profile in the environment are used.',
};

export const checkout: BooleanParameter = {
  name: 'checkout',
  type: 'boolean',
  default: true,
  description: 'Check the repository out first. Turn it off when pre-steps bring the files.',
};

export const remoteDocker: BooleanParameter = {
  name: 'remote_docker',
  type: 'boolean',
  default: true,
  description:
    'Start a Docker engine for the job. Turn it off on a machine executor, and for the embedded builder, which needs none.',
};

/** Jobs that can use what earlier jobs left attach by default; for the others there is nothing to fetch. */
export function attachWorkspace(byDefault: boolean): BooleanParameter {
  return {
    name: 'attach_workspace',
    type: 'boolean',
    default: byDefault,
    description: 'Fetch the release record, in which earlier jobs of the workflow say what they built and uploaded.',
  };
}
