import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { registerJobDefinition } from './register-job-definition.ts';

/** What a task definition is made of and what changes in it: for every action that brings one out. */
export const taskDefinitionParams = {
  taskDefinition: {
    type: 'path',
    description:
      'Task definition file, JSON or YAML, as "aws ecs register-task-definition --cli-input-json" takes it. Empty: the newest revision is carried forward.',
  },
  image: {
    type: 'list',
    description:
      'Images, CONTAINER=IMAGE a line, or just IMAGE when there is one container; a tag in ECR is resolved to its digest.',
  },
  container: {
    type: 'string',
    description: 'Name of the container that environment and secrets are for. May be left out when there is only one.',
  },
  environment: {
    type: 'map',
    description: 'Environment variables to set in the container, NAME=VALUE a line; others stay as they are.',
  },
  secrets: {
    type: 'map',
    description:
      'Secrets to set in the container, NAME=ARN a line, of Secrets Manager or Parameter Store; others stay.',
  },
  removeEnvironment: {
    type: 'list',
    advanced: true,
    description: 'Environment variables and secrets to remove from the container, one name a line.',
  },
  containers: {
    type: 'json',
    advanced: true,
    description:
      'Changes of several containers, JSON by container name, each with image, environment, secrets, removeEnvironment, cpu, memory, memoryReservation, command or logging.',
  },
  cpu: {
    type: 'string',
    advanced: true,
    pattern: /^(\d+|\d*\.?\d+ ?v?cpu)$/i,
    patternHint: 'CPU units such as 512, or 0.5 vCPU',
    description: 'CPU of the task, in CPU units or as "0.5 vCPU". Empty: as it is.',
  },
  memory: {
    type: 'string',
    advanced: true,
    pattern: /^(\d+|\d*\.?\d+ ?gb)$/i,
    patternHint: 'MiB such as 1024, or 1 GB',
    description: 'Memory of the task, in MiB or as "1 GB". Empty: as it is.',
  },
  tags: { type: 'map', advanced: true, description: 'Tags for the revision, KEY=VALUE a line; others stay.' },
  allowOlder: registerJobDefinition.params.allowOlder,
} as const satisfies Params;

const params = {
  family: {
    type: 'string',
    pattern: /^[A-Za-z0-9_-]{1,255}$/,
    patternHint: 'a name of letters, digits, hyphens and underscores, at most 255, without a revision',
    description: 'Family of the task definition. May be left out when the file says it.',
  },
  ...taskDefinitionParams,
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type RegisterTaskInputs = Inputs<typeof params>;
export type TaskDefinitionInputs = Inputs<typeof taskDefinitionParams>;

const outputs = {
  family: { type: 'string', description: 'Family of the task definition.' },
  taskDefinitionArn: { type: 'string', description: 'ARN of the revision, with its number.' },
  revision: { type: 'integer', description: 'Number of the revision.' },
  images: { type: 'list', description: 'Images of the containers, CONTAINER=IMAGE, by digest where that is known.' },
  definitionHash: registerJobDefinition.outputs.definitionHash,
} as const satisfies Outputs;

export type RegisterTaskOutputs = typeof outputs;

export const registerTaskDefinition = defineAction({
  name: 'register-task-definition',
  summary: 'Register a new revision of an ECS task definition, or say that nothing changed.',
  details: [
    'With task_definition, the file is the whole truth and nothing is merged from AWS. Without, the newest active revision that was not rejected is carried forward whole, and only what is asked for changes.',
    'Images come from the parameters, or from earlier jobs of the same workflow. A revision is registered only when something differs; the diff is printed.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'ecr:GetAuthorizationToken',
    'ecr:DescribeImages',
    'ecs:DescribeTaskDefinition',
    'ecs:ListTaskDefinitions',
    'ecs:ListTaskDefinitionFamilies',
    'ecs:RegisterTaskDefinition',
    'ecs:TagResource',
    'iam:PassRole',
  ],
  async run(inputs, context) {
    const { registerFromInputs } = await import('./task-definition/register-from-inputs.ts');
    return registerFromInputs(inputs, context);
  },
});
