import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { serviceParams } from './ecs-params.ts';

const params = {
  cluster: serviceParams.cluster,
  taskDefinition: {
    type: 'string',
    pattern: /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/)?[A-Za-z0-9_-]{1,255}(:\d+)?$/,
    patternHint: 'a family, family:revision or the ARN of a revision',
    description:
      'What to run: a family (its newest revision), family:revision or ARN. Empty: what this workflow registered, else what the service runs.',
  },
  service: {
    type: 'string',
    pattern: serviceParams.service.pattern,
    patternHint: serviceParams.service.patternHint,
    description:
      'Run it as this service runs its tasks: same network, launch type or capacity providers and platform version. Other parameters win.',
  },
  container: {
    type: 'string',
    description:
      'Container that command and environment are for, and whose exit code counts. Empty: the only one, or the only essential one.',
  },
  command: { type: 'list', description: 'Command to run instead of its own, one word a line or a JSON array.' },
  environment: {
    type: 'map',
    description: 'Environment variables to set for this run, NAME=VALUE a line; others stay as they are.',
  },
  subnets: { type: 'list', description: 'Subnets of the task, one id a line. Empty: those of the service.' },
  securityGroups: {
    type: 'list',
    description: 'Security groups of the task, one id a line. Empty: those of the service.',
  },
  assignPublicIp: {
    type: 'enum',
    values: ['keep', 'enabled', 'disabled'],
    default: 'keep',
    description: 'Whether the task gets a public address; keep: as the service has it, else not.',
  },
  launchType: {
    type: 'enum',
    values: ['keep', 'FARGATE', 'EC2', 'EXTERNAL'],
    default: 'keep',
    description: 'Where it runs; keep: as the service, else as the cluster decides.',
  },
  capacityProviderStrategy: {
    type: 'json',
    advanced: true,
    description: 'Capacity providers in the place of a launch type, JSON as RunTask takes it.',
  },
  platformVersion: { type: 'string', advanced: true, description: 'Fargate platform version, such as LATEST.' },
  count: { type: 'integer', default: 1, min: 1, max: 10, advanced: true, description: 'How many tasks to run.' },
  overrides: {
    type: 'json',
    advanced: true,
    description: 'Further overrides, JSON as RunTask takes them, such as cpu, memory or taskRoleArn.',
  },
  wait: {
    type: 'boolean',
    default: true,
    description: 'Follow the task to its end and fail when it fails. Without, starting it is success.',
  },
  logs: {
    type: 'list',
    description: 'Containers whose log is shown, one a line. Empty: the container that counts.',
  },
  timeout: { type: 'duration', default: '30m', description: 'Longest time for the whole wait.' },
  pollInterval: {
    type: 'duration',
    default: '5s',
    advanced: true,
    description: 'Pause between two looks at the task, at least 1s.',
  },
  onTimeout: {
    type: 'enum',
    values: ['stop', 'leave'],
    default: 'stop',
    advanced: true,
    description: 'What happens to the task when its time is over: stop it, or let it run.',
  },
  onCancel: {
    type: 'enum',
    values: ['stop', 'leave'],
    default: 'stop',
    advanced: true,
    description: 'The same for when this step is canceled.',
  },
  idempotencyKey: {
    type: 'string',
    advanced: true,
    description:
      'The same key is the same run: it is found again and followed instead of started once more. When empty: CIRCLE_WORKFLOW_JOB_ID, which is the same for automatic reruns of a step and new for a rerun by hand.',
  },
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type RunTaskInputs = Inputs<typeof params>;

const outputs = {
  taskArns: { type: 'list', description: 'ARNs of the tasks.' },
  taskDefinitionArn: { type: 'string', description: 'ARN of the revision that ran.' },
  taskStatus: { type: 'string', description: 'SUCCEEDED or FAILED; GOING when it was not waited for.' },
  exitCode: { type: 'integer', description: 'Exit code of the container that counts: the first that is not 0.' },
  stoppedReason: { type: 'string', description: 'Why the task stopped, as ECS says it.' },
  logLink: { type: 'string', description: 'Address of the log in the AWS console.' },
} as const satisfies Outputs;

export type RunTaskOutputs = typeof outputs;

export const runTask = defineAction({
  name: 'run-task',
  summary: 'Run a task on ECS once, such as a database migration, with its log, and end as it ended.',
  details: [
    'A task that could not be placed, that stopped before its container ran, or whose container ended with another exit code than 0 fails the step. Exit code and reason are told with the last lines of the log.',
    'What ECS has no place for is exit code 4 when nothing ran at all: it may be run again. A task that ran and failed is exit code 10, and so is a run of several tasks of which some could not be placed. A task that somebody stopped has failed, also when its container exits with 0 then.',
    'A step that CircleCI runs again by itself follows the task that it started before; rerunning by hand starts a new one. ECS knows tasks for about an hour after they have stopped.',
    'What environment and overrides set is sent to ECS and kept nowhere else, neither in results nor in the commands that are printed.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'ecs:DescribeTaskDefinition',
    'ecs:ListTaskDefinitionFamilies',
    'ecs:DescribeServices',
    'ecs:ListServices',
    'ecs:ListClusters',
    'ecs:ListTasks',
    'ecs:DescribeTasks',
    'ecs:RunTask',
    'ecs:StopTask',
    'logs:GetLogEvents',
    'iam:PassRole',
  ],
  async run(inputs, context) {
    const { runFromInputs } = await import('./task-run/run-from-inputs.ts');
    return runFromInputs(inputs, context);
  },
});
