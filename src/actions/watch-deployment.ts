import type { Inputs, Params } from '../params/declaration.ts';
import { awsParams, recordParams } from './common-params.ts';
import { defineAction } from './define-action.ts';
import { deploymentOutputs, deploymentParam, followParams, markVerifiedParam, serviceParams } from './ecs-params.ts';

const params = {
  ...serviceParams,
  deployment: deploymentParam,
  ...followParams,
  markVerified: { ...markVerifiedParam, default: false },
  ...awsParams,
  ...recordParams,
} as const satisfies Params;

export type WatchInputs = Inputs<typeof params>;
export type WatchOutputs = typeof deploymentOutputs;

export const watchDeployment = defineAction({
  name: 'watch-deployment',
  summary: 'Follow a deployment of an ECS service that was started elsewhere, to the same verdict.',
  details: [
    'Attaches to the given deployment, to the one that this workflow started, or to the one in flight; without any, the newest is judged as it ended.',
    'It changes nothing, except that mark_verified tags the revision.',
  ],
  params,
  outputs: deploymentOutputs,
  surfaces: ['orb-job', 'orb-command', 'cli'],
  awsCalls: [
    'sts:GetCallerIdentity',
    'ecs:DescribeServices',
    'ecs:ListServices',
    'ecs:ListClusters',
    'ecs:ListServiceDeployments',
    'ecs:DescribeServiceDeployments',
    'ecs:DescribeServiceRevisions',
    'ecs:DescribeTaskDefinition',
    'ecs:ListTasks',
    'ecs:DescribeTasks',
    'ecs:TagResource',
    'ecs:UntagResource',
    'logs:GetLogEvents',
    'ecr:GetAuthorizationToken',
    'ecr:DescribeImages',
    'ecr:BatchGetImage',
  ],
  async run(inputs, context) {
    const { watchFromInputs } = await import('./service/watch-from-inputs.ts');
    return watchFromInputs(inputs, context);
  },
});
