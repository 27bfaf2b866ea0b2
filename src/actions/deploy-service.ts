import type { Inputs, Outputs, Params } from '../params/declaration.ts';
import { changeParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { deploymentOutputs, followParams, leaveParams, markVerifiedParam, serviceParams } from './ecs-params.ts';
import { registerTaskDefinition, taskDefinitionParams } from './register-task-definition.ts';

const params = {
  ...serviceParams,
  ...taskDefinitionParams,
  taskDefinitionArn: {
    type: 'string',
    pattern: /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/)?[A-Za-z0-9_-]{1,255}:\d+$/,
    patternHint: 'family:revision, or the ARN of a revision',
    description: 'Deploy this revision as it is, family:revision or ARN; nothing is registered.',
  },
  createFrom: {
    type: 'path',
    description:
      'Service file, JSON or YAML, as "aws ecs create-service --cli-input-json" takes it: creates the service when there is none. One that is there is not changed by it.',
  },
  forceNewDeployment: {
    type: 'boolean',
    default: false,
    description: 'Start new tasks also when nothing has changed.',
  },
  // Text, because an orb has no other way to say that an integer from 0 was not given.
  desiredCount: {
    type: 'string',
    advanced: true,
    pattern: /^\d{1,6}$/,
    patternHint: 'a number from 0',
    description: 'How many tasks the service is to run. Empty: left alone, as autoscaling may have set it.',
  },
  deploymentConfiguration: {
    type: 'json',
    advanced: true,
    description: 'deploymentConfiguration of the service, JSON as UpdateService takes it. Empty: as it is.',
  },
  ...followParams,
  ...leaveParams,
  markVerified: markVerifiedParam,
  ...changeParams,
  ...recordParams,
} as const satisfies Params;

export type DeployInputs = Inputs<typeof params>;

const outputs = {
  ...deploymentOutputs,
  previousTaskDefinitionArn: { type: 'string', description: 'ARN of the revision that the service had before.' },
  images: registerTaskDefinition.outputs.images,
} as const satisfies Outputs;

export type DeployOutputs = typeof outputs;

export const deployService = defineAction({
  name: 'deploy-service',
  summary: 'Deploy a revision to an ECS service and say how that deployment ended, proven by what its tasks run.',
  details: [
    'Works with rolling updates and with the blue/green, linear and canary strategies of ECS. The deployment that this call started is followed by its id to its end: success is that it succeeded and that the running tasks report what was deployed.',
    'Without parameters for it, the revision or the images of earlier jobs of the same workflow are deployed. When the service runs that already, nothing is started.',
    'A higher revision of the same family that somebody else has deployed meanwhile is never replaced (exit code 11), except with task_definition_arn or allow_older.',
    'When the time is over or the step is canceled, the deployment goes on unless on_timeout or on_cancel says otherwise; what follows it again and what undoes it is printed.',
  ],
  params,
  outputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    ...registerTaskDefinition.awsCalls,
    'ecs:DescribeServices',
    'ecs:ListServices',
    'ecs:ListClusters',
    'ecs:CreateService',
    'ecs:UpdateService',
    'ecs:ListServiceDeployments',
    'ecs:DescribeServiceDeployments',
    'ecs:DescribeServiceRevisions',
    'ecs:StopServiceDeployment',
    'ecs:ListTasks',
    'ecs:DescribeTasks',
    'ecs:UntagResource',
    'logs:GetLogEvents',
    'ecr:BatchGetImage',
  ],
  async run(inputs, context) {
    const { deployFromInputs } = await import('./service-deploy/from-inputs.ts');
    return deployFromInputs(inputs, context);
  },
});
